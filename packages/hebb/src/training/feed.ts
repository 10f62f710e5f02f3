// The source of minibatches: a data set in the engine, or a stream of samples in the calling thread.
import { Dataset } from '../data/dataset'
import { minibatches, type SampleStream } from '../data/streams/minibatches'
import type { Engine } from '../engine/engine'
import type { EpochAnswer, EpochEnds, FitProgress, FitStart } from '../engine/protocol'
import { HebbError, toJson } from '../errors'
import type { LossIndex } from '../losses/option'
import type { Optimizer } from '../optimizers'
import { isFullBatch } from '../optimizers/fullBatch'
import { tabulated } from '../optimizers/tabulate'
import { checkWhole } from '../options'
import type { FitOptions } from './options'
import type { Trainable } from './trainable'

/** Minibatches that the engine has not answered: it trains on one, and one waits. */
const MAX_UNANSWERED_BATCHES = 2

const DEFAULT_BATCH_SIZE = 32

const DEFAULT_SHUFFLE_BUFFER = 1024

/** The options of a training as the engine expects them. */
export interface Spec {
  epochs: number
  batchSize: number
  seed: number
  shuffle: boolean
  loss: LossIndex
  optimizer: Optimizer
  /** Minibatches per update. */
  accumulate: number
  /** Time steps between updates of truncated backpropagation through time; 0 if it is not truncated. */
  truncated: number
  /** Whether to measure the norm of the gradients. */
  gradientNorm: boolean
  /** Whether to measure the change of the gradient from epoch to epoch. */
  gradientChange: boolean
}

/** Callbacks of a running epoch. */
export interface EpochCallbacks {
  tell: (progress: FitProgress[]) => void
  /** Stops the training. */
  halt: () => void
  /** Whether to tell every minibatch. */
  every: boolean
}

/** The default batch size; a tenth of a small data set, so that an epoch has several steps. */
export function usualBatch({ samples, whole }: Feed, across: boolean): number {
  const most = whole ? Math.floor(samples! / 10) : DEFAULT_BATCH_SIZE
  return Math.max(across ? 2 : 1, Math.min(DEFAULT_BATCH_SIZE, most))
}

export interface Feed {
  /** Samples per epoch if known; for a stream with `stepsPerEpoch` the most possible. */
  readonly samples: number | undefined
  /** Whether all samples are in the engine. */
  readonly whole: boolean
  /** Starts a training in the engine. */
  start(engine: Engine, spec: Spec, ends: EpochEnds): Promise<FitStart>
  /** Trains one epoch; `epoch` counts from 1. */
  epoch(engine: Engine, id: number, epoch: number, callbacks: EpochCallbacks): Promise<EpochAnswer>
}

/** The feed of some data. */
export function toFeed(network: Trainable, data: Dataset | SampleStream, options: FitOptions): Feed {
  return data instanceof Dataset ? dataFeed(network, data) : new StreamFeed(network, data, options)
}

/** Throws if a full-batch optimizer cannot use the data or the options. */
export function checkAll(type: string, { samples, whole }: Feed, options: FitOptions): void {
  const { batchSize = samples, accumulate = 1, rates } = options
  if (whole && batchSize! >= samples! && accumulate === 1 && !rates) return
  const how = whole ? 'leave batchSize, accumulate and rates out' : 'a stream has only some'
  throw new HebbError('option', `fit: ${type} takes all samples at once: ${how}, or use sgd, adam, …`)
}

function dataFeed(network: Trainable, data: Dataset): Feed {
  return {
    samples: data.samples,
    whole: true,
    start(engine, spec, ends) {
      // The getter throws if the data set belongs to an earlier engine.
      void data.engine
      const { across, inputs } = network.description
      const minibatches =
        Math.ceil(data.samples / spec.batchSize) - (across && data.samples % spec.batchSize === 1 ? 1 : 0)
      const beyond = data.shape[0]! - inputs[0]![1][0]!
      const batches = minibatches * (spec.truncated ? 1 + Math.ceil(beyond / spec.truncated) : 1)
      const whole = isFullBatch(spec.optimizer)
      return engine.ask('fitStart', [network.id, data.id, written(spec, batches), whole, ends])
    },
    epoch: (engine, id, _, { tell, every }) => engine.ask('fitEpoch', [id, every], undefined, tell),
  }
}

/** The options as JSON; `batches` is the number of minibatches per epoch if known. */
function written(spec: Spec, batches: number | undefined): string {
  const { loss, optimizer, epochs } = spec
  if (isFullBatch(optimizer)) return toJson('fit', { loss, optimizer })
  const perEpoch = batches && Math.ceil(batches / spec.accumulate)
  return toJson('fit', { ...spec, optimizer: tabulated(optimizer, { epochs, perEpoch }) })
}

class StreamFeed implements Feed {
  readonly samples: number | undefined
  readonly whole = false
  readonly #network: Trainable
  readonly #stream: SampleStream
  readonly #steps: number | undefined
  readonly #buffer: number
  #spec: Spec | undefined
  /** Epochs of the earlier trainings that this one continues. */
  #before = 0

  constructor(network: Trainable, stream: SampleStream, options: FitOptions) {
    const { stepsPerEpoch, shuffle = true, shuffleBuffer = DEFAULT_SHUFFLE_BUFFER } = options
    this.#network = network
    this.#stream = stream
    if (stepsPerEpoch !== undefined) checkWhole('fit', 'stepsPerEpoch', stepsPerEpoch, 1)
    this.#steps = stepsPerEpoch
    this.samples = stepsPerEpoch && stepsPerEpoch * (options.batchSize ?? DEFAULT_BATCH_SIZE)
    this.#buffer = shuffle ? checkWhole('fit', 'shuffleBuffer', shuffleBuffer, 1) : 1
  }

  async start(engine: Engine, spec: Spec, ends: EpochEnds): Promise<FitStart> {
    this.#spec = spec
    const options = written(spec, this.#steps)
    const start = await engine.ask('fitStartStream', [this.#network.id, this.#steps, options, ends])
    this.#before = start.epochs
    return start
  }

  async epoch(
    engine: Engine,
    id: number,
    epoch: number,
    { tell, halt, every }: EpochCallbacks,
  ): Promise<EpochAnswer> {
    const over = new AbortController()
    const training = engine.ask('fitEpoch', [id, every], undefined, tell)
    let failed: { error: unknown } | undefined
    const feeding = this.#feed(engine, id, epoch, over.signal).catch((error) => {
      // After an abort an error of the source no longer matters.
      if (over.signal.aborted) return
      failed = { error }
      halt()
    })
    let answer: EpochAnswer
    try {
      answer = await training
    } finally {
      over.abort()
      await feeding
    }
    if (failed) throw failed.error
    return answer
  }

  /** Sends the minibatches of one pass to the engine, then ends the epoch. */
  async #feed(engine: Engine, id: number, epoch: number, signal: AbortSignal): Promise<void> {
    const { batchSize, seed } = this.#spec!
    // The next block is fetched while the engine trains on this one.
    const prefetch = Math.max(batchSize, this.#buffer)
    const options = {
      batchSize,
      shuffleBuffer: this.#buffer,
      seed,
      epoch: this.#before + epoch - 1,
      prefetch,
      joins: this.#network.description.across,
      steps: this.#steps,
    }
    const onTheWay: Promise<void>[] = []
    let steps = 0
    try {
      for await (const batch of minibatches('fit', this.#stream, options, this.#network.expects, signal)) {
        const { x, t, numbers } = batch
        const targets = t && 'shape' in t ? t.data : t!
        const transfer = [x.data.buffer, targets.buffer] as ArrayBuffer[]
        const shape = Uint32Array.from(x.shape.slice(1))
        const fed = engine.ask('fitFeed', [id, shape, x.data, targets, numbers], transfer)
        // The promise is awaited below, possibly after it has rejected.
        fed.catch(() => {})
        onTheWay.push(fed)
        if (onTheWay.length === MAX_UNANSWERED_BATCHES) await onTheWay.shift()
        if (++steps === this.#steps || signal.aborted) break
      }
    } finally {
      // Minibatches that came before an error of the source are trained.
      await Promise.all(onTheWay)
    }
    if (!signal.aborted) await engine.ask('fitEndEpoch', [id])
  }
}
