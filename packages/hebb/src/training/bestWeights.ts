import type { EpochReport } from './report'
import type { Trainable } from './trainable'

/** The epoch with the lowest selection loss so far. */
export class BestWeights {
  epoch: number | undefined
  /** Epochs since then. */
  waited = 0
  #loss = Number.POSITIVE_INFINITY
  #weights: Float32Array<ArrayBuffer> | undefined
  readonly #network: Trainable
  readonly #keep: boolean

  /** `keep` says whether its weights will be wanted again. */
  constructor(network: Trainable, keep: boolean) {
    this.#network = network
    this.#keep = keep
  }

  /** Whether this epoch is the best. */
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

  /** Gives the network the weights that were kept, if it has others by now; `last` is the epoch after which they were left. */
  async restore(last: number | undefined): Promise<void> {
    if (this.epoch === last) return
    const { engine, id } = this.#network
    const weights = this.#weights
    if (weights) await engine.ask('setParameters', [id, weights], [weights.buffer])
  }
}
