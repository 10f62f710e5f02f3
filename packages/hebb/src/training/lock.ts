// A lock per network: during a training nothing else may change the weights.
import { HebbError } from '../errors'

const training = new WeakSet<object>()

/** Throws if the network is being trained. */
export function checkFree(network: object): void {
  if (training.has(network)) {
    throw new HebbError('option', 'this network is being trained already: await or stop that run first')
  }
}

/** Locks a network for a training; the returned function unlocks it. */
export function claim(network: object): () => void {
  checkFree(network)
  training.add(network)
  return () => void training.delete(network)
}
