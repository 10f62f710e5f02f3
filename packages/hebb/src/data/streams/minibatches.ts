// Samples that arrive one by one: fetched ahead, shuffled within a buffer, grouped into minibatches.
import { HebbError } from '../../errors'
import { checkKeys, checkWhole } from '../../options'
import type { Batch } from '../batch'
import { orders } from '../random'
import { collate } from './collate'
import { ahead, type PrefetchOptions, type RepeatableSource, type SampleSource } from './prefetch'
import { type Expected, type Read, reader, type Sample } from './sample'

/**
 * Samples for `fit`, `evaluate` and `predict` that are not in memory: an (async) iterable or generator, a
 * ReadableStream, or a function that begins a new pass over them.
 */
export type SampleStream = RepeatableSource<Sample>

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

export interface Sized {
  /** How many samples a batch has; the last one has what is left. Default 32; more than there are mean all. */
  batchSize?: number
}

/** How the samples of a stream become batches. */
export interface BatchOptions extends Omit<ShuffleOptions, 'buffer' | 'prefetch'>, Sized {
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

/** Minibatches of samples that are as `expected`, with their numbers in the stream, until `signal`, whose reason is thrown. */
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

/** The samples of {@link minibatches}, not yet one array. */
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
    // The last sample can only join a minibatch that is not given yet.
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
  for (const number of checkOrder(order, block.length)) yield block[number]!
}

/** The order of so many samples, refused if it is none. */
export function checkOrder(order: Order, count: number): Uint32Array {
  const numbers = order(count)
  const inRange = numbers.every((number) => number < count)
  if (numbers.length !== count || !inRange || new Set(numbers).size !== count) {
    throw new HebbError('option', `order(${count}) must give the numbers 0 to ${count - 1}, each once`)
  }
  return numbers
}
