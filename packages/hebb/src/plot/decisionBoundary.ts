import { HebbError } from '../errors'
import { Network } from '../network/network'
import { checkKeys, checkNumber, checkWhole } from '../options'
import { type Limits, limitsOf } from './axis'
import { Chart, type ChartOptions } from './chart'
import { checkLimits, isPoints } from './checks'
import { type Figure, figure } from './figure'
import { gridOf } from './grid'

/** For each point a number, or a score for each class. */
export type Scores = (
  points: number[][],
) => ArrayLike<number | ArrayLike<number>> | Promise<ArrayLike<number | ArrayLike<number>>>

export interface DecisionBoundaryOptions
  extends Pick<ChartOptions, 'title' | 'xLabel' | 'yLabel' | 'width' | 'height'> {
  /** Points, by the names of their classes, in the order of the classes' numbers. */
  samples?: Record<string, readonly (readonly [x: number, y: number])[]>
  /** The limits of both features. Default: those of the samples. */
  x?: Limits
  y?: Limits
  /** A single answer is of class 1 from here on. Default ½. */
  threshold?: number
  /** The model answers so many points in each direction. Default 100. */
  resolution?: number
}

/**
 * What a model of two features decides everywhere in the plane: a region for each class, with the samples. The model is a network
 * with an answer, or a score for each class, or a function that answers a list of points at once.
 *
 * @throws HebbError `option`; `shape` if the network has not two inputs
 */
export async function decisionBoundary(
  model: Network | Scores,
  options: DecisionBoundaryOptions = {},
): Promise<Figure> {
  const who = 'decisionBoundary'
  const { samples = {}, x: limitsX, y: limitsY, threshold = 0.5, resolution = 100, ...rest } = options
  checkKeys(who, rest, ['title', 'xLabel', 'yLabel', 'width', 'height'])
  checkNumber(who, 'threshold', threshold, () => true, 'finite')
  const columns = checkWhole(who, 'resolution', resolution, 2, 1000)
  checkKeys(`${who}: samples`, samples, Object.keys(samples ?? {}))
  const series = Object.entries(samples).map(([name, points]) => ({ name, points }))
  if (!series.every(({ points }) => isPoints(points)))
    throw new HebbError('data', `${who}: samples must be pairs of numbers [x, y] by the names of classes`)
  const all = series.flatMap(({ points }) => points)
  const x =
    limitsX ??
    limitsOf(
      all.map(([a]) => a),
      false,
      0.1,
    )
  const y =
    limitsY ??
    limitsOf(
      all.map(([, b]) => b),
      false,
      0.1,
    )
  checkLimits(who, 'x', x)
  checkLimits(who, 'y', y)
  const scores = await answers(who, model, gridOf(x, y, columns))
  const classes = scores[0]!.length
  const fields = Array.from({ length: classes === 1 ? 2 : classes }, (_, colour) => ({
    // How far a class is ahead of all others; the border is where it is not.
    values: scores.map((all) => {
      if (classes === 1) return colour === 1 ? all[0]! - threshold : threshold - all[0]!
      return all[colour]! - Math.max(...all.filter((_, other) => other !== colour))
    }),
    columns,
    levels: [0],
    colour,
  }))
  return figure(new Chart(who, series, fields, { ...rest, x, y }))
}

async function answers(
  who: string,
  model: Network | Scores,
  points: [number, number][],
): Promise<number[][]> {
  if (typeof model === 'function') {
    const all = Array.from((await model(points)) ?? [], (one) =>
      typeof one === 'number' ? [one] : Array.from(one ?? []),
    )
    if (all.length === points.length && all.every(({ length }) => length > 0 && length === all[0]!.length))
      return all
    throw new HebbError(
      'shape',
      `${who}: the function must return an answer for each of ${points.length} points`,
    )
  }
  if (!(model instanceof Network))
    throw new HebbError('option', `${who} takes a network, or a function that answers a list of points`)
  if (model.description.input.join() !== '2')
    throw new HebbError('shape', `${who} needs a network of two features, got [${model.description.input}]`)
  const { data } = (await model.predict(points)) as { data: Float32Array }
  const wide = data.length / points.length
  return points.map((_, i) => Array.from(data.subarray(i * wide, (i + 1) * wide)))
}
