// Items of any kind of source, fetched ahead.
import { HebbError } from '../../errors'
import type { RepeatableSource, SampleSource } from './source'

export interface PrefetchOptions<T, R> {
  /** The most items fetched ahead. */
  most: number
  /** Converts an item when it comes; its error is thrown in place of the item. */
  read: (item: T) => R
  /** The number of the pass, if it has one. */
  pass?: number | undefined
  /** An abort ends the reading, even if the source does not answer; its reason is thrown. */
  signal?: AbortSignal | undefined
}

/** The items of a source, fetched ahead. Leaving the loop closes the source. */
export async function* ahead<T, R>(
  who: string,
  source: RepeatableSource<T>,
  { most, read, pass, signal }: PrefetchOptions<T, R>,
): AsyncGenerator<R, void, undefined> {
  const from = iterate(who, source, pass)
  const ready: R[] = []
  let ended = false
  let failed: { error: unknown } | undefined
  let pulling: Promise<void> | undefined
  let wake = () => {}

  /** Converts an item. A refused item ends the reading; unlike after its own error, the source is still open. */
  const accept = (item: T) => {
    try {
      ready.push(read(item))
    } catch (error) {
      failed = { error }
    }
  }

  /** Fetches while there is room, one at a time. */
  const pull = async () => {
    try {
      while (!ended && !failed && ready.length < most) {
        const { done, value } = await from.next()
        if (done) ended = true
        else accept(value)
        wake()
      }
    } catch (error) {
      ended = true
      failed = { error }
      wake()
    }
    pulling = undefined
  }

  const leave = () => wake()
  signal?.addEventListener('abort', leave)
  try {
    while (true) {
      signal?.throwIfAborted()
      const items = ready.splice(0, 1)
      if (!ended && !failed && !pulling && ready.length < most) pulling = pull()
      if (items.length > 0) yield items[0]!
      else if (failed) throw failed.error
      else if (ended) return
      else
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
  } finally {
    signal?.removeEventListener('abort', leave)
    if (!ended) {
      ended = true
      // A source with a pending request closes after its answer, which may never come.
      const closed = Promise.resolve(from.return?.())
      if (pulling) closed.catch(() => {})
      else await closed
    }
  }
}

function iterate<T>(who: string, source: RepeatableSource<T>, pass?: number): AsyncIterator<T> | Iterator<T> {
  if (typeof source === 'function') return begin(who, () => source(pass))
  if (typeof source === 'object' && source !== null) {
    if (Symbol.asyncIterator in source) return source[Symbol.asyncIterator]()
    if (Symbol.iterator in source) return source[Symbol.iterator]()
    if ('getReader' in source) return read(source as ReadableStream<T>)
  }
  throw new HebbError('data', `${who} reads an async iterable, a generator or a ReadableStream`)
}

/** Opens the source when the first item is requested. */
async function* begin<T>(
  who: string,
  open: () => SampleSource<T> | Promise<SampleSource<T>>,
): AsyncGenerator<T, void, undefined> {
  const source = await open()
  yield* { [Symbol.asyncIterator]: () => iterate(who, source) as AsyncIterator<T> }
}

/** Iterates over a ReadableStream, which not every browser supports. */
async function* read<T>(stream: ReadableStream<T>): AsyncGenerator<T, void, undefined> {
  const reader = stream.getReader()
  let done = false
  try {
    while (true) {
      const answer = await reader.read()
      done = answer.done
      if (answer.done) return
      yield answer.value
    }
  } finally {
    if (!done) await reader.cancel()
    reader.releaseLock()
  }
}
