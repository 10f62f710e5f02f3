// Samples that arrive one by one: fetched ahead, shuffled within a buffer, grouped into minibatches.
import { HebbError } from '../../errors'
import { checkKeys, checkWhole } from '../../options'
import type { Batch } from '../batch'
import { orders } from '../random'
import { collate } from './collate'
import { ahead, type PrefetchOptions } from './prefetch'
import { type Expected, type Read, reader, type Sample } from './sample'
import type { RepeatableSource, SampleSource } from './source'

/**
 * Samples for `fit`, `evaluate` and `predict` that are not in memory: an (async) iterable or generator, a
 * ReadableStream, or a function that opens a new pass over them.
 */
export type SampleStream = RepeatableSource<Sample>

/** An order of `count` samples: the numbers 0 to count − 1, each once. */
export type Order = (count: number) => Uint32Array

export interface ShuffleOptions {
  /** The number of samples that are shuffled together; 1 keeps the order of the source. Default 1. */
  buffer?: number
  /** The seed of the order. Default 0. */
  seed?: number
  /** The number of this pass over the source, from 0: each pass has its own order. Default 0. */
  epoch?: number
  /** The number of samples fetched ahead. Default 1. */
  prefetch?: number
  /** A function that returns the order of each block, instead of `seed` and `epoch`. */
  order?: Order
}

export interface Sized {
  /** Samples per batch; the last batch has the remaining samples. A number above that of the samples means all. Default 32. */
  batchSize?: number
}

export interface BatchOptions extends Omit<ShuffleOptions, 'buffer' | 'prefetch'>, Sized {
  /** The number of samples that are shuffled together. Default 1: not shuffled. */
  shuffleBuffer?: number
  /** The number of samples fetched ahead. Default: one batch. */
  prefetch?: number
}

/**
 * Shuffles the samples of a source: a buffer is filled, emptied in a random order, and filled again. If it holds all
 * samples, the order is that of `fit` on a data set with the same seed and epoch.
 *
 * At most `buffer` + `prefetch` samples are in memory; the source is asked for one sample at a time, and not at all while
 * these are full. Leaving the loop closes the source; an error of the source is thrown after the samples before it.
 *
 * @throws HebbError `option`
 */
export async function* shuffled<T>(
  source: SampleSource<T>,
  options: ShuffleOptions = {},
): AsyncGenerator<T, void, undefined> {
  checkKeys('datasets.shuffled', options, ['buffer', 'seed', 'epoch', 'prefetch', 'order'])
  yield* shuffle('datasets.shuffled', source, options, (item) => item)
}

/** What {@link minibatches} takes beside the options of {@link batches}. */
interface Minibatching extends BatchOptions {
  /** Whether a last minibatch of one sample joins the one before it; `steps` is how many are wanted, if that is known. */
  joins?: boolean
  steps?: number | undefined
}

/** Minibatches of samples that fit `expected`, with their numbers in the stream. Throws the reason of `signal` if it aborts. */
export async function* minibatches(
  who: string,
  source: SampleStream,
  options: Minibatching,
  expected?: Expected,
  signal?: AbortSignal,
): AsyncGenerator<Batch & { numbers: Uint32Array }, void, undefined> {
  for await (const samples of gathered(who, source, options, expected, signal)) {
    yield { ...collate(samples), numbers: Uint32Array.from(samples, ({ number }) => number) }
  }
}

/** The samples of {@link minibatches} before they are collated. */
export async function* gathered(
  who: string,
  source: SampleStream,
  options: Minibatching,
  expected?: Expected,
  signal?: AbortSignal,
): AsyncGenerator<Read[], void, undefined> {
  const { batchSize, shuffleBuffer, joins, steps, ...rest } = options
  const most = checkWhole(who, 'batchSize', batchSize ?? 32, 1)
  const shuffling = { prefetch: most, ...rest, buffer: shuffleBuffer ?? 1 }
  const waiting: Read[] = []
  let given = 0
  for await (const sample of shuffle(who, source, shuffling, reader(expected), signal)) {
    waiting.push(sample)
    // A last single sample can only join a minibatch that was not yielded yet.
    const spare = joins && most > 1 && given + 1 !== steps ? 2 : 0
    if (waiting.length < most + spare) continue
    given++
    yield waiting.splice(0, most)
  }
  if (waiting.length > 0) yield waiting
}

async function* shuffle<T, R>(
  who: string,
  source: RepeatableSource<T>,
  options: ShuffleOptions,
  read: PrefetchOptions<T, R>['read'],
  signal?: AbortSignal,
): AsyncGenerator<R, void, undefined> {
  const name = who === 'datasets.shuffled' ? 'buffer' : 'shuffleBuffer'
  const buffer = checkWhole(who, name, options.buffer ?? 1, 1)
  const seed = checkWhole(who, 'seed', options.seed ?? 0, 0)
  const epoch = checkWhole(who, 'epoch', options.epoch ?? 0, 0)
  const most = checkWhole(who, 'prefetch', options.prefetch ?? 1, 1)
  const order = options.order ?? orders(seed, epoch)
  let block: R[] = []
  for await (const item of ahead(who, source, { most, read, pass: options.epoch, signal })) {
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
  for (const number of checkOrder(order, block.length)) yield block[number]!
}

/** The order of `count` samples; throws if it is not one. */
export function checkOrder(order: Order, count: number): Uint32Array {
  const numbers = order(count)
  const inRange = numbers.every((number) => number < count)
  if (numbers.length !== count || !inRange || new Set(numbers).size !== count) {
    throw new HebbError('option', `order(${count}) must give the numbers 0 to ${count - 1}, each once`)
  }
  return numbers
}
