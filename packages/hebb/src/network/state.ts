// The states that recurrent layers carry from one prediction to the next.
import { checkNames, isNamed, type NamedInput, type NamedShape } from '../data/named'
import { HebbError, shown } from '../errors'
import type { Input } from '../tensor'
import { type FlatInput, toFlatInput } from './input'

/**
 * The state of each recurrent layer, by the layer's name, and c of an LSTM by `<name>.c`: `[N, units]` for samples `[N, …]`,
 * `[units]` for one sample.
 */
export type State = Readonly<Record<string, Input>>

/** Packs the states of some samples for the engine, `[samples, values of all states]`; `{}` is `initial`, or zeros. */
export function packStates(
  state: NamedInput,
  own: readonly NamedShape[],
  { samples, batch }: FlatInput,
  initial?: Float32Array,
): Float32Array {
  const [first] = own
  if (!first) throw new HebbError('option', 'state: the network has no recurrent layer')
  if (!isNamed(state)) {
    throw new HebbError('option', `state must be states by the names of layers, got ${shown(state)}`)
  }
  const given = Object.keys(state)
  if (given.length === 0) {
    const all = new Float32Array(samples * own.reduce((sum, [, [n]]) => sum + n!, 0))
    for (let at = 0; initial && at < all.length; at += initial.length) all.set(initial, at)
    return all
  }
  const names = own.map(([name]) => name)
  checkNames(given, names, 'states')
  const flat = toFlatInput(own.length > 1 ? state : state[first[0]]!, own)
  if (flat.samples === samples && flat.batch.length === batch.length) return new Float32Array(flat.data)
  throw new HebbError('shape', `the states are [${flat.batch}, …], the samples [${batch}, …]`)
}
