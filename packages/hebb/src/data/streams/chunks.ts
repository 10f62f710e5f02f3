// Data piece by piece, for what reads it once: so that others get a turn, and a stream never lies in memory.
import type { Engine } from '../../engine/engine'
import { Dataset } from '../dataset'
import { minibatches, type SampleStream } from './minibatches'
import type { Expected } from './sample'

/** How many samples of a data set one request takes, and of a stream, which must be brought to the engine. */
const CHUNK_SAMPLES = 1024
const STREAM_CHUNK_SAMPLES = 256

/** Some samples of a data set. */
export interface Chunk {
  data: Dataset
  from: number
  count: number
}

/** The samples of a data set or a stream, in their order; a piece is there until the next one is asked for. */
export async function* chunks(
  who: string,
  owner: Engine,
  data: Dataset | SampleStream,
  expected: Expected,
): AsyncGenerator<Chunk, void, undefined> {
  if (data instanceof Dataset) {
    for (let from = 0; from < data.samples; from += CHUNK_SAMPLES) {
      // A data set of another engine has no meaning to this one; its getter says so.
      void data.engine
      yield { data, from, count: Math.min(CHUNK_SAMPLES, data.samples - from) }
    }
    return
  }
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
