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
import { checkAll, dataFeed, type Feed, streamFeed, trainEpoch, usualBatch, written } from './feed'
import { claim } from './lock'
import { checkOptions, type FitOptions, isRun, toTruncated } from './options'
import { conclude, type History, type StopReason } from './report'
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
    const { selection, seed = 0, distributed } = options
    let parts: { chosen: Dataset; rest: Dataset } | undefined
    try {
      if (data instanceof Dataset && typeof selection === 'number') {
        const [rest, chosen] = await data.partition('fit', { selection }, seed)
        parts = { chosen: chosen!, rest: rest! }
      }
      const feed =
        data instanceof Dataset
          ? dataFeed(network, parts?.rest ?? data)
          : await streamFeed(network, data, options)
      const chosen = parts?.chosen ?? (selection as Dataset | undefined)
      if (!distributed) return await this.#epochs(network, feed, chosen, options)
      const shared = await distributed.join(network, feed, options)
      return await this.#epochs(network, shared, chosen, distributed.optionsOf(options))
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
    const whole = isFullBatch(optimizer)
    if (whole) checkAll(optimizer.type, feed, options)
    const usual = whole ? feed.samples : usualBatch(feed, across)
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
    const { checkpoint, resume } = options
    const own = isRun(checkpoint) ? checkpoint : undefined
    const checkpoints =
      own || (resume !== undefined && resume !== false)
        ? (await import('./checkpoints')).openCheckpoints(
            network,
            own,
            resume,
            { ...spec, ...feed.made, selection: selection?.samples, patience: ends.keepBest },
            whole,
            options.distributed,
          )
        : undefined
    // Without them the request is posted at once, before those of later calls.
    const resumed = checkpoints && (await checkpoints.load())
    const start = await feed.start(engine, spec, written(spec, feed.batches(spec)), ends)
    const { id } = start
    const bar = options.progress
      ? new (await import('./progress')).ProgressBar(epochs, feed.samples)
      : undefined
    const history: History = {
      epochs: [],
      stopReason: 'epochs',
      explanation: '',
      warning: undefined,
      gradientEvaluations: 0,
      lossEvaluations: 0,
      bestEpoch: undefined,
      optimizer: { type: optimizer.type, before: 0, steps: 0 },
      ...resumed?.history,
    }
    let method = resumed?.end
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
    const every = onBatch !== undefined && !whole
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
    /** Why the training is over after the last of the epochs. */
    const over = (): StopReason | undefined => {
      const done = history.epochs.length
      const reached = method?.rule ?? criteria.reached(history.epochs)
      if (reached || done >= epochs) return reached ?? 'epochs'
      return done - (history.bestEpoch ?? 0) >= patience! ? 'patience' : undefined
    }
    try {
      const { updates, epochs: passes } = resumed
        ? await engine.ask('fitRestore', [id, resumed.state])
        : start
      history.optimizer.before = updates
      let { batch: skip = 0, seconds: trained = 0 } = resumed ?? {}
      let reason = resumed && over()
      while (!reason) {
        const epoch = history.epochs.length + 1
        const train = () =>
          trainEpoch(feed, engine, id, {
            tell,
            every,
            batches: checkpoints?.batches ?? Number.POSITIVE_INFINITY,
            inBreak: ({ batch }, seconds) =>
              checkpoints!.save(id, { history, batch, seconds: trained + seconds }).catch(fail),
            failure: () => failed[0],
          })
        const answer = await feed.epoch(engine, id, { pass: passes + epoch - 1, skip }, train, halt)
        const close = async () => {
          check()
          const seconds = trained + answer.seconds
          if (!answer.ended) {
            await checkpoints?.stop(id, { history, batch: 0, seconds }, answer.progress)
            return criteria.late ? 'seconds' : 'stopped'
          }
          ;[skip, trained] = [0, 0]
          tell([answer.progress])
          const report = reportOf({ ...answer, seconds })
          history.epochs.push(report)
          bar?.epoch(report)
          if (answer.best && selection) history.bestEpoch = epoch
          method = answer.end
          const reached = over()
          if (answer.best || !selection) await save(network, report, checkpoint)
          await checkpoints?.endEpoch(
            id,
            { history, batch: 0, seconds: 0, end: method },
            reached !== undefined,
          )
          await options.onEpochEnd?.(report)
          check()
          return reached
        }
        reason = await (feed.together?.(close) ?? close())
      }
      history.stopReason = reason
      complete = true
    } finally {
      criteria.end()
      signal?.removeEventListener('abort', halt)
      if (!engine.lost) end = await engine.ask('fitEnd', [id, complete])
      network.remember(optimizer.type, end?.steps)
    }
    history.optimizer.steps = end?.steps ?? 0
    conclude(history, method?.explanation, end)
    return history
  }
}
