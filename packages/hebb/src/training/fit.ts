import { Dataset } from '../data/dataset'
import type { SampleStream } from '../data/streams/minibatches'
import type { FitEnd, FitProgress } from '../engine/protocol'
import { calledFrom, toJson } from '../errors'
import { toLossIndex } from '../losses/option'
import { toOptimizer } from '../optimizers'
import { isFullBatch } from '../optimizers/fullBatch'
import { checkWhole } from '../options'
import { RunControl } from './control'
import { reportOf, save } from './epoch'
import { checkAll, type Feed, toFeed, usualBatch } from './feed'
import { claim } from './lock'
import { checkOptions, type FitOptions, toTruncated } from './options'
import { ProgressBar } from './progress'
import { conclude, type History } from './report'
import { StoppingCriteria } from './stopping'
import type { Trainable } from './trainable'

/**
 * A running training: await it for its {@link History}, or iterate over it for its progress, at most 20 events per second
 * and one at the end of each epoch and at each pause. If nothing handles its failure, that is an unhandled rejection, as for
 * any promise, and ends a Node process.
 */
export class Run implements Promise<History>, AsyncIterable<FitProgress> {
  static get name() {
    return 'Run'
  }
  readonly [Symbol.toStringTag] = 'Run'
  #result: Promise<History>
  /** Whether a caller handles the result, and how many pending steps would throw its error. */
  #heard = false
  #steps = 0
  readonly #listeners = new Set<(event: FitProgress | undefined) => void>()
  readonly #control = new RunControl()
  #ended = false

  /** @internal */
  constructor(network: Trainable, data: Dataset | SampleStream, options: FitOptions) {
    this.#result = this.#train(network, data, options)
      .catch(calledFrom(Run))
      .finally(() => {
        this.#ended = true
        this.#control.end()
        for (const listener of this.#listeners) listener(undefined)
      })
  }

  // biome-ignore lint/suspicious/noThenProperty: a run is awaited, by design.
  then<A = History, B = never>(
    resolved?: ((value: History) => A | PromiseLike<A>) | null,
    // biome-ignore lint/suspicious/noExplicitAny: as of any promise.
    rejected?: ((reason: any) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#heard = true
    return this.#result.then(resolved, rejected)
  }

  // biome-ignore lint/suspicious/noExplicitAny: as of any promise.
  catch<B = never>(rejected?: ((reason: any) => B | PromiseLike<B>) | null): Promise<History | B> {
    return this.then(undefined, rejected)
  }

  finally(settled?: (() => void) | null): Promise<History> {
    this.#heard = true
    return this.#result.finally(settled)
  }

  /** Ends the training after the running step, or immediately if it is paused. The history's `stopReason` is `stopped`. */
  stop(): void {
    this.#control.stop()
  }

  /** Whether the training is paused. */
  get paused(): boolean {
    return this.#control.paused
  }

  /**
   * Pauses the training after the running step; the end of an epoch, with evaluation, checkpoint and `onEpochEnd`, is
   * completed first. Until `resume()`, `step()`, `stop()` or an abort nothing is computed, and the weights can be read, used
   * and saved. A paused training keeps a Node process alive, as a running one does (except with
   * `init({ thread: 'here' })`).
   */
  pause(): void {
    this.#control.pause()
  }

  /** Continues a paused training. */
  resume(): void {
    this.#control.resume()
  }

  /**
   * Trains `batches` more minibatches, then pauses. Resolves after they were trained, or if the run ends before, and rejects
   * with the run's error. Do not await it inside `onEpochEnd` or `checkpoint`: it would wait for itself.
   */
  async step(batches = 1): Promise<void> {
    checkWhole('step', 'batches', batches, 1)
    const result = this.#result
    // An error that ends the run meanwhile is thrown here.
    result.catch(() => {})
    this.#steps++
    const done = await this.#control.step(batches).catch(() => false)
    this.#steps--
    if (!done) await result
    // From now on a failure is unhandled again unless another caller handles it.
    else if (!this.#heard && this.#steps === 0) this.#result = result.then((history) => history)
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<FitProgress, void> {
    // The loop throws the run's error.
    this.#heard = true
    this.#result.catch(() => {})
    const waiting: FitProgress[] = []
    let wake = () => {}
    const listener = (event: FitProgress | undefined) => {
      if (event) waiting.push(event)
      wake()
    }
    this.#listeners.add(listener)
    try {
      while (true) {
        while (waiting.length > 0) yield waiting.shift()!
        if (this.#ended) break
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      await this.#result
    } finally {
      this.#listeners.delete(listener)
    }
  }

  async #train(network: Trainable, data: Dataset | SampleStream, options: FitOptions): Promise<History> {
    checkOptions(data, options)
    const release = claim(network)
    const { selection, seed = 0 } = options
    let parts: { chosen: Dataset; rest: Dataset } | undefined
    try {
      if (data instanceof Dataset && typeof selection === 'number') {
        const [rest, chosen] = await data.partition('fit', { selection }, seed)
        parts = { chosen: chosen!, rest: rest! }
      }
      const feed = toFeed(network, parts?.rest ?? data, options)
      return await this.#epochs(network, feed, parts?.chosen ?? (selection as Dataset | undefined), options)
    } finally {
      parts?.chosen.dispose()
      parts?.rest.dispose()
      release()
    }
  }

  async #epochs(
    network: Trainable,
    feed: Feed,
    selection: Dataset | undefined,
    options: FitOptions,
  ): Promise<History> {
    const { signal, patience, until = {} } = options
    const { parameters, across } = network.description
    const optimizer = toOptimizer(options.optimizer, parameters)
    if (isFullBatch(optimizer)) checkAll(optimizer.type, feed, options)
    const usual = isFullBatch(optimizer) ? feed.samples : usualBatch(feed, across)
    const batchSize = checkWhole('fit', 'batchSize', options.batchSize ?? usual, 1)
    const spec = {
      epochs: checkWhole('fit', 'epochs', options.epochs ?? 1, 1),
      batchSize: feed.whole ? Math.min(batchSize, feed.samples!) : batchSize,
      seed: checkWhole('fit', 'seed', options.seed ?? 0, 0),
      shuffle: options.shuffle ?? true,
      loss: toLossIndex(options, network.outputs),
      optimizer,
      rates: options.rates,
      accumulate: checkWhole('fit', 'accumulate', options.accumulate ?? 1, 1),
      truncated: toTruncated(network, options),
      // Gradients explode over time.
      gradientNorm: until.gradientNorm !== undefined || network.description.states.length > 0,
      gradientChange: until.convergenceThreshold !== undefined,
    }
    const { epochs } = spec
    const engine = network.engine
    signal?.throwIfAborted()
    // The getter throws if the data set belongs to an earlier engine.
    void selection?.engine
    const ends = {
      selection: selection?.id,
      loss: toJson('loss', spec.loss),
      keepBest: selection !== undefined && patience !== undefined,
    }
    const { id, updates: before } = await feed.start(engine, spec, ends)
    const bar = options.progress ? new ProgressBar(epochs, feed.samples) : undefined
    const history: History = {
      epochs: [],
      stopReason: 'epochs',
      explanation: '',
      warning: undefined,
      gradientEvaluations: 0,
      lossEvaluations: 0,
      bestEpoch: undefined,
      optimizer: { type: optimizer.type, before, steps: 0 },
    }
    let why: string | undefined
    let waited = 0
    let end: FitEnd | undefined
    let complete = false
    const halt = () => this.#control.stop()
    const failed: unknown[] = []
    const fail = (error: unknown) => {
      failed.push(error)
      halt()
    }
    const { onBatch } = options
    // An epoch of a full-batch optimizer is one minibatch, which is reported several times.
    const every = onBatch !== undefined && !isFullBatch(optimizer)
    let told = ''
    const tell = (all: FitProgress[]) => {
      const last = all.at(-1)!
      bar?.batch(last)
      for (const listener of this.#listeners) listener(last)
      for (const progress of onBatch ? all : []) {
        const which = `${progress.epoch} ${progress.batch}`
        if (failed.length > 0 || (every && which === told)) continue
        told = which
        // The callback is not awaited; its error must not reach the engine's call, which would count as the engine's error.
        try {
          Promise.resolve(onBatch!(progress)).catch(fail)
        } catch (error) {
          fail(error)
        }
      }
    }
    const check = () => {
      if (failed.length > 0) throw failed[0]
      signal?.throwIfAborted()
    }
    signal?.addEventListener('abort', halt)
    // The abort may have come while the training started.
    if (signal?.aborted) halt()
    this.#control.begin(engine, id)
    const criteria = new StoppingCriteria(until, halt)
    try {
      for (let epoch = 1; epoch <= epochs; epoch++) {
        const answer = await feed.epoch(engine, id, epoch, { tell, halt, every })
        check()
        if (!answer.ended) {
          history.stopReason = criteria.late ? 'seconds' : 'stopped'
          break
        }
        tell([answer.progress])
        const report = reportOf(answer)
        history.epochs.push(report)
        bar?.epoch(report)
        if (selection && answer.best) history.bestEpoch = epoch
        waited = answer.best ? 0 : waited + 1
        if (answer.best || !selection) await save(network, report, options.checkpoint)
        await options.onEpochEnd?.(report)
        check()
        if (answer.end) {
          history.stopReason = answer.end.rule
          why = answer.end.explanation
          break
        }
        const reached = criteria.reached(report)
        if (reached) {
          history.stopReason = reached
          break
        }
        if (patience !== undefined && waited >= patience && epoch < epochs) {
          history.stopReason = 'patience'
          break
        }
      }
      complete = true
    } finally {
      criteria.end()
      signal?.removeEventListener('abort', halt)
      if (!engine.lost) end = await engine.ask('fitEnd', [id, complete])
      network.remember(optimizer.type, end?.steps)
    }
    history.optimizer.steps = end?.steps ?? 0
    conclude(history, why, end)
    return history
  }
}
