// Turns the reports of a run into points of the curves.
import type { EpochReport, FitProgress, Network } from 'hebb'
import { speed } from '../../page/engine'
import type { Digits } from './digits'
import * as state from './state'

/** How many times per epoch the selection set is measured, including the end of the epoch. */
const MEASURES = 5

const START = { loss: 0, accuracy: 0, samples: 0 }

export class Curve {
  readonly #net: Network<number>
  readonly #digits: Digits
  /** Epochs of the runs before this one. */
  #before = 0
  #epoch = 0
  #last: Pick<FitProgress, 'loss' | 'accuracy' | 'samples'> = START
  #time = 0
  #measured = 0
  /** The last measurement. */
  settled: Promise<void> = Promise.resolve()

  constructor(net: Network<number>, digits: Digits) {
    this.#net = net
    this.#digits = digits
  }

  /** Starts a run; returns where it will end, in epochs. */
  begin(epochs: number): number {
    this.#before = state.trainCurve.value.at(-1)?.at ?? 0
    this.#epoch = 0
    return this.#before + epochs
  }

  /** The engine reports means over the epoch so far; the curve shows the samples since the last point. */
  batch(progress: FitProgress): Promise<void> {
    if (progress.epoch !== this.#epoch) {
      this.#epoch = progress.epoch
      this.#last = START
      this.#measured = 0
      this.#time = 0
    }
    const last = this.#last
    const { samples } = progress
    const count = samples - last.samples
    if (count <= 0) return this.settled
    // Digits are classes, therefore there is an accuracy.
    const since = (key: 'loss' | 'accuracy') => (progress[key]! * samples - last[key]! * last.samples) / count
    this.#last = progress
    const at = this.#before + progress.epoch - 1 + samples / this.#digits.train.samples
    state.progress.value = progress
    state.trainCurve.value = [
      ...state.trainCurve.value,
      { at, loss: since('loss'), accuracy: since('accuracy') },
    ]
    const now = performance.now()
    if (this.#time > 0) {
      // A moving average, so that the number is readable.
      const current = (1000 * count) / (now - this.#time)
      speed.value = speed.value === 0 ? current : 0.9 * speed.value + 0.1 * current
    }
    this.#time = now
    // The run itself measures the end of the epoch.
    const part = Math.floor((MEASURES * samples) / this.#digits.train.samples)
    if (part > this.#measured && part < MEASURES) {
      this.#measured = part
      this.settled = this.#measure(at)
    }
    return this.settled
  }

  async #measure(at: number): Promise<void> {
    const { loss, accuracy } = await this.#net.evaluate(this.#digits.selection)
    state.selectionCurve.value = [...state.selectionCurve.value, { at, loss, accuracy }]
  }

  epoch({ epoch, selectionLoss, selectionAccuracy }: EpochReport): void {
    const point = { at: this.#before + epoch, loss: selectionLoss!, accuracy: selectionAccuracy! }
    state.selectionCurve.value = [...state.selectionCurve.value, point]
  }
}
