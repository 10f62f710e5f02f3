// One item after another from any kind of source, fetched ahead.
import { HebbError } from '../errors'

/** What gives one item after another: an (async) iterable or generator, or a ReadableStream. */
export type Flow<T> = AsyncIterable<T> | Iterable<T> | ReadableStream<T>

/** A source's items, of which at most `most` are fetched before they are asked for. */
export async function* ahead<T>(
  who: string,
  source: Flow<T>,
  most: number,
): AsyncGenerator<T, void, undefined> {
  const from = iterate(who, source)
  const ready: T[] = []
  let ended = false
  let failed: { error: unknown } | undefined
  let pulling: Promise<void> | undefined
  let wake = () => {}

  /** Fetches while there is room, one at a time. */
  const pull = async () => {
    try {
      while (!ended && ready.length < most) {
        const { done, value } = await from.next()
        if (done) ended = true
        else ready.push(value)
        wake()
      }
    } catch (error) {
      ended = true
      failed = { error }
      wake()
    }
    pulling = undefined
  }

  try {
    while (true) {
      const items = ready.splice(0, 1)
      if (!ended && !pulling && ready.length < most) pulling = pull()
      if (items.length > 0) yield items[0]!
      else if (failed) throw failed.error
      else if (ended) return
      else
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
  } finally {
    if (!ended) {
      ended = true
      // A source that is still asked for an item closes once it has answered, which may be never.
      const closed = Promise.resolve(from.return?.())
      if (pulling) closed.catch(() => {})
      else await closed
    }
  }
}

function iterate<T>(who: string, source: Flow<T>): AsyncIterator<T> | Iterator<T> {
  if (typeof source === 'object' && source !== null) {
    if (Symbol.asyncIterator in source) return source[Symbol.asyncIterator]()
    if (Symbol.iterator in source) return source[Symbol.iterator]()
    if ('getReader' in source) return read(source as ReadableStream<T>)
  }
  throw new HebbError('data', `${who} reads an async iterable, a generator or a ReadableStream`)
}

/** Not every browser can iterate over a ReadableStream. */
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
