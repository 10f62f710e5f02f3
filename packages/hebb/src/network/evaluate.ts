// Evaluation: loss, accuracy and metrics over a data set or a stream.
import { Dataset } from '../data/dataset'
import { chunks } from '../data/streams/chunks'
import type { SampleStream } from '../data/streams/minibatches'
import { isSource } from '../data/streams/source'
import type { Evaluated, Metrics, MetricsKind } from '../engine/protocol'
import { HebbError, toJson } from '../errors'
import type { Loss, LossOption, Regularization } from '../losses'
import { toLossIndex } from '../losses/option'
import { checkKeys, checkName } from '../options'
import type { Evaluable } from '../training/trainable'

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

const KINDS: readonly MetricsKind[] = ['classification', 'regression', 'labels']

/** The method of {@link Predictor}. */
export async function evaluate(
  net: Evaluable,
  data: Dataset | SampleStream,
  options: EvaluateOptions,
): Promise<Evaluation> {
  checkKeys('evaluate', options, ['loss', 'regularization', 'metrics'])
  const { metrics } = options
  if (metrics !== undefined) checkName('evaluate', 'metrics', metrics, KINDS)
  const loss = toJson('loss', toLossIndex(options, net.outputs))
  const { metrics: measured, ...evaluation } = await (data instanceof Dataset
    ? evaluateDataset(net, data, loss, metrics)
    : evaluateStream(net, data, loss, metrics))
  return { ...evaluation, ...measured }
}

async function evaluateDataset(
  { engine, id }: Evaluable,
  data: Dataset,
  loss: string,
  metrics: MetricsKind | undefined,
): Promise<Evaluated> {
  // The getter throws if the data set belongs to an earlier engine.
  void data.engine
  return engine.ask('evaluate', [id, data.id, loss, metrics])
}

async function evaluateStream(
  { engine, id, expects }: Evaluable,
  stream: SampleStream,
  loss: string,
  metrics: MetricsKind | undefined,
): Promise<Evaluated> {
  if (!isSource(stream)) {
    throw new HebbError('data', 'evaluate takes a data set, or a stream of samples { x, t }')
  }
  const evaluation = await engine.ask('evaluateStart', [id, loss, metrics])
  let complete = false
  try {
    for await (const { data } of chunks('evaluate', engine, stream, expects))
      await engine.ask('evaluateAdd', [evaluation, data.id])
    complete = true
  } finally {
    if (!complete && !engine.lost) await engine.ask('evaluateEnd', [evaluation, false])
  }
  return (await engine.ask('evaluateEnd', [evaluation, true]))!
}
