// The states that recurrent layers carry from one prediction to the next.
import type { Description } from '../engine/protocol'
import { HebbError } from '../errors'
import { borrowTensor, equal, type Input, Output } from '../tensor'

/** The state of each recurrent layer, by the layer's name: `[N, units]` for samples `[N, …]`, `[units]` for one sample. */
export type State = Readonly<Record<string, Input>>

/** Packs states for the engine, `[samples, values of all states]`; `{}` is zeros. */
export function packStates(
  state: State,
  own: Description['states'],
  batch: readonly number[],
  samples: number,
): Float32Array {
  const names = own.map(({ layer }) => layer)
  if (own.length === 0) {
    throw new HebbError('option', 'state: the network has no recurrent layer, as rnn({ units: 8 }) is one')
  }
  const given = Object.keys(state)
  const unknown = given.find((name) => !names.includes(name))
  if (unknown !== undefined || (given.length > 0 && given.length < names.length)) {
    const what =
      unknown === undefined ? `misses ${names.find((name) => !(name in state))}` : `has "${unknown}"`
    throw new HebbError('option', `state ${what}: give the states of ${names.join(', ')}, or {} to begin`)
  }
  const width = own.reduce((sum, { features }) => sum + features, 0)
  const all = new Float32Array(samples * width)
  let from = 0
  for (const { layer, features } of given.length > 0 ? own : []) {
    const { data, shape } = borrowTensor(state[layer]!)
    const expected = [...batch, features]
    if (!equal(shape, expected)) {
      throw new HebbError('shape', `the state of ${layer} has shape [${shape}], expected [${expected}]`)
    }
    for (let n = 0; n < samples; n++) {
      all.set(data.subarray(n * features, (n + 1) * features), n * width + from)
    }
    from += features
  }
  return all
}

/** The states by name, from those of the engine. */
export function unpackStates(
  all: Float32Array,
  own: Description['states'],
  batch: readonly number[],
): Record<string, Output> {
  const width = own.reduce((sum, { features }) => sum + features, 0)
  let from = 0
  const entries = own.map(({ layer, features }) => {
    const part = new Float32Array((all.length / width) * features)
    for (let n = 0; n * width < all.length; n++) {
      part.set(all.subarray(n * width + from, n * width + from + features), n * features)
    }
    from += features
    return [layer, new Output(part, [...batch, features])]
  })
  return Object.fromEntries(entries)
}
