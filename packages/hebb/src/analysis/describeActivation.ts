// What is known of an activation, and what it and its derivative are.
import { engine } from '../engine/engine'
import { toJson } from '../errors'
import { activation } from '../layers/activation'
import type { Activation } from '../layers/activations'
import { toVector } from '../tensor'

/** An activation f. Of parametric ReLU and of formulas of one's own `range`, `bound` and `kinks` are undefined. */
export interface ActivationFacts {
  /** No value lies outside. */
  range: [least: number, largest: number] | undefined
  /** |f′| is nowhere larger, and comes as near as one likes; of softmax by a unit's own net input. */
  bound: number | undefined
  /** Where f has no derivative; there `derivative` is the one from the left. */
  kinks: number[] | undefined
  /** f at the places asked for, in 32 bits; NaN where it has no value, as x·σ(x) at −∞. */
  value: Float32Array
  /** f′ there, as backpropagation has it, NaN where that has no value; undefined for softmax and logSoftmax, which are functions of all places at once. */
  derivative: Float32Array | undefined
}

/**
 * What is known of an activation, its values and derivatives at some places, computed as in any network. A place may be
 * infinite.
 *
 * @example const { value, derivative, range } = await describeActivation('tanh', [-1, 0, 1])
 */
export async function describeActivation(
  kind: Activation,
  at: readonly number[] = [],
): Promise<ActivationFacts> {
  const layer = activation(kind)
  const places = Float32Array.from(toVector('describeActivation', 'at', at))
  const { length } = places
  const known = await (await engine()).ask('activationFacts', [
    toJson('activation', layer.activation),
    places,
  ])
  const [value, derivative] = [0, 1].map((i) =>
    Float32Array.from(known.subarray(i * length, (i + 1) * length)),
  )
  const [least, largest, bound, ...kinks] = known.subarray(2 * length)
  const apart = kind !== 'softmax' && kind !== 'logSoftmax'
  return {
    range: least === undefined ? undefined : [least, largest!],
    bound,
    kinks: bound === undefined ? undefined : kinks,
    value: value!,
    derivative: apart ? derivative : undefined,
  }
}
