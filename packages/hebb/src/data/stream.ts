// Samples that arrive one by one: fetched ahead, shuffled within a buffer, grouped into minibatches.
import { HebbError } from '../errors'
import { checkKeys, checkWhole } from '../options'
import { type Batch, collate } from './collate'
import { ahead, type Flow, type Passes, type Reading } from './flow'
import { orders } from './random'
import { type Expected, reader, type Sample } from './sample'

/**
 * Samples for `fit`, `evaluate` and `predict` that are not in memory: an (async) iterable or generator, a
 * ReadableStream, or a function that begins a new pass over them.
 */
export type SampleStream = Passes<Sample>

/** An order of `count` samples: the numbers 0 to count − 1, each once. */
export type Order = (count: number) => Uint32Array

export interface ShuffleOptions {
  /** How many samples are shuffled at a time; from 2 on. 1 keeps the order of the source. Default 1. */
  buffer?: number
  /** The seed of the order. Default 0. */
  seed?: number
  /** Which pass over the source this is, from 0: each has an order of its own. Default 0. */
  epoch?: number
  /** How many samples are fetched before they are asked for. Default 1. */
  prefetch?: number
  /** What gives the orders, block by block, in place of `seed` and `epoch`. */
  order?: Order
}

export interface BatchOptions extends Omit<ShuffleOptions, 'buffer' | 'prefetch'> {
  /** How many samples a batch has; the last one has what is left. Default 32. */
  batchSize?: number
  /** How many samples are shuffled at a time. Default 1: not shuffled. */
  shuffleBuffer?: number
  /** How many samples are fetched before they are asked for. Default: one batch. */
  prefetch?: number
}

/**
 * The samples of a source, shuffled: the buffer is filled, given out in a random order, filled again. Where it
 * holds all samples the order is the one in which `fit` takes them from memory, with the same seed and epoch.
 *
 * At most `buffer` + `prefetch` samples are held; the source is asked for one sample at a time, and not at all
 * while these are full. Leaving the loop closes the source; its errors are thrown behind the samples before them.
 *
 * @throws HebbError `option`
 */
export async function* shuffled<T>(
  source: Flow<T>,
  options: ShuffleOptions = {},
): AsyncGenerator<T, void, undefined> {
  checkKeys('datasets.shuffled', options, ['buffer', 'seed', 'epoch', 'prefetch', 'order'])
  yield* shuffle('datasets.shuffled', source, options, (item) => item)
}

/**
 * Minibatches of a source of samples `{ x, t }`, as typed arrays ready for `datasets.fromArrays`; fetched and
 * shuffled as {@link shuffled} does, with one batch more in memory. `x` is `[…shape]`: nested arrays, a typed array or
 * `{ data, shape }`; bytes stay bytes. `t` is a class number (a whole number), or a list of target values `[outputs]`,
 * or left out. Samples are copied as they come: a source may use its arrays again.
 *
 * @example
 * for await (const { x, t } of datasets.batches(source, { batchSize: 64, shuffleBuffer: 10_000, seed: 1 })) {
 *   using data = await datasets.fromArrays(x, t)
 *   await net.update((await net.gradients(data)).gradients)
 * }
 * @throws HebbError `option`, and `data` or `shape` where a sample is not finite or differs from the first one, with its number
 */
export async function* batches(
  source: Flow<Sample>,
  options: BatchOptions = {},
): AsyncGenerator<Batch, void, undefined> {
  const who = 'datasets.batches'
  checkKeys(who, options, ['batchSize', 'shuffleBuffer', 'seed', 'epoch', 'prefetch', 'order'])
  yield* minibatches(who, source, options)
}

/** {@link batches} of samples that are as `expected`, until `signal`, whose reason is thrown. */
export async function* minibatches(
  who: string,
  source: SampleStream,
  options: BatchOptions,
  expected?: Expected,
  signal?: AbortSignal,
): AsyncGenerator<Batch, void, undefined> {
  const { batchSize, shuffleBuffer, ...rest } = options
  const most = checkWhole(who, 'batchSize', batchSize ?? 32, 1)
  const shuffling = { prefetch: most, ...rest, buffer: shuffleBuffer ?? 1 }
  let waiting = []
  for await (const sample of shuffle(who, source, shuffling, reader(expected), signal)) {
    waiting.push(sample)
    if (waiting.length < most) continue
    yield collate(waiting)
    waiting = []
  }
  if (waiting.length > 0) yield collate(waiting)
}

async function* shuffle<T, R>(
  who: string,
  source: Passes<T>,
  options: ShuffleOptions,
  read: Reading<T, R>['read'],
  signal?: AbortSignal,
): AsyncGenerator<R, void, undefined> {
  const name = who === 'datasets.shuffled' ? 'buffer' : 'shuffleBuffer'
  const buffer = checkWhole(who, name, options.buffer ?? 1, 1)
  const seed = checkWhole(who, 'seed', options.seed ?? 0, 0)
  const epoch = checkWhole(who, 'epoch', options.epoch ?? 0, 0)
  const most = checkWhole(who, 'prefetch', options.prefetch ?? 1, 1)
  const order = options.order ?? orders(seed, epoch)
  let block: R[] = []
  for await (const item of ahead(who, source, { most, read, signal })) {
    if (buffer === 1) {
      yield item
      continue
    }
    block.push(item)
    if (block.length < buffer) continue
    yield* inOrder(block, order)
    block = []
  }
  if (block.length > 0) yield* inOrder(block, order)
}

function* inOrder<T>(block: readonly T[], order: Order): Generator<T, void, undefined> {
  const numbers = order(block.length)
  const inRange = numbers.every((number) => number < block.length)
  if (numbers.length !== block.length || !inRange || new Set(numbers).size !== block.length) {
    throw new HebbError(
      'option',
      `order(${block.length}) must give the numbers 0 to ${block.length - 1}, each once`,
    )
  }
  for (const number of numbers) yield block[number]!
}
