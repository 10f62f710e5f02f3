// The options of `fit`, and their checks.
import { Dataset } from '../data/dataset'
import type { SampleStream } from '../data/streams/minibatches'
import { isOnce, isSource } from '../data/streams/source'
import { builtin } from '../engine/platform'
import type { FitProgress } from '../engine/protocol'
import { HebbError } from '../errors'
import type { LossOption, Regularization } from '../losses'
import type { OptimizerOption } from '../optimizers'
import { checkCallback, checkKeys, checkWhole, refuse } from '../options'
import type { Bytes } from '../tensor'
import type { Ranks } from './ranks'
import type { EpochReport } from './report'
import { checkUntil, type Until } from './stopping'
import type { Trainable } from './trainable'

export interface FitOptions {
  /** Passes over the data. Default 1. */
  epochs?: number
  /**
   * Samples per step, at least 1; a number above that of the samples means all of them. The last step of an epoch has the
   * remaining samples; with {@link batchNorm} in the network a single remaining sample joins the step before. Default 32, a
   * tenth of fewer than 320 samples, and all samples for a full-batch optimizer.
   */
  batchSize?: number
  /** The seed of the order of the samples. Default 0. */
  seed?: number
  /** Whether each epoch has its own order. Default true. */
  shuffle?: boolean
  /**
   * For a stream: the number of samples that are shuffled together. Up to twice as many are in memory, because the next ones
   * are fetched meanwhile. If it holds all samples, the order is that of a data set. Default 1024.
   */
  shuffleBuffer?: number
  /**
   * For a stream: minibatches per epoch. The epoch ends, and the source is closed, after that many or at the end of the
   * source. Schedules over all steps need it. Default: the whole source.
   */
  stepsPerEpoch?: number
  /** Default: `crossEntropy` after softmax and logSoftmax, `binaryCrossEntropy` after sigmoid, else `meanSquaredError`. */
  loss?: LossOption
  /**
   * The term that is added to the loss to keep weights small: l1·Σ|w| + ½·l2·Σw², over layers without their own
   * `regularization`. Default: none.
   */
  regularization?: Regularization
  /**
   * Default: {@link adam}. If the network remembers steps of the same optimizer with the same options (except learning rate
   * and `clip`), training continues from them as if it had not ended: state, orders of samples and dropout; a schedule
   * starts again. See {@link Network.optimizerState}.
   */
  optimizer?: OptimizerOption
  /**
   * Factors on the learning rate by the name of a layer, `'*'` for all that are not named: `{ '*': 0, fc8: 1 }` trains one layer.
   * 0 freezes a layer: its weights, their optimizer state and the running statistics of a {@link batchNorm}, which then
   * normalises as in `predict`, do not change. No gradient is computed by what is frozen, nor by what only frozen layers come
   * before, which costs then no more than in `predict`. A {@link shared} layer goes with the one whose weights it has. For
   * optimizers of minibatches. Default: 1 for all.
   */
  rates?: Readonly<Record<string, number>>
  /**
   * Minibatches per update of the weights, as if their samples were one minibatch (except for batch norm); the last
   * update of an epoch may have fewer. Default 1.
   */
  accumulate?: number
  /**
   * Truncated backpropagation through time, for data sets of sequences that are longer than the network's T time steps: the
   * weights are updated `every` so many time steps, at most T, which is the default, by the gradient over the last T of them. The
   * states are carried on through each sequence, so that T limits what the gradient sees, not what the network remembers. The
   * memory does not depend on the length of the sequences.
   */
  truncated?: true | { every: number }
  /** Stopping criteria; the first that is met ends the training. */
  until?: Until
  /**
   * Samples that are evaluated after each epoch and not trained on: a data set, or for a data set a fraction of it (0…1).
   */
  selection?: Dataset | number
  /**
   * Ends the training after this many consecutive epochs without a lower selection loss. At the end of the run, also by
   * `stop()`, the network gets the weights of the best epoch; only an error or an abort leaves the last ones.
   */
  patience?: number
  /**
   * What to save on the way, before `onEpochEnd`. {@link CheckpointOptions} save the whole run, for `resume`. A file, which is
   * replaced atomically, or a function, which is awaited, gets the model alone after each epoch, in the format of
   * {@link Network.toBytes}; with a selection only after epochs that lowered its loss.
   */
  checkpoint?:
    | CheckpointOptions
    | string
    | URL
    | ((bytes: Bytes, report: EpochReport) => void | Promise<void>)
  /**
   * Goes on from a checkpoint as if the run had not been interrupted: with the same bits, for any number of threads. `true` means
   * that of `checkpoint.path`, and a new run if there is none, so that a script which is started again goes on; a path must
   * be that of a checkpoint. Network, samples and options must be those of the checkpoint, but `epochs` may be more, and what
   * says when to end or what to report may be anything. A stream is read up to its place; each pass must give the same samples again.
   */
  resume?: boolean | string | URL
  /** The processes that share this training: those of {@link distributed} of `hebb/distributed`. All call `fit` alike. */
  distributed?: Ranks
  /** Whether to show the progress on stderr. Default false. */
  progress?: boolean
  /** An abort ends the training after the running step; the promise then rejects with the signal's reason. */
  signal?: AbortSignal
  /** Awaited after each epoch. An error in it ends the run, as in the other callbacks. */
  onEpochEnd?: (report: EpochReport) => void | Promise<void>
  /**
   * Called for every minibatch, in order, at most 50 ms later; for a full-batch optimizer at most 20 times per second and
   * after each epoch. It is not awaited.
   */
  onBatch?: (progress: FitProgress) => void
}

/** How a run is saved. */
export interface CheckpointOptions {
  /**
   * The safetensors file of the newest checkpoint: a network as {@link Network.save} writes it, which {@link loadNetwork} and
   * PyTorch read, and the state of the training. It is replaced atomically, and has a checksum. In a browser the name of an entry in the
   * origin's IndexedDB `hebb`, where it is written as durably.
   */
  path: string | URL
  /**
   * When: after so many epochs, which is the default with 1, or after so many minibatches of an epoch and at its end. A run that
   * ends, also by `stop()`, saves a last one.
   */
  every?: { epochs: number } | { batches: number }
  /** How many older checkpoints are kept: of `run.safetensors` as `run.1.safetensors`, `run.2.safetensors`, …. Default 0. */
  keep?: number
}

const KEYS = [
  'epochs',
  'batchSize',
  'seed',
  'shuffle',
  'shuffleBuffer',
  'stepsPerEpoch',
  'loss',
  'regularization',
  'optimizer',
  'rates',
  'accumulate',
  'truncated',
  'until',
  'selection',
  'patience',
  'checkpoint',
  'resume',
  'distributed',
  'progress',
  'signal',
  'onEpochEnd',
  'onBatch',
]

/** Time steps between updates of truncated backpropagation through time; 0 if it is not truncated. */
export function toTruncated({ description }: Trainable, { truncated }: FitOptions): number {
  if (truncated === undefined) return 0
  const steps = description.inputs[0]![1][0]!
  if (truncated === true) return steps
  checkKeys('fit: truncated', truncated, ['every'])
  const every = checkWhole('fit: truncated', 'every', truncated.every, 1)
  if (every <= steps) return every
  throw new HebbError(
    'option',
    `fit: truncated: every ${every} time steps is more than the network's ${steps}`,
  )
}

/** Checks the options that the engine does not check itself. */
export function checkOptions(data: Dataset | SampleStream, options: FitOptions): void {
  checkKeys('fit', options, KEYS)
  checkSource(data, options)
  const rates = options.rates ?? {}
  // The engine knows the names.
  checkKeys('fit: rates', rates, Object.keys(rates))
  const { selection, patience, checkpoint, until, distributed } = options
  if (distributed !== undefined && typeof distributed?.optionsOf !== 'function') {
    refuse('fit', 'distributed', 'what distributed() of hebb/distributed gives', distributed)
  }
  if (until !== undefined) checkUntil(until)
  checkCallbacks(options)
  const part = typeof selection === 'number' && selection > 0 && selection < 1
  if (selection !== undefined && !part && !(selection instanceof Dataset)) {
    refuse('fit', 'selection', 'a data set, or a part of the data between 0 and 1', selection)
  }
  if (patience !== undefined) {
    checkWhole('fit', 'patience', patience, 1)
    if (selection === undefined) {
      throw new HebbError('option', 'fit: patience needs a selection, whose loss it watches')
    }
  }
  if (checkpoint === undefined || typeof checkpoint === 'function' || isRun(checkpoint)) return
  if (!isFile(checkpoint)) refuse('fit', 'checkpoint', 'a path, { path } or a function', checkpoint)
  if (!builtin('node:fs')) {
    throw new HebbError('option', 'fit: in a browser there are no files: give checkpoint a function')
  }
}

/** Whether a checkpoint is a file for the model. */
export function isFile(checkpoint: FitOptions['checkpoint']): checkpoint is string | URL {
  return typeof checkpoint === 'string' || checkpoint instanceof URL
}

/** Whether a checkpoint is of the whole run. */
export function isRun(checkpoint: FitOptions['checkpoint']): checkpoint is CheckpointOptions {
  return typeof checkpoint === 'object' && checkpoint !== null && !(checkpoint instanceof URL)
}

function checkCallbacks({ signal, onEpochEnd, onBatch, progress, shuffle }: FitOptions): void {
  checkCallback('fit', 'onEpochEnd', onEpochEnd)
  checkCallback('fit', 'onBatch', onBatch)
  for (const [name, value] of Object.entries({ progress, shuffle })) {
    if (value === undefined || typeof value === 'boolean') continue
    refuse('fit', name, 'true or false', value)
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    refuse('fit', 'signal', 'an AbortSignal', signal)
  }
}

/** Checks options that are only for data sets or only for streams. */
function checkSource(data: Dataset | SampleStream, options: FitOptions): void {
  if (options.truncated !== undefined && typeof options.selection === 'number') {
    throw new HebbError('option', 'fit: truncated: selection must be a data set of its own')
  }
  if (data instanceof Dataset) {
    const name = (['shuffleBuffer', 'stepsPerEpoch'] as const).find((key) => options[key] !== undefined)
    if (!name) return
    throw new HebbError('option', `fit: ${name} is for streams, not for data sets`)
  }
  if (!isSource(data)) {
    throw new HebbError(
      'data',
      'fit trains on a data set, as of datasets.fromArrays, or on a stream of samples { x, t }',
    )
  }
  if (typeof options.selection === 'number') {
    throw new HebbError('option', 'fit: a stream has no parts: selection must be a data set of its own')
  }
  if (options.shuffle === false && options.shuffleBuffer !== undefined) {
    throw new HebbError('option', 'fit: with shuffle: false there is no shuffleBuffer')
  }
  if ((options.epochs ?? 1) > 1 && isOnce(data)) {
    throw new HebbError(
      'option',
      `fit: this stream can be read only once, but epochs is ${options.epochs}: give a function that opens it again`,
    )
  }
}
