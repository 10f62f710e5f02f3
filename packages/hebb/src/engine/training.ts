// A training in the engine: takes turns with everything else, and can be paused between any two minibatches.
import type { RawFit, RawNetwork } from '../../wasm/simd128/hebb_wasm.js'
import type { EpochAnswer, FitProgress } from './protocol'
import { turns } from './turns'

/** How long the engine computes before it looks for messages, and how often it reports, in milliseconds. */
const SLICE = 10
const REPORT = 50

/** One turn of the event loop. */
let breathe: () => Promise<void>

export class Training {
  readonly network: number
  readonly #fit: RawFit
  /** Minibatches trained, and how many may be: while it runs, all. */
  #done = 0
  #due = Number.POSITIVE_INFINITY
  #stopped = false
  #steps: { until: number; resolve: (done: boolean) => void }[] = []
  #wake = () => {}

  constructor(fit: RawFit, network: number) {
    this.#fit = fit
    this.network = network
    breathe ??= turns()
  }

  /** Trains until the epoch ends or it is stopped. `network` throws if there is none any more. */
  async epoch(network: () => RawNetwork, report: (progress: FitProgress) => void): Promise<EpochAnswer> {
    let reported = performance.now()
    let [waited, ended] = [0, false]
    while (!ended && !this.#stopped) {
      const net = network()
      const from = performance.now()
      if (this.#done >= this.#due) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
        waited += performance.now() - from
        continue
      }
      do {
        ended = this.#fit.step(net)
        this.#done++
      } while (!ended && this.#done < this.#due && performance.now() - from < SLICE)
      // The end of an epoch is told by the answer.
      if (!ended && (this.#done >= this.#due || performance.now() - reported >= REPORT)) {
        report(this.#progress())
        reported = performance.now()
      }
      await breathe()
      if (!ended) this.#settle()
    }
    // Whoever awaits a step that ends the epoch shall hear of the epoch first.
    if (ended) breathe().then(() => this.#settle())
    return { progress: this.#progress(), ended, waited }
  }

  /** Tells what an epoch brought to a learning rate that falls on plateaus. */
  tell(loss: number): void {
    this.#fit.tell(loss)
  }

  /** Trains no further than the steps that somebody waits for. */
  pause(): void {
    this.#due = Math.max(this.#done, ...this.#steps.map(({ until }) => until))
  }

  resume(): void {
    this.#due = Number.POSITIVE_INFINITY
    this.wake()
  }

  /** Allows so many minibatches more; answers once they are trained: false if the training ended before. */
  step(batches: number): Promise<boolean> {
    if (this.#due === Number.POSITIVE_INFINITY) this.pause()
    this.#due += batches
    const until = this.#due
    this.wake()
    return new Promise((resolve) => this.#steps.push({ until, resolve }))
  }

  stop(): void {
    this.#stopped = true
    this.wake()
  }

  /** Makes a paused training look again at what it may do. */
  wake(): void {
    this.#wake()
  }

  end(): void {
    this.#settle()
    for (const { resolve } of this.#steps) resolve(false)
    this.#fit.free()
  }

  #settle(): void {
    const reached = this.#steps.filter(({ until }) => until <= this.#done)
    this.#steps = this.#steps.filter(({ until }) => until > this.#done)
    for (const { resolve } of reached) resolve(true)
  }

  #progress(): FitProgress {
    const [epoch, batch, batches, loss, accuracy, samples, learningRate, batchLoss, norm] =
      this.#fit.progress()
    const gradientNorm = Number.isNaN(norm) ? undefined : norm
    return {
      epoch,
      batch,
      batches,
      loss,
      accuracy,
      samples,
      learningRate,
      batchLoss,
      gradientNorm,
    } as FitProgress
  }
}
