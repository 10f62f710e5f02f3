// Evaluation: loss, accuracy and metrics over a data set or a stream.
import { Dataset } from '../data/dataset'
import { chunks } from '../data/streams/chunks'
import type { SampleStream } from '../data/streams/minibatches'
import { isSource } from '../data/streams/prefetch'
import { HebbError, toJson } from '../errors'
import type { Loss, LossOption, Regularization } from '../losses'
import { toLossIndex } from '../losses/option'
import { checkKeys, checkName } from '../options'
import { size } from '../tensor'
import type { Evaluable } from '../training/trainable'
import { KINDS, type Metrics, type MetricsKind, toMetrics } from './metrics'

export interface EvaluateOptions {
  /** As in `fit`. */
  loss?: LossOption
  /** As in `fit`. */
  regularization?: Regularization
  /** What to measure besides loss and accuracy. */
  metrics?: MetricsKind
}

/** `A` is the type of the accuracy: `number` if the network is known to classify. */
export interface Evaluation<A extends number | undefined = number | undefined> extends Metrics {
  /** The loss index: error term + regularisation term. */
  loss: number
  /** The regularisation term in the loss; 0 unless `regularization` is given here or to a layer. */
  regularization: number
  /**
   * The fraction of correct answers over all outputs that classify: softmax (or logits, with `crossEntropy`) by the largest
   * value, each sigmoid by the threshold ½, each output with `hinge` by the threshold 0. Undefined for a regression: outputs
   * that do not classify, or targets that are neither classes nor labels.
   */
  accuracy: A
  /** The fraction of samples with all answers correct; undefined unless a sample has several, as with several sigmoids. */
  exactMatch?: number
  samples: number
}

/** The type of the accuracy: `number` if the network classifies by itself (`A`) or by its loss. */
export type Accuracy<A extends number | undefined, O> = O extends {
  loss: 'crossEntropy' | 'binaryCrossEntropy' | 'hinge' | Extract<Loss, { type: `${string}rossEntropy` }>
}
  ? number
  : A

/** The method of {@link Predictor}. */
export async function evaluate(
  net: Evaluable,
  data: Dataset | SampleStream,
  options: EvaluateOptions,
): Promise<Evaluation> {
  checkKeys('evaluate', options, ['loss', 'regularization', 'metrics'])
  const { metrics } = options
  const kind = metrics === undefined ? 0 : 1 + KINDS.indexOf(checkName('evaluate', 'metrics', metrics, KINDS))
  const loss = toJson('loss', toLossIndex(options, net.outputs))
  const isStream = !(data instanceof Dataset)
  if (isStream && !isSource(data)) {
    throw new HebbError('data', 'evaluate takes a data set, or a stream of samples { x, t }')
  }
  if (isStream && /normalized[^}]*Error"[^,]/.test(loss)) {
    throw new HebbError('option', 'normalizedSquaredError of a stream: give the variance of its targets')
  }
  let sums: Float64Array = new Float64Array()
  let samples = 0
  for await (const chunk of chunks('evaluate', net.engine, data, net.expects)) {
    const { data: part, from, count } = chunk
    sums = await net.engine.ask('evaluate', [net.id, part.id, from, count, loss, kind, sums])
    samples += count
  }
  if (samples === 0) throw new HebbError('data', 'evaluate: the stream had no samples')
  const answer = await net.engine.ask('evaluated', [net.id, loss, kind, sums])
  const [value, regularization, accuracy, exactMatch, ...rest] = answer
  return {
    loss: value!,
    regularization: regularization!,
    accuracy: Number.isNaN(accuracy) ? undefined : accuracy,
    ...(Number.isNaN(exactMatch) ? {} : { exactMatch: exactMatch! }),
    samples,
    ...toMetrics(metrics, rest, size(net.description.output)),
  }
}
