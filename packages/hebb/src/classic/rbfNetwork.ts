import type { Dataset, TargetInput } from '../data/dataset'
import { isDataset } from '../data/isDataset'
import { classicEngine } from '../engine/engines'
import { HebbError, toJson } from '../errors'
import { dense, flatten, rbf } from '../layers'
import { Network } from '../network/network'
import { toSpec } from '../network/spec'
import {
  checkCallback,
  checkFlag,
  checkKeys,
  checkName,
  checkNumber,
  checkWhole,
  isTexts,
  refuse,
} from '../options'
import { type Input, size, toVector } from '../tensor'
import { SEARCH, type SearchOptions, toCenters, toSearch } from './kMeans'
import { type Points, readPoints } from './points'

/** How far the fit of an RBF network is. */
export interface RbfProgress {
  /** The centers, then the weights of the outputs. */
  stage: 'centers' | 'weights'
  /** The part of the stage that is done; of the centers, if all iterations are needed. */
  part: number
}

export interface RbfNetworkOptions extends SearchOptions {
  /** The number of radial basis functions. */
  units: number
  /** `'kMeans'` (default), `'samples'` for random samples, or the centers `[units, features]`. */
  centers?: 'kMeans' | 'samples' | Input
  /**
   * σ: one for all, one for each unit, or `factor` (default 1) times the mean distance to the `nearest` (default 2) other
   * centers. Default: `{}`, the last.
   */
  widths?: number | ArrayLike<number> | { nearest?: number; factor?: number }
  /** λ of Σ‖y − t‖² + λ‖w‖², at least 0; the biases do not count. Default 1e-3. */
  regularization?: number
  /** The names of the classes. */
  classes?: readonly string[]
  /** Whether to show the progress on stderr. Default false. */
  progress?: boolean
  /** Is called at most 20 times per second. */
  onProgress?: (progress: RbfProgress) => void
}
const KEYS = ['units', 'centers', ...SEARCH, 'widths', 'regularization', 'classes', 'progress', 'onProgress']
const STAGES = ['centers', 'weights'] as const

/**
 * Fits a network of radial basis functions in two stages (Moody and Darken 1989): centers and widths without the targets, then
 * the weights of the outputs by least squares in 64 bits. The result is a {@link network} of an {@link rbf} and a {@link dense}
 * layer, which predicts, is saved, and can be trained further by `fit`. Targets that are class numbers make a classifier, with
 * softmax: least squares to 0 and s, with which a sample that is met exactly has a probability of 99 %.
 *
 * If functions say the same and `regularization` is 0, one of them gets the weight 0, with a warning.
 *
 * @example const net = await rbfNetwork(train, { units: 100 })
 * @throws HebbError `option`, `shape`, `data`, `memory`
 */
export function rbfNetwork(data: Dataset, options: RbfNetworkOptions): Promise<Network>
export function rbfNetwork(x: Input, t: TargetInput, options: RbfNetworkOptions): Promise<Network>
export async function rbfNetwork(
  x: Input | Dataset,
  second: TargetInput | RbfNetworkOptions,
  third?: RbfNetworkOptions,
): Promise<Network> {
  const who = 'rbfNetwork'
  const options = (isDataset(x) ? second : third) as RbfNetworkOptions
  checkKeys(who, options, KEYS)
  const own = toOptions(who, options)
  const { t, ...points } = await readPoints(who, x, isDataset(x) ? undefined : (second as TargetInput))
  if (!t) throw new HebbError('data', `${who}: the samples have no targets`)
  if (own.engine.centers !== 'given' && own.kMeans.clusters > points.samples) {
    refuse(who, 'units', `at most ${points.samples}, the number of samples`, own.kMeans.clusters)
  }
  const targets = toOutputs(who, points, t, options.classes)
  const { centers } = options
  const given =
    typeof centers === 'object'
      ? toCenters(who, centers, own.kMeans.clusters, points.features)
      : new Float64Array()
  const owner = await classicEngine()
  const bar = own.progress ? new (await import('./stageBar')).StageBar(STAGES) : undefined
  const report = (value: number) => {
    const stage = Math.floor(value)
    bar?.show(stage, value - stage)
    options.onProgress?.({ stage: STAGES[stage]!, part: value - stage })
  }
  const found = await owner.ask(
    'rbfFit',
    [toJson(who, own.engine), points.data, points.features, targets.values, given],
    [points.data.buffer],
    report,
  )
  bar?.end()
  if (found.warning) console.warn(`hebb: ${found.warning}`)
  return build(points.shape, own.kMeans.clusters, targets, found, options)
}

/** The checked options; `engine` are those that the engine knows. */
function toOptions(who: string, options: RbfNetworkOptions) {
  const { centers = 'kMeans', widths = {}, regularization = 1e-3, progress = false, onProgress } = options
  const origin =
    typeof centers === 'string' ? checkName(who, 'centers', centers, ['kMeans', 'samples']) : 'given'
  const kMeans = toSearch(who, checkWhole(who, 'units', options.units, 1), options)
  checkCallback(who, 'onProgress', onProgress)
  const { classes } = options
  if (classes !== undefined && !isTexts(classes)) refuse(who, 'classes', 'a list of names', classes)
  const above = (name: string, value: unknown) => checkNumber(who, name, value, (n) => n > 0, 'above 0')
  let sizes: object
  if (typeof widths === 'number') sizes = { widths: [above('widths', widths)] }
  else if (Array.isArray(widths) || ArrayBuffer.isView(widths)) {
    const list = Array.from(toVector(who, 'widths', widths), (width) => above('widths', width))
    if (list.length !== kMeans.clusters) {
      refuse(who, 'widths', `a number or ${kMeans.clusters} of them, one for each unit`, widths)
    }
    sizes = { widths: list }
  } else {
    if (typeof widths !== 'object' || widths === null)
      refuse(who, 'widths', 'numbers or { nearest, factor }', widths)
    checkKeys(`${who}.widths`, widths, ['nearest', 'factor'])
    const { nearest = 2, factor = 1 } = widths as { nearest?: number; factor?: number }
    sizes = { nearest: checkWhole(who, 'nearest', nearest, 1), factor: above('factor', factor) }
  }
  const lambda = checkNumber(who, 'regularization', regularization, (n) => n >= 0, 'at least 0')
  return {
    engine: { kMeans, centers: origin, ...sizes, regularization: lambda },
    kMeans,
    progress: checkFlag(who, 'progress', progress),
  }
}

interface Outputs {
  values: Float64Array
  count: number
  classifies: boolean
}

/** Targets as values `[samples, outputs]`. */
function toOutputs(
  who: string,
  { samples }: Points,
  t: Uint32Array | Float32Array,
  classes?: readonly string[],
): Outputs {
  if (t instanceof Float32Array) {
    return { values: Float64Array.from(t), count: t.length / samples, classifies: false }
  }
  const count = Math.max(2, classes?.length ?? 0, t.reduce((most, n) => Math.max(most, n), 0) + 1)
  if (count * samples > 2 ** 28)
    throw new HebbError('data', `${who}: ${count} classes are too many: count from 0`)
  const values = new Float64Array(samples * count)
  // Softmax gives 0.99 to the class if it has s and the others 0.
  const s = Math.log(99 * (count - 1))
  t.forEach((n, i) => {
    values[i * count + n] = s
  })
  return { values, count, classifies: true }
}

/** The network of these parameters. */
async function build(
  shape: readonly number[],
  units: number,
  { count, classifies }: Outputs,
  found: { centers: Float64Array; widths: Float64Array; weights: Float64Array },
  { classes }: RbfNetworkOptions,
): Promise<Network> {
  const layers = [
    ...(shape.length > 1 ? [flatten()] : []),
    rbf({ units }),
    dense({ units: count, activation: classifies ? 'softmax' : 'identity' }),
  ]
  const net = await Network.create(toSpec(shape as [number], layers, classes ? { classes } : {}), classes)
  const weight = new Float32Array(count * units)
  const bias = new Float32Array(count)
  for (let output = 0; output < count; output++) {
    const row = found.weights.subarray(output * (units + 1), (output + 1) * (units + 1))
    weight.set(row.subarray(0, units), output * units)
    bias[output] = row[units]!
  }
  await net.setWeights({
    'rbf1.centers': { data: found.centers, shape: [units, size(shape)] },
    'rbf1.log_widths': { data: found.widths.map(Math.log), shape: [units] },
    'dense1.weight': { data: weight, shape: [count, units] },
    'dense1.bias': { data: bias, shape: [count] },
  })
  return net
}
