// What samples are read from.

/** A source of items: an (async) iterable or generator, or a ReadableStream. */
export type SampleSource<T> = AsyncIterable<T> | Iterable<T> | ReadableStream<T>

/**
 * A source, or a function that opens a new one for each pass. `fit` tells it the number of the pass, which is that of the epoch,
 * from 0.
 */
export type RepeatableSource<T> =
  | SampleSource<T>
  | ((pass?: number) => SampleSource<T> | Promise<SampleSource<T>>)

/** Whether a value is a source of items, or a function that opens one. */
export function isSource(value: unknown): value is RepeatableSource<unknown> {
  if (typeof value === 'function') return true
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return false
  return Symbol.asyncIterator in value || Symbol.iterator in value || 'getReader' in value
}

/** Whether a source can be read only once: a ReadableStream or a generator. */
export function isOnce(source: RepeatableSource<unknown>): boolean {
  return typeof source === 'object' && ('getReader' in source || 'next' in source)
}
