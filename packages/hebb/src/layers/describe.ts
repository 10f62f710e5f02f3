// What is known of an activation, and what it and its derivative are.
import { engine } from '../engine/engine'
import { toJson } from '../errors'
import { loss } from '../losses/own'
import { Network } from '../network'
import { toVector } from '../tensor'
import { activation } from './activation'
import type { Activation } from './activations'

/** An activation f. Of parametric ReLU and of formulas of one's own `range`, `bound` and `kinks` are undefined. */
export interface ActivationFacts {
  /** No value lies outside. */
  range: [least: number, largest: number] | undefined
  /** |f′| is nowhere larger, and comes as near as one likes; of softmax by a unit's own net input. */
  bound: number | undefined
  /** Where f has no derivative; there `derivative` is the one from the left. */
  kinks: number[] | undefined
  /** f at the places asked for. */
  value: Float32Array
  /** f′ there, as backpropagation has it; undefined for softmax and logSoftmax, which are functions of all places at once. */
  derivative: Float32Array | undefined
}

/**
 * What is known of an activation, its values and derivatives at some places, computed as in any network.
 *
 * @example const { value, derivative, range } = await describeActivation('tanh', [-1, 0, 1])
 */
export async function describeActivation(
  kind: Activation,
  at: readonly number[] = [],
): Promise<ActivationFacts> {
  const layer = activation(kind)
  const places = toVector('describeActivation', 'at', at)
  const known = await (await engine()).ask('activationFacts', [toJson('activation', layer.activation)])
  const [least, largest, bound, ...kinks] = known
  const facts = known.length > 0 && { range: [least!, largest!] as [number, number], bound, kinks }
  const values = { value: new Float32Array(), derivative: new Float32Array() }
  if (places.length > 0) {
    const shape = [1, places.length]
    const x = { data: places, shape }
    const net = await Network.create({ input: [places.length], seed: 0, layers: [layer] })
    try {
      // Of E = −Σ a, δ = −∂E/∂net is f′.
      const trace = net.trace(x, x, { loss: loss((a) => a.negative()) })
      const { a, delta } = (await trace).layers[0]!
      Object.assign(values, { value: a.data, derivative: delta.data })
    } finally {
      net.dispose()
    }
  }
  const apart = kind !== 'softmax' && kind !== 'logSoftmax'
  const none = { range: undefined, bound: undefined, kinks: undefined }
  return { ...none, ...facts, ...values, derivative: apart ? values.derivative : undefined }
}
