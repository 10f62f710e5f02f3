import { HebbError } from '../errors'
import { checkFlag, checkKeys, checkName } from '../options'
import type { EpochReport, History } from '../training/report'
import { Chart, type Series } from './chart'
import { type Figure, figure } from './figure'

export interface CurvesOptions {
  /** What the curves show. Default `loss`. */
  metric?: 'loss' | 'accuracy' | 'exactMatch' | 'learningRate' | 'gradientNorm' | 'samplesPerSecond'
  /** Whether the axis is logarithmic. Default false. */
  log?: boolean
  title?: string
}

const SELECTION = {
  loss: 'selectionLoss',
  accuracy: 'selectionAccuracy',
  exactMatch: 'selectionExactMatch',
} as const
const METRICS = [
  'loss',
  'accuracy',
  'exactMatch',
  'learningRate',
  'gradientNorm',
  'samplesPerSecond',
] as const

/**
 * The course of a training, epoch by epoch: a curve of the training samples and, if there are any, one of the selection samples,
 * with a mark at the epoch whose weights were kept. Takes the history of `fit`, or the reports that `onEpochEnd` gets, so that a
 * curve can be drawn while a network is trained.
 *
 * @throws HebbError `option`; `data` if no epoch has the metric
 */
export function curves(history: History | readonly EpochReport[], options: CurvesOptions = {}): Figure {
  checkKeys('curves', options, ['metric', 'log', 'title'])
  const metric = checkName('curves', 'metric', options.metric ?? 'loss', METRICS)
  const log = checkFlag('curves', 'log', options.log ?? false)
  const epochs = Array.isArray(history) ? (history as readonly EpochReport[]) : (history as History)?.epochs
  if (!Array.isArray(epochs))
    throw new HebbError('option', 'curves takes the history of a training, or its epochs')
  const best = Array.isArray(history) ? undefined : (history as History).bestEpoch
  const points = (key: keyof EpochReport) =>
    [...epochs].flatMap((report): [number, number][] => {
      const value = report?.[key]
      return value === undefined ? [] : [[report.epoch, value]]
    })
  const series: Series[] = [{ points: points(metric), name: 'training samples', line: true, mark: '*' }]
  const selection = metric in SELECTION ? points(SELECTION[metric as keyof typeof SELECTION]) : []
  if (selection.length > 0)
    series.push({ points: selection, name: 'selection samples', line: true, mark: 'o' })
  if (series.every(({ points }) => points.length === 0))
    throw new HebbError(
      'data',
      `curves: no epoch has ${metric}: fit reports it for the data and options that have it`,
    )
  const kept = selection.filter(([epoch]) => epoch === best)
  if (kept.length > 0) series.push({ points: kept, name: `best: epoch ${best}`, mark: '#' })
  const last = Math.max(2, epochs.at(-1)?.epoch ?? 2)
  const { title = metric } = options
  return figure(new Chart('curves', series, [], { title, log, x: [1, last], xLabel: 'epoch' }))
}
