// What feeds a training its minibatches: a data set in the engine, or a stream of samples here.
import { Dataset } from '../data/dataset'
import { minibatches, type SampleStream } from '../data/streams/minibatches'
import type { Engine } from '../engine/engine'
import type { EpochAnswer, FitProgress, FitStart } from '../engine/protocol'
import { HebbError, toJson } from '../errors'
import type { LossIndex } from '../losses/option'
import type { Optimizer } from '../optimizers'
import { isFullBatch } from '../optimizers/fullBatch'
import { tabulated } from '../optimizers/tabulate'
import { checkWhole } from '../options'
import type { FitOptions } from './options'
import type { Trainable } from './trainable'

/** How many minibatches are on their way to the engine: one that it trains on, one that waits. */
const MAX_UNANSWERED_BATCHES = 2

/** The usual size of a minibatch. */
const DEFAULT_BATCH_SIZE = 32

/** How many samples of a stream are shuffled at a time, unless `shuffleBuffer` says otherwise. */
const DEFAULT_SHUFFLE_BUFFER = 1024

/** A training's options as the engine takes them. */
export interface Spec {
  epochs: number
  batchSize: number
  seed: number
  shuffle: boolean
  loss: LossIndex
  optimizer: Optimizer
  /** Minibatches to an update. */
  accumulate: number
  /** Whether the norm of the gradients is measured. */
  gradientNorm: boolean
  /** Whether the change of the gradient from epoch to epoch is measured. */
  gradientChange: boolean
}

/** What an epoch tells while it lasts, and how its end can be brought about. */
export interface EpochCallbacks {
  tell: (progress: FitProgress[]) => void
  halt: () => void
  /** Whether to tell of every minibatch. */
  every: boolean
}

/** The batch size if nobody says: of a small data set a tenth, so that an epoch is several steps. */
export function usualBatch({ samples, whole }: Feed, across: boolean): number {
  const most = whole ? Math.floor(samples! / 10) : DEFAULT_BATCH_SIZE
  return Math.max(across ? 2 : 1, Math.min(DEFAULT_BATCH_SIZE, most))
}

export interface Feed {
  /** Samples an epoch, where that is known; of a stream with `stepsPerEpoch` the most there can be. */
  readonly samples: number | undefined
  /** Whether all samples are at hand. */
  readonly whole: boolean
  /** Starts a training in the engine. */
  start(engine: Engine, spec: Spec): Promise<FitStart>
  /** Trains for an epoch, from 1. */
  epoch(engine: Engine, id: number, epoch: number, callbacks: EpochCallbacks): Promise<EpochAnswer>
}

/** What feeds a training on this data. */
export function toFeed(network: Trainable, data: Dataset | SampleStream, options: FitOptions): Feed {
  return data instanceof Dataset ? dataFeed(network, data) : new StreamFeed(network, data, options)
}

/** Refuses what an optimizer for all samples cannot do. */
export function checkAll(type: string, { samples, whole }: Feed, options: FitOptions): void {
  const { batchSize = samples, accumulate = 1 } = options
  if (whole && batchSize! >= samples! && accumulate === 1) return
  const how = whole
    ? `leave batchSize and accumulate out (there are ${samples} samples)`
    : 'a stream has only some'
  throw new HebbError('option', `fit: ${type} takes all samples at once: ${how}, or use sgd, adam, …`)
}

function dataFeed(network: Trainable, data: Dataset): Feed {
  return {
    samples: data.samples,
    whole: true,
    start(engine, spec) {
      // A data set of another engine has no meaning to this one; its getter says so.
      void data.engine
      const { across } = network.description
      const batches =
        Math.ceil(data.samples / spec.batchSize) - (across && data.samples % spec.batchSize === 1 ? 1 : 0)
      const whole = isFullBatch(spec.optimizer)
      return engine.ask('fitStart', [network.id, data.id, written(spec, batches), whole])
    },
    epoch: (engine, id, _, { tell, every }) => engine.ask('fitEpoch', [id, every], undefined, tell),
  }
}

/** Options for the engine, epochs being of so many minibatches, where that is known. */
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
  /** Epochs of the trainings that this one goes on from. */
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

  async start(engine: Engine, spec: Spec): Promise<FitStart> {
    this.#spec = spec
    const options = written(spec, this.#steps)
    const start = await engine.ask('fitStartStream', [this.#network.id, this.#steps, options])
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
      // What comes of leaving the source is nobody's concern any more.
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

  /** Brings the minibatches of one pass to the engine, then tells it that these were all. */
  async #feed(engine: Engine, id: number, epoch: number, signal: AbortSignal): Promise<void> {
    const { batchSize, seed } = this.#spec!
    // The next block is fetched while this one is trained on.
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
        // It is awaited below, maybe later than it fails.
        fed.catch(() => {})
        onTheWay.push(fed)
        if (onTheWay.length === MAX_UNANSWERED_BATCHES) await onTheWay.shift()
        if (++steps === this.#steps || signal.aborted) break
      }
    } finally {
      // What came before an error of the source is trained on.
      await Promise.all(onTheWay)
    }
    if (!signal.aborted) await engine.ask('fitEndEpoch', [id])
  }
}
