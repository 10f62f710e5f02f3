// Data in chunks, for evaluation and prediction: other requests get a turn between them, and a stream is never in memory as a
// whole.
import type { Engine } from '../../engine/engine'
import { Dataset } from '../dataset'
import type { SampleStream } from './minibatches'
import type { Expected } from './sample'

/** Samples per request: of a data set in the engine, and of a stream, whose samples must be sent first. */
const CHUNK_SAMPLES = 1024
const STREAM_CHUNK_SAMPLES = 256

/** A range of the samples of a data set. */
export interface Chunk {
  data: Dataset
  from: number
  count: number
}

/** The samples of a data set or a stream, in their order. A chunk is valid until the next one is requested. */
export async function* chunks(
  who: string,
  owner: Engine,
  data: Dataset | SampleStream,
  expected: Expected,
): AsyncGenerator<Chunk, void, undefined> {
  if (data instanceof Dataset) {
    for (let from = 0; from < data.samples; from += CHUNK_SAMPLES) {
      // The getter throws if the data set belongs to an earlier engine.
      void data.engine
      yield { data, from, count: Math.min(CHUNK_SAMPLES, data.samples - from) }
    }
    return
  }
  // Loaded with the first stream, as most programs have none.
  const { minibatches } = await import('./minibatches')
  for await (const { x, t, numbers } of minibatches(
    who,
    data,
    { batchSize: STREAM_CHUNK_SAMPLES },
    expected,
  )) {
    const targets = t && 'shape' in t ? t.data : t
    const carried = await Dataset.create(owner, x.shape.slice(1), x.data, targets, { numbers })
    try {
      yield { data: carried, from: 0, count: carried.samples }
    } finally {
      carried.dispose()
    }
  }
}
