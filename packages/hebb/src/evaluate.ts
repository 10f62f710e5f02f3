// What a network is worth.
import { Dataset } from './data/dataset'
import { isPasses } from './data/flow'
import { pieces } from './data/pieces'
import type { SampleStream } from './data/stream'
import { HebbError, toJson } from './errors'
import { type LossOption, type Regularization, toIndex } from './losses'
import { KINDS, type Metrics, type MetricsKind, toMetrics } from './metrics'
import { checkKeys, checkName } from './options'
import type { Predictor } from './predictor'
import { size } from './tensor'

/** How to evaluate. */
export interface EvaluateOptions {
  /** As of `fit`. */
  loss?: LossOption
  /** Likewise. */
  regularization?: Regularization
  /** What to measure beside loss and accuracy. */
  metrics?: MetricsKind
}

export interface Evaluation extends Metrics {
  /** The loss index: error term + regularisation term. */
  loss: number
  /** The regularisation term in it; 0 unless `regularization` is given here or to a layer. */
  regularization: number
  /** The part of right answers: largest output, or a single output's side of ½; over all outputs, if there are several. */
  accuracy: number
  samples: number
}

/** As the method of {@link Predictor}. */
export async function evaluate(
  net: Predictor,
  data: Dataset | SampleStream,
  options: EvaluateOptions,
): Promise<Evaluation> {
  checkKeys('evaluate', options, ['loss', 'regularization', 'metrics'])
  const { metrics } = options
  const kind = metrics === undefined ? 0 : 1 + KINDS.indexOf(checkName('evaluate', 'metrics', metrics, KINDS))
  const loss = toJson('loss', toIndex(options, net.outputs))
  if (data instanceof Dataset) net.checkData(data)
  else if (!isPasses(data)) {
    throw new HebbError('data', 'evaluate takes a data set, or a stream of samples { x, t }')
  } else if (/normalized[^}]*Error"[^,]/.test(loss)) {
    throw new HebbError('option', 'normalizedSquaredError of a stream: give the variance of its targets')
  }
  let sums: Float64Array = new Float64Array()
  let samples = 0
  for await (const piece of pieces('evaluate', net.engine, data, net.expects)) {
    const { data: part, from, count } = piece
    sums = await net.engine.ask('evaluate', [net.id, part.id, from, count, loss, kind, sums])
    samples += count
  }
  if (samples === 0) throw new HebbError('data', 'evaluate: the stream had no samples')
  const answer = await net.engine.ask('evaluated', [net.id, loss, kind, sums])
  const [value, regularization, accuracy, ...rest] = answer
  return {
    loss: value!,
    regularization: regularization!,
    accuracy: accuracy!,
    samples,
    ...toMetrics(metrics, rest, size(net.description.output)),
  }
}
