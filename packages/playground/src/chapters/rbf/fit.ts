// One fit, and the fits of all widths.
import { rbfNetwork } from 'hebb'
import type { Range } from '../../draw/graph'
import type { Point } from '../../draw/points'
import type { Task } from './samples'

export interface Settings {
  task: Task
  units: number
  sigma: number
  lambda: number
}

export interface Errors {
  sigma: number
  /** The root of the mean squared error, of the training and of the selection samples. */
  train: number
  selection: number
}

export interface Fit extends Errors {
  settings: Settings
  centers: readonly (readonly number[])[]
  weights: readonly number[]
  bias: number
  /** The output where the figure shows it: along x, or on a grid row by row from the top. */
  field: Float32Array
}

/** The places of the figure at which the output is computed. */
export const ACROSS = 241
export const GRID = { columns: 90, rows: 63 }

/** The widths that are tried, the same steps apart in their logarithm. */
export const WIDTHS = Array.from({ length: 28 }, (_, i) => Number((0.03 * 10 ** (i / 11)).toPrecision(3)))

const inputsOf = (points: readonly Point[], task: Task) =>
  points.map(([x, y]) => (task === 'curve' ? [x] : [x, y]))
const targetsOf = (points: readonly Point[], task: Task) =>
  points.map(([, y, t]) => [task === 'curve' ? y : t])

function make(points: readonly Point[], { task, units, sigma, lambda }: Settings) {
  const most = Math.min(units, points.length)
  return rbfNetwork(inputsOf(points, task), targetsOf(points, task), {
    units: most,
    // One function on every sample, or fewer at the means of clusters.
    ...(most === points.length ? { centers: inputsOf(points, task) } : {}),
    widths: sigma,
    regularization: lambda,
  })
}

type Made = Awaited<ReturnType<typeof make>>

async function errors(net: Made, points: readonly Point[], task: Task): Promise<number> {
  const { data } = await net.predict(inputsOf(points, task))
  const targets = targetsOf(points, task)
  return Math.sqrt(data.reduce((sum, o, i) => sum + (o - targets[i]![0]!) ** 2, 0) / points.length)
}

function places({ x, y }: Range, task: Task): number[][] {
  const at = ([from, to]: readonly [number, number], part: number) => from + part * (to - from)
  if (task === 'curve') return Array.from({ length: ACROSS }, (_, i) => [at(x, i / (ACROSS - 1))])
  const { columns, rows } = GRID
  return Array.from({ length: columns * rows }, (_, i) => [
    at(x, ((i % columns) + 0.5) / columns),
    at(y, 1 - (Math.floor(i / columns) + 0.5) / rows),
  ])
}

export async function fit(
  train: readonly Point[],
  selection: readonly Point[],
  range: Range,
  settings: Settings,
): Promise<Fit> {
  using net = await make(train, settings)
  const { task, sigma } = settings
  const tensors = await net.weights()
  const centers = tensors['rbf1.centers']!
  const columns = centers.shape[1]!
  return {
    settings,
    sigma,
    train: await errors(net, train, task),
    selection: await errors(net, selection, task),
    centers: Array.from({ length: centers.shape[0]! }, (_, k) =>
      Array.from(centers.data.subarray(k * columns, (k + 1) * columns)),
    ),
    weights: Array.from(tensors['dense1.weight']!.data),
    bias: tensors['dense1.bias']!.data[0]!,
    field: (await net.predict(places(range, task))).data,
  }
}

/** The errors with another width. */
export async function errorsWith(
  train: readonly Point[],
  selection: readonly Point[],
  settings: Settings,
): Promise<Errors> {
  using net = await make(train, settings)
  return {
    sigma: settings.sigma,
    train: await errors(net, train, settings.task),
    selection: await errors(net, selection, settings.task),
  }
}
