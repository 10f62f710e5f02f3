import { standardize } from '../layers/standardize'
import { Network } from '../network'
import { type Input, size } from '../tensor'
import { Dataset, fromArrays } from './dataset'

/** What the layer `standardize` subtracts and divides by: a value for each feature, or for each channel. */
export interface Scaling {
  mean: number[]
  deviation: number[]
}

/** How many values are looked at at a time. */
const CHUNK = 2 ** 17

/** What is known of the values of one feature or channel. */
class Statistics {
  count = 0
  mean = 0
  /** The sum of the squared differences from the mean. */
  squares = 0
  least = Number.POSITIVE_INFINITY
  most = Number.NEGATIVE_INFINITY

  /** Adds every `stride`-th run of `length` values from `from` on: two passes, merged as Chan et al. do. */
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

/**
 * The statistics of each feature, or of each channel of `[C, H, W]`. The values live in the engine's memory alone,
 * perhaps shared with other parts of a split: a network that changes nothing reads them, as every network will
 * (bytes as value / 255).
 */
async function statistics(x: Dataset | Input): Promise<Statistics[]> {
  const data = x instanceof Dataset ? x : await fromArrays(x)
  const features = size(data.shape)
  const groups = data.shape.length === 3 ? data.shape[0]! : features
  const all = Array.from({ length: groups }, () => new Statistics())
  const reader = await Network.create({
    input: [features],
    seed: 0,
    layers: [standardize({ mean: 0, deviation: 1 })],
  })
  try {
    const step = Math.max(1, Math.floor(CHUNK / features))
    for (let from = 0; from < data.samples; from += step) {
      const count = Math.min(step, data.samples - from)
      const part = await data.subset(Uint32Array.from({ length: count }, (_, i) => from + i))
      const { data: values } = await reader.predict(part).finally(() => part.dispose())
      const length = features / groups
      all.forEach((group, i) => {
        group.add(values, i * length, length, features)
      })
    }
    return all
  } finally {
    reader.dispose()
    if (data !== x) data.dispose()
  }
}

/**
 * Mean 0 and standard deviation 1, over the samples given: fit it to the training samples alone, for the others
 * must not be known. A value for each feature of `[features]`, for each channel of `[C, H, W]`; a constant one
 * has the deviation 1. Computed in 64-bit floats; the deviation divides by the number of samples.
 *
 * @example network([13], [standardize(await datasets.scaling.standard(train)), …])
 */
async function standard(x: Dataset | Input): Promise<Scaling> {
  const all = await statistics(x)
  return {
    mean: all.map(({ mean }) => mean),
    deviation: all.map((of) => (of.most > of.least && Math.sqrt(of.squares / of.count)) || 1),
  }
}

/** From 0 (the least value of a feature or channel) to 1 (the largest); otherwise as {@link standard}. */
async function minMax(x: Dataset | Input): Promise<Scaling> {
  const all = await statistics(x)
  return {
    mean: all.map(({ least }) => least),
    deviation: all.map(({ least, most }) => (most > least ? most - least : 1)),
  }
}

/** Scaling of the inputs, fitted to samples: options of the layer `standardize`. */
export const scaling = { standard, minMax }
