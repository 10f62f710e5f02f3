// A training in the engine: it takes turns with all other requests, and can be paused between any two minibatches.
import type { RawFit, RawNetwork } from '../../../wasm/glue/hebb_wasm.js'
import type { EpochAnswer, Evaluated, FitEnd, FitProgress } from '../protocol'
import { TIME_SLICE_MS, yieldToEventLoop } from './eventLoop'
import type { Data } from './toRawDataset'

/** The least time between two reports within an epoch. */
const REPORT_INTERVAL_MS = 50

export class Training {
  readonly network: number
  readonly fit: RawFit
  readonly #networkOf: () => RawNetwork
  readonly #select: (() => Promise<Evaluated>) | undefined
  /** Minibatches trained, and how many may be trained: infinitely many unless the training is paused. */
  #done = 0
  #due = Number.POSITIVE_INFINITY
  #ended = false
  #stopped = false
  /** Whether a gradient was completed, by which the next step trains whatever happens: other processes do so too. */
  #completed = false
  /** The waiting minibatches, if the training is fed by a stream. */
  readonly #fed: (Data & { resolve: () => void })[] | undefined
  #steps: { until: number; resolve: (done: boolean) => void }[] = []
  #wake = () => {}

  /**
   * `networkOf` throws if the network was disposed of. `select` evaluates the selection samples, if there are any. `streams`:
   * whether a stream feeds the minibatches.
   */
  constructor(
    fit: RawFit,
    network: number,
    networkOf: () => RawNetwork,
    select: (() => Promise<Evaluated>) | undefined,
    streams: boolean,
  ) {
    this.fit = fit
    this.network = network
    this.#networkOf = networkOf
    this.#select = select
    this.#fed = streams ? [] : undefined
  }

  /**
   * Trains until the epoch ends, `batches` more minibatches were trained, or the training is stopped. `report` gets all
   * minibatches since the last report with `every`, else the last minibatch.
   */
  async epoch(
    every: boolean,
    batches: number,
    report: (progress: FitProgress[]) => void,
  ): Promise<EpochAnswer> {
    const start = performance.now()
    let reported = start
    let untold: FitProgress[] = []
    let waited = 0
    const limit = this.#done + batches
    try {
      while (!this.#ended && (this.#completed || !this.#stopped) && this.#done < limit) {
        const net = this.#networkOf()
        const from = performance.now()
        const paused = this.#paused
        if (paused || this.#awaitingBatch) {
          await this.#wakened()
          if (paused) waited += performance.now() - from
          continue
        }
        do {
          this.#train(net)
          this.#done++
          if (every) untold.push(this.#progress())
          // A stream brings the next minibatch after the answer to this one.
        } while (
          !this.#ended &&
          !this.#fed &&
          this.#done < Math.min(this.#due, limit) &&
          performance.now() - from < TIME_SLICE_MS
        )
        // The answer reports the end of the epoch.
        if (!this.#ended && (this.#done >= this.#due || performance.now() - reported >= REPORT_INTERVAL_MS)) {
          report(every ? untold : [this.#progress()])
          untold = []
          reported = performance.now()
        }
        await yieldToEventLoop()
        if (!this.#ended) this.#resolveSteps()
      }
    } finally {
      // This must come before the answer or error that ends the epoch.
      if (untold.length > 0) report(untold)
      if (!this.#ended && (this.#stopped || this.#done < limit)) this.#stopFeeding()
    }
    const seconds = (performance.now() - start - waited) / 1000
    const ended = this.#ended
    this.#ended = false
    const selection = ended ? await this.#select?.() : undefined
    const progress = this.#progress()
    const best = ended && this.fit.noteLoss(this.#networkOf(), selection?.loss ?? progress.loss)
    // The caller gets the end of the epoch before the end of the step that caused it.
    if (ended) yieldToEventLoop().then(() => this.#resolveSteps())
    return { progress, ended, stopped: this.#stopped, selection, best, end: this.fit.end(), seconds }
  }

  /** Computes micro-shards of the next minibatch when it may be trained; undefined if it may not any more. */
  async shards(count: number, from: number, to: number) {
    while (this.#paused && !this.#stopped) await this.#wakened()
    if (this.#stopped) return undefined
    return this.fit.computeShards(this.#networkOf(), count, from, to)
  }

  /** Completes the gradient of the next minibatch. */
  complete(network: RawNetwork, outcomes: Float64Array): void {
    this.fit.complete(network, outcomes)
    this.#completed = true
  }

  get #paused(): boolean {
    return !this.#completed && this.#done >= this.#due
  }

  #wakened(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }

  /** Takes a minibatch of a stream; resolves after it was trained on, or if it will not be. */
  async feed(batch: Data): Promise<void> {
    if (this.#stopped) return batch.raw.free()
    await new Promise<void>((resolve) => {
      this.#fed!.push({ ...batch, resolve })
      this.wake()
    })
  }

  /** Bytes of the waiting minibatches. */
  get bytes(): number {
    return (this.#fed ?? []).reduce((sum, { bytes }) => sum + bytes, 0)
  }

  /** Ends the epoch of a stream. */
  endEpoch(network: RawNetwork): void {
    if (this.#stopped) return
    this.fit.endEpoch(network)
    this.#ended = true
    this.wake()
  }

  /** The measurements at the end. */
  measures(network: RawNetwork): FitEnd {
    return { ...this.fit.measures(network), steps: network.steps() }
  }

  restoreBest(network: RawNetwork): void {
    this.fit.restoreBest(network)
  }

  /** Stops training after the steps that were asked for. */
  pause(): void {
    this.#due = Math.max(this.#done, ...this.#steps.map(({ until }) => until))
  }

  resume(): void {
    this.#due = Number.POSITIVE_INFINITY
    this.wake()
  }

  /** Allows `batches` more minibatches; resolves after they were trained: with false if the training ended before. */
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

  /** Makes a waiting training check again whether it may continue. */
  wake(): void {
    this.#wake()
  }

  end(): void {
    this.#resolveSteps()
    for (const { resolve } of this.#steps) resolve(false)
    this.#stopFeeding()
    for (const { raw } of this.#fed ?? []) raw.free()
    this.fit.free()
  }

  /** Whether the stream must bring a minibatch first. */
  get #awaitingBatch(): boolean {
    return this.#fed?.length === 0
  }

  /** Trains on one minibatch. */
  #train(network: RawNetwork): void {
    const next = this.#fed?.[0]
    if (!next) {
      this.#ended = this.fit.step(network)
      this.#completed = false
      return
    }
    this.fit.stepOn(network, next.raw)
    this.#fed!.shift()
    next.raw.free()
    next.resolve()
  }

  /** Accepts no more minibatches, and answers the waiting ones. */
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
    return this.fit.progress()
  }
}
