// The source of minibatches: a data set in the engine, or a stream of samples in the calling thread.
import type { Dataset } from '../data/dataset'
import type { SampleStream } from '../data/streams/minibatches'
import type { Engine } from '../engine/engine'
import type { EpochAnswer, EpochEnds, FitProgress, FitStart } from '../engine/protocol'
import { HebbError, toJson } from '../errors'
import type { LossIndex } from '../losses/option'
import type { Optimizer } from '../optimizers'
import { isFullBatch } from '../optimizers/fullBatch'
import { tabulated } from '../optimizers/tabulate'
import type { FitOptions } from './options'
import type { Trainable } from './trainable'

const DEFAULT_BATCH_SIZE = 32

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

/** Where an epoch begins. */
export interface Place {
  /** The number of the pass over the samples, from 0, those of the trainings that this one continues included. */
  pass: number
  /** Minibatches that were trained before. */
  skip: number
}

/** Callbacks of a running epoch. */
export interface EpochCallbacks {
  tell: (progress: FitProgress[]) => void
  /** Whether to tell every minibatch. */
  every: boolean
  /** Minibatches between two breaks. */
  batches: number
  /** Awaited in a break, with the time trained so far. It must not throw. */
  inBreak: (progress: FitProgress, seconds: number) => Promise<void>
  /** What one of the program's callbacks threw; undefined if none did. */
  failure: () => unknown
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
  /** The options and sizes by which minibatches are made, for a checkpoint to compare. */
  readonly made: Readonly<Record<string, unknown>>
  /** Minibatches per epoch, if they are known. */
  batches(spec: Spec): number | undefined
  /** Starts a training in the engine, by {@link written} options. */
  start(engine: Engine, spec: Spec, options: string, ends: EpochEnds): Promise<FitStart>
  /** How minibatches are trained, unless the engine does it alone. */
  advance?(engine: Engine, id: number, callbacks: EpochCallbacks): Promise<EpochAnswer>
  /** Feeds one epoch while `train` trains it; `halt` stops the training. */
  epoch(
    engine: Engine,
    id: number,
    place: Place,
    train: () => Promise<EpochAnswer>,
    halt: () => void,
  ): Promise<EpochAnswer>
  /** Does what comes after an epoch, if other processes do so too: an error of one is one of all. */
  together?<T>(close: () => Promise<T>): Promise<T>
}

/** The feed of a stream. Most programs have none, so that its code is loaded with the first. */
export async function streamFeed(
  network: Trainable,
  stream: SampleStream,
  options: FitOptions,
): Promise<Feed> {
  const { StreamFeed } = await import('./streamFeed')
  return new StreamFeed(network, stream, { batchSize: DEFAULT_BATCH_SIZE, ...options })
}

/** Throws if a full-batch optimizer cannot use the data or the options. */
export function checkAll(type: string, { samples, whole }: Feed, options: FitOptions): void {
  const { batchSize = samples, accumulate = 1, rates } = options
  if (whole && batchSize! >= samples! && accumulate === 1 && !rates) return
  const how = whole ? 'leave batchSize, accumulate and rates out' : 'a stream has only some'
  throw new HebbError('option', `fit: ${type} takes all samples at once: ${how}, or use sgd, adam, …`)
}

/** The feed of a data set. */
export function dataFeed(network: Trainable, data: Dataset): Feed {
  return {
    samples: data.samples,
    whole: true,
    made: { samples: data.samples, shape: data.shape },
    batches(spec) {
      const { across, inputs } = network.description
      const minibatches =
        Math.ceil(data.samples / spec.batchSize) - (across && data.samples % spec.batchSize === 1 ? 1 : 0)
      const beyond = data.shape[0]! - inputs[0]![1][0]!
      return minibatches * (spec.truncated ? 1 + Math.ceil(beyond / spec.truncated) : 1)
    },
    start(engine, spec, options, ends) {
      // The getter throws if the data set belongs to an earlier engine.
      void data.engine
      return engine.ask('fitStart', [network.id, data.id, options, isFullBatch(spec.optimizer), ends])
    },
    epoch: (_engine, _id, _place, train) => train(),
  }
}

/** Trains until the epoch ends or the training is stopped. */
export async function trainEpoch(
  feed: Feed,
  engine: Engine,
  id: number,
  callbacks: EpochCallbacks,
): Promise<EpochAnswer> {
  const { tell, every, batches, inBreak } = callbacks
  let seconds = 0
  while (true) {
    const answer = feed.advance
      ? await feed.advance(engine, id, callbacks)
      : await engine.ask('fitEpoch', [id, every, batches], undefined, tell)
    seconds += answer.seconds
    if (answer.ended || answer.stopped) return { ...answer, seconds }
    await inBreak(answer.progress, seconds)
  }
}

/** The options as JSON; `batches` is the number of minibatches per epoch if known. */
export function written(spec: Spec, batches: number | undefined): string {
  const { loss, optimizer, epochs } = spec
  if (isFullBatch(optimizer)) return toJson('fit', { loss, optimizer })
  const perEpoch = batches && Math.ceil(batches / spec.accumulate)
  return toJson('fit', { ...spec, optimizer: tabulated(optimizer, { epochs, perEpoch }) })
}
