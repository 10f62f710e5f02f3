// The properties of an activation, its values and its derivatives.
import { networkEngine } from '../engine/engines'
import { toJson } from '../errors'
import { activation } from '../layers/activation'
import type { Activation } from '../layers/activations'
import { toVector } from '../tensor'

/** An activation f. For parametric ReLU and custom formulas `range`, `bound` and `kinks` are undefined. */
export interface ActivationFacts {
  /** The range of f. */
  range: [least: number, largest: number] | undefined
  /** The supremum of |f′|; for softmax with respect to a unit's own net input. */
  bound: number | undefined
  /** The places where f has no derivative; `derivative` is the one from the left there. */
  kinks: number[] | undefined
  /** f at the given places, in 32 bits; NaN if f has no value there, such as x·σ(x) at −∞. */
  value: Float32Array
  /** f′ at the given places, as backpropagation computes it; undefined for softmax and logSoftmax, which are functions of all places together. */
  derivative: Float32Array | undefined
}

/**
 * The properties of an activation, and its values and derivatives at some places, computed as in any network. A place may
 * be infinite.
 *
 * @example const { value, derivative, range } = await describeActivation('tanh', [-1, 0, 1])
 */
export async function describeActivation(
  kind: Activation,
  at: readonly number[] = [],
): Promise<ActivationFacts> {
  const layer = activation(kind)
  const places = Float32Array.from(toVector('describeActivation', 'at', at))
  const json = toJson('activation', layer.activation)
  const { value, derivative, properties } = await (await networkEngine()).ask('describeActivation', [
    json,
    places,
  ])
  const apart = kind !== 'softmax' && kind !== 'logSoftmax'
  return {
    range: properties?.range,
    bound: properties?.bound,
    kinks: properties?.kinks,
    value,
    derivative: apart ? derivative : undefined,
  }
}
