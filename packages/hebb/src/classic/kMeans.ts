import type { Dataset } from '../data/dataset'
import { classicEngine } from '../engine/engines'
import { HebbError, toJson } from '../errors'
import { checkKeys, checkNumber, checkWhole } from '../options'
import { type Input, type Tensor, toDoubles } from '../tensor'
import { listener } from './listener'
import { readPoints } from './points'

/** The options of the search for clusters. */
export interface SearchOptions {
  /** The seed of the first centers, and of minibatches. Default 0. */
  seed?: number
  /** Samples per step: `'all'` (default) for Lloyd's algorithm, or minibatches (Sculley 2010) for many samples. */
  batchSize?: number | 'all'
  /** The most steps. Default 300. */
  iterations?: number
  /**
   * Lloyd's algorithm ends when the squares of all centers' moves sum up to at most this, times the mean variance of the
   * features. Default 1e-4.
   */
  tolerance?: number
}
export const SEARCH = ['seed', 'batchSize', 'iterations', 'tolerance'] as const

export interface KMeansOptions extends SearchOptions {
  /** The number of clusters. */
  clusters: number
  /**
   * The first centers, `[clusters, features]`. Default: drawn by k-means++ (Arthur and Vassilvitskii 2007), of many samples
   * from ten random ones per cluster, but at least 10,000.
   */
  centers?: Input
  /** Is called with the part that is done if all iterations are needed, at most 20 times per second. */
  onProgress?: (part: number) => void
}

/** What {@link kMeans} finds. */
export interface Clusters {
  /** `[clusters, features]`. */
  centers: Tensor<Float64Array>
  /** The number of the nearest center of each sample. */
  assignments: Uint32Array
  /** The sum of the squared distances of the samples to their centers. */
  inertia: number
  /** Steps made. */
  iterations: number
  /** Whether the centers moved no more than `tolerance`; minibatches cannot tell. */
  converged: boolean
}

/** The checked options, for the engine. */
export function toSearch(who: string, clusters: number, options: SearchOptions) {
  const { seed = 0, batchSize = 'all', iterations = 300, tolerance = 1e-4 } = options
  return {
    clusters,
    seed: checkWhole(who, 'seed', seed, 0),
    batchSize: batchSize === 'all' ? 0 : checkWhole(who, 'batchSize', batchSize, 1),
    iterations: checkWhole(who, 'iterations', iterations, 1),
    tolerance: checkNumber(who, 'tolerance', tolerance, (n) => n >= 0, 'at least 0'),
  }
}

/** Given centers, `[count, features]` or of the shape of the samples. */
export function toCenters(who: string, given: Input, count: number, features: number): Float64Array {
  const { data, shape } = toDoubles(given)
  if (shape[0] === count && data.length === count * features) return data
  throw new HebbError('shape', `${who}: centers must have the shape [${count}, ${features}], got [${shape}]`)
}

/**
 * k-means: centers that are the means of the samples nearest to them. A cluster that loses all its samples takes the sample that is
 * farthest from its own center. The result follows from data, options and seed, with any number of threads. Samples of any shape
 * are points of `features` numbers in 32 bits; centers and sums have 64.
 *
 * @example const { centers, assignments } = await kMeans([[0, 0], [0, 1], [9, 9]], { clusters: 2 })
 * @throws HebbError `option`, `shape`, `data` (also if there are fewer different samples than clusters), `memory`
 */
export async function kMeans(x: Input | Dataset, options: KMeansOptions): Promise<Clusters> {
  checkKeys('kMeans', options, ['clusters', 'centers', ...SEARCH, 'onProgress'])
  const clusters = checkWhole('kMeans', 'clusters', options.clusters, 1)
  const search = toJson('kMeans', toSearch('kMeans', clusters, options))
  const report = listener('kMeans', options)
  const { data, features } = await readPoints('kMeans', x)
  const start =
    options.centers === undefined
      ? new Float64Array()
      : toCenters('kMeans', options.centers, clusters, features)
  const owner = await classicEngine()
  const found = await owner.ask('kMeans', [search, data, features, start], [data.buffer], report)
  return {
    ...found,
    centers: { data: found.centers, shape: [clusters, features] },
    assignments: Uint32Array.from(found.assignments),
  }
}
