import type { FitProgress } from '../engine/protocol'
import { bar, StatusLine } from '../engine/statusLine'
import type { EpochReport } from './report'

/** The progress of a training on stderr: a bar on a terminal, else a line per epoch. */
export class ProgressBar {
  readonly #epochs: number
  /** Samples per epoch if known: for a stream from the second epoch on. */
  #samples: number | undefined
  /** Samples trained in earlier epochs and in this epoch. */
  #before = 0
  #now = 0
  readonly #line = new StatusLine()
  readonly #started = performance.now()

  constructor(epochs: number, samples: number | undefined) {
    this.#epochs = epochs
    this.#samples = samples
  }

  batch(p: FitProgress): void {
    this.#now = p.samples
    if (!this.#line.live) return
    const seconds = (performance.now() - this.#started) / 1000
    const rate = (this.#before + p.samples) / seconds
    const all = this.#samples
    const filled = all ? `${bar(p.samples / all)} ` : ''
    const batches = p.batches ? `/${p.batches}` : ''
    const left = all && Math.max(0, (all * this.#epochs - this.#before - p.samples) / rate)
    this.#line.show(
      `${this.#head(p.epoch)} ${filled}${p.batch}${batches}  loss ${p.loss.toFixed(4)}  ` +
        `${right(p.accuracy, p.exactMatch)}${rate.toFixed(0)}/s${left === undefined ? '' : `  ${left.toFixed(0)} s left`}`,
    )
  }

  epoch(e: EpochReport): void {
    this.#before += this.#now
    this.#samples ??= this.#now
    const selection =
      e.selectionLoss === undefined
        ? ''
        : `selection loss ${e.selectionLoss.toFixed(4)}  ${right(e.selectionAccuracy, e.selectionExactMatch)}`
    this.#line.end(
      `${this.#head(e.epoch)}  loss ${e.loss.toFixed(4)}  ` +
        `${right(e.accuracy, e.exactMatch)}${selection}${e.samplesPerSecond.toFixed(0)}/s  ${e.seconds.toFixed(1)} s`,
    )
  }

  #head(epoch: number): string {
    return `epoch ${epoch}/${this.#epochs}`
  }
}

/** The fractions of correct answers and of samples with all answers correct, if they are defined. */
function right(accuracy: number | undefined, exactMatch: number | undefined): string {
  const part = (name: string, value: number | undefined) =>
    value === undefined ? '' : `${name} ${(100 * value).toFixed(2)} %  `
  return part('accuracy', accuracy) + part('exact match', exactMatch)
}
