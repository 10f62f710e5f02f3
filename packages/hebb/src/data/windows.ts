// Windows over a time series.
import { HebbError } from '../errors'
import { checkKeys, checkWhole } from '../options'
import { type Input, isNumbers, type Tensor, toTensor } from '../tensor'
import { type Dataset, fromArrays } from './dataset'

/** A time series: a number for each time step, or a row `[features]`; plain, typed, or `{ data, shape }`. */
export type Series = Input | Float32Array | Float64Array

/** All memory of an engine, in values of 32 bits. */
const MOST_VALUES = 2 ** 30

export interface WindowsOptions {
  /** T, the time steps of a window. */
  steps: number
  /** How many time steps after the last of a window its target lies. Default 1, the next. */
  horizon?: number
  /** The time steps from the start of a window to that of the next. Default 1. */
  every?: number
}

/** Reads a series as `[steps, features]`; `flat` if it was given without rows. Throws for values that are not finite. */
export function toSeries(who: string, series: Series): Tensor & { flat: boolean } {
  const given = isNumbers(series) ? { data: series, shape: [series.length] } : (series as Input)
  const tensor = toTensor(given)
  const [steps, features = 1, ...more] = tensor.shape
  if (more.length > 0) {
    throw new HebbError(
      'shape',
      `${who}: a series is numbers, or rows of numbers [steps, features], not [${tensor.shape}]`,
    )
  }
  // Bytes are plain numbers here, because the targets are of the same unit.
  const data = Float32Array.from(tensor.data)
  const wrong = data.findIndex((value) => !Number.isFinite(value))
  if (wrong >= 0) {
    const flat = tensor.shape.length === 1
    const at = `step ${Math.floor(wrong / features)}${flat ? '' : `, feature ${wrong % features}`}`
    throw new HebbError(
      'data',
      `${who}: the series has ${data[wrong]} at ${at}: give a number for what is missing, or the parts before and after it`,
    )
  }
  return { data, shape: [steps!, features], flat: tensor.shape.length === 1 }
}

/**
 * Makes a data set from the windows over a time series: a sample is `[T, features]`, T = `steps` consecutive rows of the
 * series, and its target the row `horizon` steps after the last of them, `[features]`. A series of numbers has one feature.
 * The samples keep the order of time. Because windows overlap, split a series, not its windows: train on the windows of one
 * part and test on those of a later one.
 *
 * A network takes the raw series and answers in its units if {@link standardize} is its first layer and its inverse the last:
 *
 * ```ts
 * const data = await datasets.windows(series, { steps: 12 })
 * const scale = await datasets.scaling.standard(data)
 * const net = await network([12, 1], [standardize(scale), gru({ units: 16 }), dense({ units: 1 }), standardize({ ...scale, invert: true })])
 * await net.fit(data, { epochs: 100, loss: 'normalizedSquaredError' })
 * const future = await forecast(net, series, { steps: 20 })
 * ```
 *
 * @throws HebbError `option`; `shape` if the series is too short or has more dimensions; `data` if a value is not finite
 */
export async function windows(series: Series, options: WindowsOptions): Promise<Dataset> {
  const who = 'datasets.windows'
  checkKeys(who, options, ['steps', 'horizon', 'every'])
  const steps = checkWhole(who, 'steps', options.steps, 1)
  const horizon = checkWhole(who, 'horizon', options.horizon ?? 1, 1)
  const every = checkWhole(who, 'every', options.every ?? 1, 1)
  const { data, shape } = toSeries(who, series)
  const [length, features] = shape as [number, number]
  const count = Math.floor((length - steps - horizon) / every) + 1
  if (count < 1) {
    throw new HebbError(
      'shape',
      `${who}: ${steps} steps and a target ${horizon} later need a series of ${steps + horizon} steps, this one has ${length}`,
    )
  }
  if (count * steps * features > MOST_VALUES) {
    throw new HebbError(
      'memory',
      `${who}: ${count} windows of ${steps} × ${features} values do not fit into memory: raise every, or take a part of the series`,
    )
  }
  const x = new Float32Array(count * steps * features)
  const t = new Float32Array(count * features)
  for (let i = 0; i < count; i++) {
    const from = i * every
    const target = from + steps - 1 + horizon
    x.set(data.subarray(from * features, (from + steps) * features), i * steps * features)
    t.set(data.subarray(target * features, (target + 1) * features), i * features)
  }
  return fromArrays({ data: x, shape: [count, steps, features] }, { data: t, shape: [count, features] })
}
