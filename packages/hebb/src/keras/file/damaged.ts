import { HebbError } from '../../errors'

/** Refuses a file that is damaged, or none of Keras's at all. */
export function damaged(why: string): never {
  throw new HebbError('file', `this is not a usable file of Keras or TensorFlow.js: ${why}`)
}
