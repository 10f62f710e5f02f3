// Minibatches for custom training loops.
import { checkKeys, checkWhole } from '../../options'
import { size, type Tensor } from '../../tensor'
import type { Batch, NamedBatch } from '../batch'
import { Dataset } from '../dataset'
import type { NamedShape } from '../named'
import { orders } from '../random'
import { collate } from './collate'
import { type BatchOptions, checkOrder, gathered, type Order, type Sized } from './minibatches'
import type { PlainSample, Read, Sample } from './sample'
import type { SampleSource } from './source'

export interface DataBatchOptions extends Sized {
  /** Whether each epoch has its own order. Default true. */
  shuffle?: boolean
  /** The seed of the order. Default 0. */
  seed?: number
  /** The epoch, from 0: with the same seed the order is that of `fit`. Default 0. */
  epoch?: number
  /** A function that returns the order, instead of `seed` and `epoch`. */
  order?: Order
}

/**
 * Minibatches of a data set, or of a stream of samples `{ x, t }`, as typed arrays ready for `net.gradients` and
 * `datasets.fromArrays`.
 *
 * The batches of a data set have the order of `fit`, so that a custom loop trains to the same bits. `x` is `[N, …shape]`,
 * and bytes stay bytes; `t` holds class numbers `[N]` or target values `[N, outputs]`, as they were given. Inputs and targets
 * that were given by name are returned by name.
 *
 * The samples of a stream are fetched and shuffled as by {@link shuffled}, with one more batch in memory. A sample's `x` is
 * `[…shape]`: nested arrays, a typed array or `{ data, shape }`; bytes stay bytes. `t` is a class number (an integer), a list
 * of target values `[outputs]`, or missing. Samples are copied, so that a source may reuse its arrays.
 *
 * @example
 * for (let epoch = 0; epoch < 10; epoch++) {
 *   for await (const { x, t } of datasets.batches(train, { batchSize: 64, seed: 1, epoch })) {
 *     const { gradients } = await net.gradients(x, t)
 *     await net.update(gradients, 'adam')
 *   }
 * }
 * @throws HebbError `option`, and `data` or `shape` with the sample's number if it is not finite or differs from the first one
 */
export function batches(source: Dataset, options?: DataBatchOptions): AsyncGenerator<Batch, void, undefined>
export function batches(
  source: SampleSource<PlainSample>,
  options?: BatchOptions,
): AsyncGenerator<Batch, void, undefined>
export function batches(
  source: SampleSource<Sample>,
  options?: BatchOptions,
): AsyncGenerator<NamedBatch, void, undefined>
export async function* batches(
  source: Dataset | SampleSource<Sample>,
  options: BatchOptions & DataBatchOptions = {},
): AsyncGenerator<NamedBatch, void, undefined> {
  const who = 'datasets.batches'
  const common = ['batchSize', 'seed', 'epoch', 'order']
  if (source instanceof Dataset) {
    checkKeys(who, options, [...common, 'shuffle'])
    yield* parts(who, source, options)
  } else {
    checkKeys(who, options, [...common, 'shuffleBuffer', 'prefetch'])
    for await (const samples of gathered(who, source, options)) yield byParts(collate(samples), samples[0]!)
  }
}

/** The batches of a data set. */
async function* parts(
  who: string,
  data: Dataset,
  { batchSize, shuffle = true, seed, epoch, order }: DataBatchOptions,
): AsyncGenerator<NamedBatch, void, undefined> {
  const most = checkWhole(who, 'batchSize', batchSize ?? 32, 1)
  const drawn = orders(checkWhole(who, 'seed', seed ?? 0, 0), checkWhole(who, 'epoch', epoch ?? 0, 0))
  const inTurn: Order = (count) => Uint32Array.from({ length: count }, (_, i) => i)
  const numbers = checkOrder(order ?? (shuffle ? drawn : inTurn), data.samples)
  for (let from = 0; from < numbers.length; from += most) {
    yield byParts(await data.read(numbers.slice(from, from + most)), data)
  }
}

/** A batch with its parts by name, if they were given by name. */
function byParts({ x, t }: Batch, { inputs, outputs }: Pick<Read, 'inputs' | 'outputs'>): NamedBatch {
  const targets = outputs && t && 'shape' in t ? apart(t as Tensor, outputs) : t
  return { x: inputs ? apart(x, inputs) : x, ...(targets && { t: targets }) }
}

/** Cuts rows `[N, all]` into parts. */
function apart<T extends Float32Array | Uint8Array>(
  rows: Tensor<T>,
  parts: readonly NamedShape[],
): Record<string, Tensor<T>> {
  const [samples, width] = rows.shape as [number, number]
  let from = 0
  const entries = parts.map(([name, shape]) => {
    const own = size(shape)
    const data = rows.data.slice(0, samples * own) as T
    for (let i = 0; i < samples; i++) {
      data.set(rows.data.subarray(i * width + from, i * width + from + own), i * own)
    }
    from += own
    return [name, { data, shape: [samples, ...shape] }]
  })
  return Object.fromEntries(entries)
}
