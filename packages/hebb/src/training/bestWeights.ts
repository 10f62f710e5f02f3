import type { EpochReport } from './report'
import type { Trainable } from './trainable'

/** Keeps the epoch with the lowest selection loss, and its weights. */
export class BestWeights {
  epoch: number | undefined
  /** Epochs since the best one. */
  waited = 0
  #loss = Number.POSITIVE_INFINITY
  #weights: Float32Array<ArrayBuffer> | undefined
  readonly #network: Trainable
  readonly #keep: boolean

  /** `keep`: whether to keep the weights for {@link restore}. */
  constructor(network: Trainable, keep: boolean) {
    this.#network = network
    this.#keep = keep
  }

  /** Records an epoch; resolves with whether it is the best so far. */
  async judge({ epoch, selectionLoss }: EpochReport): Promise<boolean> {
    if (selectionLoss === undefined || !(selectionLoss < this.#loss)) {
      this.waited++
      return false
    }
    this.#loss = selectionLoss
    this.epoch = epoch
    this.waited = 0
    if (this.#keep) {
      const { engine, id } = this.#network
      this.#weights = (await engine.ask('parameters', [id])) as Float32Array<ArrayBuffer>
    }
    return true
  }

  /** Restores the best weights unless the network has them already; `last` is the last complete epoch. */
  async restore(last: number | undefined): Promise<void> {
    if (this.epoch === last) return
    const { engine, id } = this.#network
    const weights = this.#weights
    if (weights) await engine.ask('setParameters', [id, weights], [weights.buffer])
  }
}
