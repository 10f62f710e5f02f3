import { Dataset } from '../data/dataset'
import type { FitProgress } from '../engine/protocol'
import { HebbError } from '../errors'
import { type LossOption, toLoss } from '../losses'
import type { AnyNetwork } from '../network'
import { type OptimizerOption, toOptimizer } from '../optimizers'
import { checkKeys, checkWhole } from '../options'
import { ProgressBar } from './progress'

/** What an epoch brought. */
export interface EpochReport {
  /** From 1. */
  epoch: number
  /** The loss of the training samples, each measured before its step: their mean, or for `sumSquaredError` their sum. */
  loss: number
  accuracy: number
  selectionLoss: number | undefined
  selectionAccuracy: number | undefined
  /** Without the evaluation of the selection samples. */
  seconds: number
  samplesPerSecond: number
  learningRate: number
}

export interface History {
  epochs: EpochReport[]
  /** Whether `run.stop()` ended it early. */
  stopped: boolean
}

export interface FitOptions {
  /** Passes over the data. Default 1. */
  epochs?: number
  /** Samples a step. Default 32, or all if there are fewer. */
  batchSize?: number
  /** The seed of the order of the samples. Default 0. */
  seed?: number
  /** Whether each epoch has an order of its own. Default true. */
  shuffle?: boolean
  /** Default: `crossEntropy` behind softmax, `binaryCrossEntropy` behind sigmoid, else `meanSquaredError`. */
  loss?: LossOption
  /** Default: `sgd` with learning rate 0.01 and momentum 0.9. */
  optimizer?: OptimizerOption
  /** Samples that are measured after each epoch and not trained on: a data set, or a part of the data (0…1). */
  selection?: Dataset | number
  /** Shows progress on stderr. Default false. */
  progress?: boolean
  /** Ends training after the running step; the promise then rejects with the signal's reason. */
  signal?: AbortSignal
  /** Awaited after each epoch. */
  onEpochEnd?: (report: EpochReport) => void | Promise<void>
  /** Called at most 20 times a second, not awaited. */
  onBatch?: (progress: FitProgress) => void
}

const KEYS = [
  'epochs',
  'batchSize',
  'seed',
  'shuffle',
  'loss',
  'optimizer',
  'selection',
  'progress',
  'signal',
  'onEpochEnd',
  'onBatch',
]

/**
 * A training under way: await it for its {@link History}, or iterate over it for its progress, at most 20
 * events a second and one at the end of each epoch.
 */
export class Run implements PromiseLike<History>, AsyncIterable<FitProgress> {
  readonly #result: Promise<History>
  readonly #listeners = new Set<(event: FitProgress | undefined) => void>()
  #ended = false
  #stopped = false
  #halt = () => {}

  /** @internal */
  constructor(network: AnyNetwork, data: Dataset, options: FitOptions) {
    this.#result = this.#train(network, data, options).finally(() => {
      this.#ended = true
      for (const listener of this.#listeners) listener(undefined)
    })
    // Whoever only iterates learns of an error there; whoever awaits, here.
    this.#result.catch(() => {})
  }

  // biome-ignore lint/suspicious/noThenProperty: a run is awaited, by design.
  then<A = History, B = never>(
    resolved?: ((value: History) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#result.then(resolved, rejected)
  }

  /** Ends training after the running step. The history then says `stopped`. */
  stop(): void {
    this.#stopped = true
    this.#halt()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<FitProgress, void> {
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

  async #train(network: AnyNetwork, data: Dataset, options: FitOptions): Promise<History> {
    checkKeys('fit', options, KEYS)
    if (!(data instanceof Dataset)) {
      throw new HebbError('data', 'fit trains on a data set: make one with datasets.fromArrays(x, t)')
    }
    if (typeof options.selection !== 'number') return this.#epochs(network, data, options)
    if (!(options.selection > 0 && options.selection < 1)) {
      throw new HebbError(
        'option',
        'fit: selection must be a data set, or a part of the data between 0 and 1',
      )
    }
    const { chosen, rest } = await data.setAside(options.selection, { seed: options.seed ?? 0 })
    try {
      return await this.#epochs(network, rest, { ...options, selection: chosen })
    } finally {
      chosen.dispose()
      rest.dispose()
    }
  }

  async #epochs(network: AnyNetwork, data: Dataset, options: FitOptions): Promise<History> {
    const epochs = checkWhole('fit', 'epochs', options.epochs ?? 1, 1)
    const batchSize = checkWhole('fit', 'batchSize', options.batchSize ?? Math.min(32, data.samples), 1)
    const loss = toLoss(options.loss, network.lastActivation)
    const engine = network.engine
    const { signal } = options
    const selection = options.selection as Dataset | undefined
    signal?.throwIfAborted()
    const spec = {
      epochs,
      batchSize,
      seed: checkWhole('fit', 'seed', options.seed ?? 0, 0),
      shuffle: options.shuffle ?? true,
      loss,
      optimizer: toOptimizer(options.optimizer),
    }
    // A data set of another engine has no meaning to this one; its getter says so.
    void data.engine
    const id = await engine.ask('fitStart', [network.id, data.id, JSON.stringify(spec)])
    this.#halt = () => void engine.ask('fitStop', [id]).catch(() => {})
    if (this.#stopped) this.#halt()
    signal?.addEventListener('abort', this.#halt)
    const bar = options.progress ? new ProgressBar(epochs, data.samples) : undefined
    const history: History = { epochs: [], stopped: false }
    const tell = (progress: FitProgress) => {
      bar?.batch(progress)
      options.onBatch?.(progress)
      for (const listener of this.#listeners) listener(progress)
    }
    try {
      for (let epoch = 1; epoch <= epochs; epoch++) {
        const from = performance.now()
        const { progress, ended } = await engine.ask('fitEpoch', [id], undefined, tell)
        const seconds = (performance.now() - from) / 1000
        signal?.throwIfAborted()
        if (!ended) {
          history.stopped = true
          break
        }
        tell(progress)
        const measured = selection ? await network.evaluate(selection, { loss }) : undefined
        const report: EpochReport = {
          epoch,
          loss: progress.loss,
          accuracy: progress.accuracy,
          selectionLoss: measured?.loss,
          selectionAccuracy: measured?.accuracy,
          seconds,
          samplesPerSecond: progress.samples / seconds,
          learningRate: progress.learningRate,
        }
        history.epochs.push(report)
        bar?.epoch(report)
        await options.onEpochEnd?.(report)
        signal?.throwIfAborted()
      }
      return history
    } finally {
      signal?.removeEventListener('abort', this.#halt)
      this.#halt = () => {}
      if (!engine.lost) await engine.ask('fitEnd', [id])
    }
  }
}
