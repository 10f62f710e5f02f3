import { HebbError } from '../errors'
import { checkWhole } from '../options'
import type { Tensor } from '../tensor'
import { checkTokens, MOST_TOKENS, type Tokens } from './tokens'

/** Sequences of similar length. */
export interface Bucket {
  /** T, the size of the bucket. */
  steps: number
  /** Their tokens `[N, T]`, filled up with token 0. */
  x: Tensor<Uint32Array>
  /** How many tokens each of them has: the input `<name>.lengths` of a network. */
  lengths: Uint32Array
  /** Their numbers in the list. */
  indices: number[]
}

/**
 * Puts sequences of unequal length into buckets: each into the smallest of `sizes` that holds it, filled up with token 0. So
 * {@link withSteps} reads short sentences in few steps. A bucket without sequences is left out; their order is kept.
 *
 * @example for (const { steps, x, lengths } of bucket(sentences.map((one) => vocabulary.encode(one)), [8, 16, 64])) …
 * @throws HebbError `option`; `data` if a sequence is empty, or longer than every size
 */
export function bucket(sequences: readonly Tokens[], sizes: readonly number[]): Bucket[] {
  const lists = { sequences, sizes }
  for (const name of ['sequences', 'sizes'] as const) {
    if (Array.isArray(lists[name]) && lists[name].length > 0) continue
    throw new HebbError(
      'option',
      `bucket: ${name} must be a list of ${name === 'sizes' ? 'numbers' : 'lists of tokens'}`,
    )
  }
  const order = Array.from(sizes, (size) => checkWhole('bucket', 'each size', size, 1)).sort((a, b) => a - b)
  const groups = new Map(order.map((size) => [size, [] as { own: Uint32Array; index: number }[]]))
  for (let index = 0; index < sequences.length; index++) {
    const own = checkTokens(`bucket: sequence ${index}`, sequences[index]!, MOST_TOKENS)
    const size = order.find((size) => size >= own.length)
    if (size === undefined) {
      throw new HebbError(
        'data',
        `bucket: sequence ${index} has ${own.length} tokens, the largest size is ${order.at(-1)}: add a larger one, or shorten the sequence`,
      )
    }
    groups.get(size)!.push({ own, index })
  }
  return [...groups].flatMap(([steps, group]) => {
    if (group.length === 0) return []
    const data = new Uint32Array(group.length * steps)
    for (const [n, { own }] of group.entries()) data.set(own, n * steps)
    return {
      steps,
      x: { data, shape: [group.length, steps] },
      lengths: Uint32Array.from(group, ({ own }) => own.length),
      indices: group.map(({ index }) => index),
    }
  })
}
