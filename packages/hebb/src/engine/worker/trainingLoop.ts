// A training in the engine: takes turns with everything else, and can be paused between any two minibatches.
import type { RawDataset, RawFit, RawNetwork } from '../../../wasm/simd128/hebb_wasm.js'
import type { EpochAnswer, FitEnd, FitProgress } from '../protocol'
import { TIME_SLICE_MS, yieldToEventLoop } from './eventLoop'

/** How often it reports, in milliseconds. */
const REPORT_INTERVAL_MS = 50

export class Training {
  readonly network: number
  readonly #fit: RawFit
  /** Minibatches trained, and how many may be: while it runs, all. */
  #done = 0
  #due = Number.POSITIVE_INFINITY
  #ended = false
  #stopped = false
  /** The minibatches of a stream that wait. */
  readonly #fed: { batch: RawDataset; bytes: number; resolve: () => void }[] | undefined
  #steps: { until: number; resolve: (done: boolean) => void }[] = []
  #wake = () => {}

  /** `streams` says whether it is fed its minibatches. */
  constructor(fit: RawFit, network: number, streams: boolean) {
    this.#fit = fit
    this.network = network
    this.#fed = streams ? [] : undefined
  }

  /**
   * Trains until the epoch ends or it is stopped. `network` throws if there is none any more. `report` hears of minibatches
   * now and then: with `every` of all since it last heard, else of the last one.
   */
  async epoch(
    network: () => RawNetwork,
    every: boolean,
    report: (progress: FitProgress[]) => void,
  ): Promise<EpochAnswer> {
    let reported = performance.now()
    let untold: FitProgress[] = []
    let waited = 0
    this.#ended = false
    try {
      while (!this.#ended && !this.#stopped) {
        const net = network()
        const from = performance.now()
        const paused = this.#done >= this.#due
        if (paused || this.#awaitingBatch) {
          await new Promise<void>((resolve) => {
            this.#wake = resolve
          })
          if (paused) waited += performance.now() - from
          continue
        }
        do {
          this.#train(net)
          this.#done++
          if (every) untold.push(this.#progress())
          // A stream brings the next minibatch once it hears that this one is trained on.
        } while (
          !this.#ended &&
          !this.#fed &&
          this.#done < this.#due &&
          performance.now() - from < TIME_SLICE_MS
        )
        // The end of an epoch is told by the answer.
        if (!this.#ended && (this.#done >= this.#due || performance.now() - reported >= REPORT_INTERVAL_MS)) {
          report(every ? untold : [this.#progress()])
          untold = []
          reported = performance.now()
        }
        await yieldToEventLoop()
        if (!this.#ended) this.#resolveSteps()
      }
    } finally {
      // Before the answer, or the error, that ends the epoch.
      if (untold.length > 0) report(untold)
      if (!this.#ended) this.#stopFeeding()
    }
    // Whoever awaits a step that ends the epoch shall hear of the epoch first.
    if (this.#ended) yieldToEventLoop().then(() => this.#resolveSteps())
    const end = this.#fit.end() as EpochAnswer['end']
    return { progress: this.#progress(), ended: this.#ended, end, waited }
  }

  /** Takes a minibatch of a stream; answers once it is trained on, or will not be any more. */
  async feed(batch: RawDataset, bytes: number): Promise<void> {
    if (this.#stopped) return batch.free()
    await new Promise<void>((resolve) => {
      this.#fed!.push({ batch, bytes, resolve })
      this.wake()
    })
  }

  /** Bytes of the minibatches that wait. */
  get bytes(): number {
    return (this.#fed ?? []).reduce((sum, { bytes }) => sum + bytes, 0)
  }

  /** Ends the epoch of a stream. */
  endEpoch(network: RawNetwork): void {
    if (this.#stopped) return
    this.#fit.endEpoch(network)
    this.#ended = true
    this.wake()
  }

  /** What is known at its end. */
  measures(network: RawNetwork): FitEnd {
    const [start, constant] = this.#fit.measures(network)
    return { start: start!, constant: constant!, steps: network.steps() }
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
    this.#resolveSteps()
    for (const { resolve } of this.#steps) resolve(false)
    this.#stopFeeding()
    for (const { batch } of this.#fed ?? []) batch.free()
    this.#fit.free()
  }

  /** Whether the stream has to bring something first. */
  get #awaitingBatch(): boolean {
    return this.#fed?.length === 0
  }

  /** One minibatch. */
  #train(network: RawNetwork): void {
    const next = this.#fed?.[0]
    if (!next) {
      this.#ended = this.#fit.step(network)
      return
    }
    this.#fit.stepOn(network, next.batch)
    this.#fed!.shift()
    next.batch.free()
    next.resolve()
  }

  /** Takes no more, and lets go whoever waits for what was taken. */
  #stopFeeding(): void {
    this.#stopped = true
    for (const { resolve } of this.#fed ?? []) resolve()
  }

  #resolveSteps(): void {
    const reached = this.#steps.filter(({ until }) => until <= this.#done)
    this.#steps = this.#steps.filter(({ until }) => until > this.#done)
    for (const { resolve } of reached) resolve(true)
  }

  #progress(): FitProgress {
    const [epoch, batch, batches, loss, accuracy, samples, learningRate, batchLoss, ...rest] = Array.from(
      this.#fit.progress(),
      (value) => (Number.isNaN(value) ? undefined : value),
    )
    const [
      gradientNorm,
      gradientChange,
      gradientLargest,
      gradientEvaluations,
      lossEvaluations,
      term,
      exactMatch,
    ] = rest
    return {
      epoch,
      batch,
      batches,
      loss,
      accuracy,
      exactMatch,
      samples,
      learningRate,
      batchLoss,
      gradientNorm,
      gradientChange,
      gradientLargest,
      gradientEvaluations,
      lossEvaluations,
      regularization: term,
    } as FitProgress
  }
}
