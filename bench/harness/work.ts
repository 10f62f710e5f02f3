// The benchmark's work and its numbers, which are formulas, so that every language computes the same ones. No file is
// read, and nothing here needs Node: pages load it too.

/** C = A·B of f32, A `[m, k]` and B `[k, n]`. */
export interface Gemm {
  kind: 'gemm'
  m: number
  k: number
  n: number
}

/** A convolution `[batch, channels, size, size]` → `[batch, filters, …]`, or one of its gradients. */
export interface Conv {
  kind: 'conv'
  part: 'forward' | 'dX' | 'dW'
  batch: number
  channels: number
  size: number
  filters: number
  kernel: number
  stride: number
  padding: number
}

/** The height and width of a convolution's output. */
export function outputSize({ size, kernel, stride, padding }: Conv): number {
  return Math.floor((size + 2 * padding - kernel) / stride) + 1
}

/** The operations of a product or a convolution. */
export function multiplyAdds(work: Gemm | Conv): number {
  if (work.kind === 'gemm') return work.m * work.k * work.n
  const { batch, channels, filters, kernel } = work
  return batch * filters * outputSize(work) ** 2 * channels * kernel ** 2
}

/** A convolution's samples, its weights, and the gradient of its output if needed. */
export function operands(conv: Conv): { x: Float32Array; w: Float32Array; dy: Float32Array } {
  const { batch, channels, size, filters, kernel } = conv
  return {
    x: fill(batch * channels * size * size, 1),
    w: fill(filters * channels * kernel * kernel, 2),
    dy: fill(batch * filters * outputSize(conv) ** 2, 3),
  }
}

/** The machine's peak: independent multiply–adds, or reading more than the caches hold. */
export interface Peak {
  kind: 'peak'
  what: 'madds' | 'read'
}

/** Number of f32 values to read. */
export const READ_VALUES = 2 ** 25

/**
 * Steps of SGD with momentum, predictions, or time steps of one sample whose state is carried on, of a network given by its
 * layers.
 */
export interface Model {
  kind: 'train' | 'infer' | 'stream'
  batch: number
  /** The shape of one sample. */
  input: readonly number[]
  layers: readonly Layer[]
  /** How many samples are trained on. Default: {@link SAMPLES}. */
  samples?: number
  /** In the calling thread, for engines that have a separate one. */
  here?: boolean
}

export type Work = Gemm | Conv | Peak | Model

export type Activation = 'relu' | 'tanh' | 'none'

export type Layer =
  | {
      type: 'conv'
      filters: number
      channels: number
      kernel: number
      /** Default 1. */
      stride?: number
      padding: number
      activation: Activation
    }
  /** Windows of 2 × 2 side by side, or of 3 × 3, two apart. */
  | { type: 'pool'; pool: 'max' | 'average'; kernel?: 2 | 3 }
  | { type: 'flatten'; shape: readonly [number, number, number] }
  | { type: 'dense'; units: number; inputs: number; activation: Activation }
  /** The last state of a sequence. */
  | { type: 'recurrent'; cell: Cell; units: number; inputs: number }

/** The rows per unit of the weights of recurrent layers. */
export const GATES = { rnn: 1, gru: 3, lstm: 4 }
export type Cell = keyof typeof GATES

export const LEARNING_RATE = 0.01
export const MOMENTUM = 0.9
/** Training steps, or time steps of a stream, before the results are compared. */
export const CHECKED_STEPS = 3
/** Samples to train on, unless the model says otherwise. */
export const SAMPLES = 2048

/** Pseudo-random numbers in [−½, ½). */
export function fill(length: number, seed: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => ((i * 7919 + seed * 104729) % 1009) / 1009 - 0.5)
}

/** The shapes of the parameters, weight and bias alternately: conv OIHW, dense `[units, inputs]`; recurrent as in PyTorch. */
export function shapes({ layers }: Model): number[][] {
  return layers.flatMap((layer) => {
    if (layer.type === 'recurrent') {
      const { cell, units, inputs } = layer
      const rows = GATES[cell] * units
      return [[rows, inputs], [rows, units], [rows], [rows]]
    }
    if (layer.type === 'conv') {
      const { filters, channels, kernel } = layer
      return [[filters, channels, kernel, kernel], [filters]]
    }
    return layer.type === 'dense' ? [[layer.units, layer.inputs], [layer.units]] : []
  })
}

/** The parameters: uniform within ±1/√inputs, as PyTorch's defaults. */
export function parameters(model: Model): { shape: number[]; data: Float32Array }[] {
  let inputs = 1
  return shapes(model).map((shape, index) => {
    if (shape.length > 1) inputs = size(shape.slice(1))
    const scale = 2 / Math.sqrt(inputs)
    return { shape, data: fill(size(shape), index + 1).map((value) => value * scale) }
  })
}

/** Samples in [0, 1). */
export function samples(model: Model, count: number): Float32Array {
  return fill(count * size(model.input), 0).map((value) => value + 0.5)
}

/** One of ten classes for each sample. */
export function classes(count: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: count }, (_, i) => ((i * 7919) % 1009) % 10)
}

/** Sixteen values spread over a result: enough to compare it. */
export function probe(values: ArrayLike<number>): number[] {
  return Array.from({ length: 16 }, (_, i) => values[Math.floor((i * values.length) / 16)]!)
}

/** How many values a shape holds. */
export function size(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1)
}
