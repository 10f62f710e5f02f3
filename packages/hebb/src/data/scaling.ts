import { HebbError } from '../errors'
import { checkKeys } from '../options'
import { type Input, size, type Tensor } from '../tensor'
import { Dataset, fromArrays } from './dataset'

/** Options of the layer `standardize`: a value for each feature or for each channel. */
export interface Scaling {
  mean: number[]
  deviation: number[]
}

/** The values that are read at a time. */
const CHUNK_VALUES = 2 ** 17

/** Running statistics of one feature or channel. */
class Statistics {
  count = 0
  mean = 0
  /** The sum of the squared differences from the mean. */
  squares = 0
  least = Number.POSITIVE_INFINITY
  most = Number.NEGATIVE_INFINITY

  /** Adds the runs of `length` values at `from`, `from + stride`, …: two passes, merged by the method of Chan et al. */
  add(values: Float32Array, from: number, length: number, stride: number): void {
    let count = 0
    let sum = 0
    for (let at = from; at < values.length; at += stride) {
      for (let i = at; i < at + length; i++) {
        const value = values[i]!
        sum += value
        if (value < this.least) this.least = value
        if (value > this.most) this.most = value
      }
      count += length
    }
    const mean = sum / count
    let squares = 0
    for (let at = from; at < values.length; at += stride) {
      for (let i = at; i < at + length; i++) squares += (values[i]! - mean) ** 2
    }
    const total = this.count + count
    const difference = mean - this.mean
    this.squares += squares + (difference * difference * this.count * count) / total
    this.mean += (difference * count) / total
    this.count = total
  }
}

export interface ScalingOptions {
  /** Whether to use the targets of a data set instead of its inputs. Default false. */
  targets?: boolean
}

/** A network reads a byte as value / 255 in 32 bits. */
const BYTE_SCALE = Math.fround(1 / 255)

/** The values of some samples, `[N, …]`. */
async function valuesOf(
  data: Dataset,
  indices: Uint32Array,
  targets: boolean,
): Promise<Tensor<Float32Array>> {
  const { x, t } = await data.read(indices)
  if (!targets) {
    const { data: values, shape } = x
    // The product is exact in 64 bits and rounded once.
    return values instanceof Float32Array
      ? { data: values, shape }
      : { data: Float32Array.from(values, (byte) => byte * BYTE_SCALE), shape }
  }
  if (t && 'shape' in t && t.data instanceof Float32Array) return t as Tensor
  const why = t ? 'its targets are class numbers' : 'it has no targets'
  throw new HebbError('data', `datasets.scaling: the data set has no target values to scale: ${why}`)
}

/**
 * The statistics of each feature, of `[T, features]` over all time steps, or of each channel of `[C, H, W]`. The values are read back from the engine, because only
 * it has them, possibly shared with other parts of a split.
 */
async function statistics(who: string, x: Dataset | Input, options: ScalingOptions): Promise<Statistics[]> {
  checkKeys(who, options, ['targets'])
  const { targets = false } = options
  if (targets && !(x instanceof Dataset)) {
    throw new HebbError('option', `${who}: targets: true is for data sets: give the targets themselves`)
  }
  const data = x instanceof Dataset ? x : await fromArrays(x)
  let all: Statistics[] | undefined
  try {
    const step = Math.max(1, Math.floor(CHUNK_VALUES / size(data.shape)))
    for (let from = 0; from < data.samples; from += step) {
      const count = Math.min(step, data.samples - from)
      const numbers = Uint32Array.from({ length: count }, (_, i) => from + i)
      const { data: values, shape } = await valuesOf(data, numbers, targets)
      // A time step is like a sample.
      const features = shape.length === 3 ? shape[2]! : size(shape.slice(1))
      const groups = shape.length === 4 ? shape[1]! : features
      const length = features / groups
      all ??= Array.from({ length: groups }, () => new Statistics())
      all.forEach((group, i) => {
        group.add(values, i * length, length, features)
      })
    }
    return all!
  } finally {
    if (data !== x) data.dispose()
  }
}

/**
 * Scaling to mean 0 and standard deviation 1 over the given samples: use the training samples only. The result has a value
 * for each feature of `[features]` and `[T, features]` or channel of `[C, H, W]`; the deviation of a constant one is 1. It
 * is computed in 64-bit floats, and the variance is divided by the number of values. With `targets: true` it scales the
 * targets of a data set; {@link standardize} with `invert: true` converts outputs back.
 *
 * @example network([13], [standardize(await datasets.scaling.standard(train)), …])
 */
async function standard(x: Dataset | Input, options: ScalingOptions = {}): Promise<Scaling> {
  const all = await statistics('datasets.scaling.standard', x, options)
  return {
    mean: all.map(({ mean }) => mean),
    deviation: all.map((of) => (of.most > of.least && Math.sqrt(of.squares / of.count)) || 1),
  }
}

/** Scaling to 0 (the least value of a feature or channel) … 1 (the largest); otherwise like {@link standard}. */
async function minMax(x: Dataset | Input, options: ScalingOptions = {}): Promise<Scaling> {
  const all = await statistics('datasets.scaling.minMax', x, options)
  return {
    mean: all.map(({ least }) => least),
    deviation: all.map(({ least, most }) => (most > least ? most - least : 1)),
  }
}

/** The scaling of inputs or targets, fitted to samples: options of the layer `standardize`. */
export const scaling = { standard, minMax }
