// One training at a time: what else changes weights would change them between two steps of it.
import { HebbError } from '../errors'

const training = new WeakSet<object>()

/** Refuses to change a network that is being trained. */
export function checkFree(network: object): void {
  if (training.has(network)) {
    throw new HebbError('option', 'this network is being trained already: await or stop that run first')
  }
}

/** Takes a network for a training; the answer gives it back. */
export function claim(network: object): () => void {
  checkFree(network)
  training.add(network)
  return () => void training.delete(network)
}
