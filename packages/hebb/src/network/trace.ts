// The values of a training step and of a gradient check, layer by layer, from the engine's flat lists.
import type { Description, TensorInfo } from '../engine/protocol'
import { Output, size, type Tensor } from '../tensor'

/**
 * A layer in a training step, with the symbols of the course notes. With {@link delta} the change of a unit's weight is
 * Δw = ε·Σ δ·a, where a belongs to the layer before, summed over the samples.
 */
export interface LayerTrace {
  name: string
  /** The net input of the activation, `[N, …]`. */
  net: Output
  /** The activation: the layer's output. */
  a: Output
  /** δ = −∂E/∂net: (t − a)·a·(1 − a) for a sigmoid output and ½Σ(t − a)², a·(1 − a)·Σ δ·w for a hidden unit. */
  delta: Output
  /** ∂E/∂w of the layer's own weights. */
  dEdw?: Tensor
  /** Δw that the optimizer would add: with momentum −ε·∂E/∂w + α·Δw(t − 1). */
  dw?: Tensor
  /** Δw(t − 1), the previous step; zeros before the first step and for another optimizer. */
  previousDw?: Tensor
  /** The same for the biases. */
  dEdb?: Tensor
  db?: Tensor
  previousDb?: Tensor
}

/** All values of a training step. */
export interface Trace {
  layers: LayerTrace[]
  /** E, the loss of the batch. */
  loss: number
}

/** The comparison of a layer's gradient with finite differences. */
export interface LayerCheck {
  name: string
  /** The largest difference, minus the rounding error of f32, relative to the largest gradient of the tensor; Infinity if a gradient is NaN. */
  maxRelativeError: number
  /** The number of parameters that were checked. */
  checked: number
  /** The parameter with the largest difference: its tensor, its index there, and both gradients. */
  worst: { tensor: string; index: number; backpropagation: number; difference: number }
}

/** The comparison of the gradient with finite differences. */
export interface GradientCheck {
  /** Whether the error of every layer is at most 1 %; false if a gradient is NaN. */
  ok: boolean
  layers: LayerCheck[]
}

const TOLERANCE = 0.01

/** Splits `dense1.weight` into layer and part. */
function split(tensor: string): [layer: string, part: string] {
  const dot = tensor.lastIndexOf('.')
  return [tensor.slice(0, dot), tensor.slice(dot + 1)]
}

/** Sorts [loss; net, a and δ of each layer; ∂E/∂w; Δw; previous Δw] by layer. */
export function toTrace(values: Float64Array, { layers, tensors }: Description, samples: number): Trace {
  let at = 1
  const take = (shape: readonly number[]) => {
    const from = at
    at += size(shape)
    return new Output(Float32Array.from(values.subarray(from, at)), shape)
  }
  const traced = layers.map(({ name, output }): LayerTrace => {
    const shape = [samples, ...output]
    return { name, net: take(shape), a: take(shape), delta: take(shape) }
  })
  for (const what of ['dEd', 'd', 'previousD']) {
    for (const { name, shape } of tensors.filter(({ trained }) => trained)) {
      const [layer, part] = split(name)
      const symbol = { weight: 'w', bias: 'b' }[part] ?? part
      Object.assign(traced.find((own) => own.name === layer)!, { [what + symbol]: take(shape) })
    }
  }
  return { layers: traced, loss: values[0]! }
}

/** Sorts [checked, error, index, gradient, difference] of each tensor by layer. */
export function toCheck(values: Float64Array, tensors: readonly TensorInfo[]): GradientCheck {
  const layers: LayerCheck[] = []
  tensors.forEach(({ name: tensor }, i) => {
    const [checked, error, index, backpropagation, difference] = values.subarray(5 * i) as unknown as number[]
    const [name] = split(tensor)
    const worst = { tensor, index: index!, backpropagation: backpropagation!, difference: difference! }
    const layer = layers.find((own) => own.name === name)
    if (!layer) layers.push({ name, maxRelativeError: error!, checked: checked!, worst })
    else {
      layer.checked += checked!
      if (error! > layer.maxRelativeError) Object.assign(layer, { maxRelativeError: error, worst })
    }
  })
  return { ok: layers.every(({ maxRelativeError }) => maxRelativeError <= TOLERANCE), layers }
}
