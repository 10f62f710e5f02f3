import { builtin } from '../engine/platform'
import type { FitProgress } from '../engine/protocol'
import type { EpochReport } from './options'

const WIDTH = 24

/** The progress of a training on stderr: a bar on a terminal, a line an epoch elsewhere. */
export class ProgressBar {
  readonly #epochs: number
  readonly #samples: number
  readonly #out: { isTTY?: boolean; write(text: string): void } | undefined
  readonly #started = performance.now()

  constructor(epochs: number, samples: number) {
    this.#epochs = epochs
    this.#samples = samples
    this.#out = builtin('node:process') ? process.stderr : undefined
  }

  batch(p: FitProgress): void {
    if (!this.#out?.isTTY) return
    const seconds = (performance.now() - this.#started) / 1000
    const done = (p.epoch - 1) * this.#samples + p.samples
    const rate = done / seconds
    const left = (this.#epochs * this.#samples - done) / rate
    const filled = Math.round((WIDTH * p.samples) / this.#samples)
    const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled)
    this.#out.write(
      `\r\x1b[2K${this.#head(p.epoch)} ${bar} ${p.batch}/${p.batches}  loss ${p.loss.toFixed(4)}  ` +
        `accuracy ${percent(p.accuracy)}  ${rate.toFixed(0)}/s  ${left.toFixed(0)} s left`,
    )
  }

  epoch(e: EpochReport): void {
    if (!this.#out) return
    const selection =
      e.selectionLoss === undefined
        ? ''
        : `  selection loss ${e.selectionLoss.toFixed(4)}  accuracy ${percent(e.selectionAccuracy ?? 0)}`
    this.#out.write(
      `${this.#out.isTTY ? '\r\x1b[2K' : ''}${this.#head(e.epoch)}  loss ${e.loss.toFixed(4)}  ` +
        `accuracy ${percent(e.accuracy)}${selection}  ${e.samplesPerSecond.toFixed(0)}/s  ${e.seconds.toFixed(1)} s\n`,
    )
  }

  #head(epoch: number): string {
    return `epoch ${epoch}/${this.#epochs}`
  }
}

function percent(part: number): string {
  return `${(100 * part).toFixed(2)} %`
}
