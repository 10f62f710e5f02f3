// The values of a training step and of a gradient check, layer by layer.
import type { Description, StepTrace, TensorCheck, TensorInfo } from '../engine/protocol'
import { Output, type Tensor } from '../tensor'

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

/** Sorts the values of a step of `samples` samples by layer. */
export function toTrace(step: StepTrace, { layers, tensors }: Description, samples: number): Trace {
  const traced = layers.map(({ name, output }, i): LayerTrace => {
    const shape = [samples, ...output]
    const { net, a, delta } = step.layers[i]!
    return { name, net: new Output(net, shape), a: new Output(a, shape), delta: new Output(delta, shape) }
  })
  const all = { dEd: step.gradient, d: step.step, previousD: step.previous }
  for (const [what, values] of Object.entries(all)) {
    let from = 0
    for (const { name, shape, size } of tensors.filter(({ trained }) => trained)) {
      const [layer, part] = split(name)
      const symbol = { weight: 'w', bias: 'b' }[part] ?? part
      const value = new Output(values.slice(from, from + size), shape)
      Object.assign(traced.find((own) => own.name === layer)!, { [what + symbol]: value })
      from += size
    }
  }
  return { layers: traced, loss: step.loss }
}

/** Sorts the checks of the tensors by layer. */
export function toCheck(checks: readonly TensorCheck[], tensors: readonly TensorInfo[]): GradientCheck {
  const layers: LayerCheck[] = []
  tensors.forEach(({ name: tensor }, i) => {
    const { checked, error, index, gradient: backpropagation, difference } = checks[i]!
    const [name] = split(tensor)
    const worst = { tensor, index, backpropagation, difference }
    const layer = layers.find((own) => own.name === name)
    if (!layer) layers.push({ name, maxRelativeError: error, checked, worst })
    else {
      layer.checked += checked
      if (error > layer.maxRelativeError) Object.assign(layer, { maxRelativeError: error, worst })
    }
  })
  return { ok: layers.every(({ maxRelativeError }) => maxRelativeError <= TOLERANCE), layers }
}
