// A training step laid open, and the gradient checked: what the engine answers, layer by layer.
import type { Description, TensorInfo } from '../engine/protocol'
import { Output, size, type Tensor } from '../tensor'

/**
 * A layer in a training step, by the symbols of the course notes. Behind {@link delta} a unit's change is Δw = ε·Σ δ·a of
 * the layer before, summed over the samples.
 */
export interface LayerTrace {
  name: string
  /** The net input of the activation, `[N, …]`: before the sum of weighted inputs becomes an activation. */
  net: Output
  /** The activation: what the layer hands on. */
  a: Output
  /** δ = −∂E/∂net: (t − a)·a·(1 − a) of a sigmoid output and ½Σ(t − a)², Σ δ·w·a·(1 − a) of a hidden unit. */
  delta: Output
  /** ∂E/∂w of the layer's own weights. */
  dEdw?: Tensor
  /** Δw, which the optimizer would add now: −ε·∂E/∂w + α·Δw(t − 1) with momentum. */
  dw?: Tensor
  /** Δw(t − 1), the optimizer's step before; zeros before its first, and where it is another optimizer. */
  previousDw?: Tensor
  /** The same of the biases. */
  dEdb?: Tensor
  db?: Tensor
  previousDb?: Tensor
}

/** A training step laid open. */
export interface Trace {
  layers: LayerTrace[]
  /** E, the loss of the batch. */
  loss: number
}

/** What the comparison of a layer's gradient came to. */
export interface LayerCheck {
  name: string
  /** The largest difference, less what f32 cannot tell, relative to the largest gradient of the tensor; Infinity if a gradient is NaN. */
  maxRelativeError: number
  /** How many parameters were moved. */
  checked: number
  /** The parameter with that difference: its tensor, its place there, and both gradients. */
  worst: { tensor: string; index: number; backpropagation: number; difference: number }
}

/** What the comparison came to. */
export interface GradientCheck {
  /** Whether every layer's error is at most 1 %; never if a gradient is NaN. */
  ok: boolean
  layers: LayerCheck[]
}

const TOLERANCE = 0.01

/** `dense1.weight` as its layer and part. */
function split(tensor: string): [layer: string, part: string] {
  const dot = tensor.lastIndexOf('.')
  return [tensor.slice(0, dot), tensor.slice(dot + 1)]
}

/** [loss, net, a and δ of each layer, ∂E/∂w, Δw, Δw before], by layer. */
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

/** [checked, error, index, gradient, difference] of each tensor, by layer. */
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
