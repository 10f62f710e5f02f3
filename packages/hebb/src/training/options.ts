// What `fit` takes.
import { Dataset } from '../data/dataset'
import type { SampleStream } from '../data/streams/minibatches'
import { isOnce, isSource } from '../data/streams/prefetch'
import { builtin } from '../engine/platform'
import type { FitProgress } from '../engine/protocol'
import { HebbError } from '../errors'
import type { LossOption, Regularization } from '../losses'
import type { OptimizerOption } from '../optimizers'
import { checkKeys, checkWhole, refuse } from '../options'
import type { EpochReport } from './report'
import { checkUntil, type Until } from './stopping'

export interface FitOptions {
  /** Passes over the data. Default 1. */
  epochs?: number
  /**
   * Samples a step, at least 1; more than there are mean all. The last step of an epoch has what is left; with
   * {@link batchNorm} in the network a rest of one sample joins the step before. Default 32, of fewer than 320 samples a
   * tenth, and if the optimizer is one for all samples, all.
   */
  batchSize?: number
  /** The seed of the order of the samples. Default 0. */
  seed?: number
  /** Whether each epoch has an order of its own. Default true. */
  shuffle?: boolean
  /**
   * Of a stream: how many samples are shuffled at a time. Up to twice as many are held, the next ones being fetched
   * meanwhile. From the number of samples on, the order is that of a data set. Default 1024.
   */
  shuffleBuffer?: number
  /**
   * Of a stream: minibatches an epoch, after which it ends and the source is closed, or where the source ends.
   * Schedules over all steps need it. Default: all of the source.
   */
  stepsPerEpoch?: number
  /** Default: `crossEntropy` behind softmax and logSoftmax, `binaryCrossEntropy` behind sigmoid, else `meanSquaredError`. */
  loss?: LossOption
  /**
   * What is added to the loss to keep weights small: l1·Σ|w| + ½·l2·Σw², over layers that have none of their own. Default:
   * nothing.
   */
  regularization?: Regularization
  /**
   * Default: {@link adam}. If the network remembers steps of the same optimizer with the same options (but for learning rate
   * and `clip`), training goes on from them, as if it had not ended: state, orders of samples and dropout; a schedule
   * begins anew. See {@link Network.optimizerState}.
   */
  optimizer?: OptimizerOption
  /**
   * Minibatches to an update of the weights, as if their samples were one minibatch (but for batch norm); the last
   * update of an epoch may have fewer. Default 1.
   */
  accumulate?: number
  /** Goals, the first of which ends training. */
  until?: Until
  /**
   * Samples that are measured after each epoch and not trained on: a data set, or a part of the data (0…1), which
   * of a stream cannot be taken.
   */
  selection?: Dataset | number
  /**
   * Ends training after so many epochs in a row without a lower selection loss. However the run then ends, by
   * `stop()` too, the network has the weights of the best epoch; only an error or an abort leaves the last ones.
   */
  patience?: number
  /**
   * Where the model goes after each epoch, as {@link Network.toBytes} gives it: a file, replaced in one move, or
   * a function, which is awaited. With a selection only after epochs that lowered its loss. Comes before `onEpochEnd`.
   */
  checkpoint?: string | URL | ((bytes: Uint8Array<ArrayBuffer>, report: EpochReport) => void | Promise<void>)
  /** Shows progress on stderr. Default false. */
  progress?: boolean
  /** Ends training after the running step; the promise then rejects with the signal's reason. */
  signal?: AbortSignal
  /** Awaited after each epoch. What it throws ends the run, as with the other callbacks. */
  onEpochEnd?: (report: EpochReport) => void | Promise<void>
  /**
   * Called for every minibatch, in their order, at most 50 ms later; of an optimizer for all samples now and then and after
   * each epoch. Not awaited.
   */
  onBatch?: (progress: FitProgress) => void
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
  'accumulate',
  'until',
  'selection',
  'patience',
  'checkpoint',
  'progress',
  'signal',
  'onEpochEnd',
  'onBatch',
]

/** Checks what the engine does not check itself. */
export function checkOptions(data: Dataset | SampleStream, options: FitOptions): void {
  checkKeys('fit', options, KEYS)
  checkSource(data, options)
  const { selection, patience, checkpoint, until } = options
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
  if (checkpoint === undefined || typeof checkpoint === 'function') return
  if (typeof checkpoint !== 'string' && !(checkpoint instanceof URL)) {
    throw new HebbError('option', 'fit: checkpoint must be the path of a file or a function')
  }
  if (!builtin('node:fs')) {
    throw new HebbError('option', 'fit: in a browser there are no files: give checkpoint a function')
  }
}

function checkCallbacks({ signal, onEpochEnd, onBatch, progress, shuffle }: FitOptions): void {
  for (const [name, value] of Object.entries({ onEpochEnd, onBatch })) {
    if (value === undefined || typeof value === 'function') continue
    refuse('fit', name, 'a function', value)
  }
  for (const [name, value] of Object.entries({ progress, shuffle })) {
    if (value === undefined || typeof value === 'boolean') continue
    refuse('fit', name, 'true or false', value)
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    refuse('fit', 'signal', 'an AbortSignal', signal)
  }
}

/** Checks what holds for data sets or for streams alone. */
function checkSource(data: Dataset | SampleStream, options: FitOptions): void {
  if (data instanceof Dataset) {
    const name = (['shuffleBuffer', 'stepsPerEpoch'] as const).find((key) => options[key] !== undefined)
    if (!name) return
    throw new HebbError('option', `fit: ${name} is for streams: of a data set all samples are known`)
  }
  if (!isSource(data)) {
    throw new HebbError(
      'data',
      'fit trains on a data set, which datasets.fromArrays(x, t) makes, or on a stream of samples { x, t }',
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
      `fit: this stream can be read only once, but epochs is ${options.epochs}: give a function that begins it anew`,
    )
  }
}
