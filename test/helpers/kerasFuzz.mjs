// Damaged files of Keras and TensorFlow.js.
import { readFileSync } from 'node:fs'
import { loadKeras } from 'hebb/keras'
import { fuzz } from './fuzz.mjs'

const folder = new URL('../fixtures/keras/', import.meta.url)
const read = (name) => new Uint8Array(readFileSync(new URL(name, folder)))

/** A damaged name may be of any file: there are two. */
const external = (name) => read(`tfjs/group1-shard${name.includes('2of') ? 2 : 1}of2.bin`)
const load = (bytes) => loadKeras(bytes, { external })

/** `.h5` twice, because a zip has checksums of what is in it. */
export const fuzzKeras = (options) =>
  fuzz({
    ...options,
    files: ['image.h5', 'image.h5', 'sequence.keras', 'tfjs/model.json'].map(read),
    load,
  })
