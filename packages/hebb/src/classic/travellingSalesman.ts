import type { HopfieldProgress } from '../engine/classicProtocol'
import { classicEngine } from '../engine/engines'
import { HebbError, toJson } from '../errors'
import { checkCallback, checkKeys, checkName, checkNumber, checkWhole } from '../options'
import { type Input, toDoubles } from '../tensor'

export interface TravellingSalesmanOptions {
  /** Places `[N, dimensions]` with straight ways between them. */
  cities?: Input
  /** Or distances `[N, N]`, symmetric. */
  distances?: Input
  /**
   * `subspace` (default): the state stays in the valid subspace (Aiyer and Fallside 1991) while the gain rises, so that every
   * result is a tour. `penalties`: as Hopfield and Tank did in 1985; most results are no tours.
   */
  method?: 'subspace' | 'penalties'
  /** The seed of the starts. Default 0. */
  seed?: number
  /** Starts, of which the shortest tour counts. Default 4 in the subspace, 1 with penalties. */
  starts?: number
  /** The penalties A, B, C, D, the number n in the term of C, and u₀ = 2/λ. Default: those of 1985, 500, 500, 200, 500, 15, 0.02. */
  settings?: { a?: number; b?: number; c?: number; d?: number; n?: number; u0?: number }
  /** The most steps of a start. Default 100,000. */
  steps?: number
  /** Called at most 20 times per second, with the present start. */
  onProgress?: (progress: HopfieldProgress) => void
}

export interface Tour {
  /** The city at each position; undefined if no start gave a tour. */
  tour: number[] | undefined
  /** Of the closed tour. */
  length: number | undefined
  /** Whether outputs above ½ are a tour. */
  valid: boolean
  /** The length for each start, undefined if it gave no tour. */
  lengths: readonly (number | undefined)[]
  /** The outputs `[cities, positions]` of the best start. */
  v: Float64Array
  /** Steps of all starts. */
  steps: number
}

const WHO = 'travellingSalesman'
/** The settings of Hopfield and Tank, 1985. */
const SETTINGS = { a: 500, b: 500, c: 200, d: 500, n: 15, u0: 0.02 }

/** Distances between places. */
function between({ data, shape }: ReturnType<typeof toDoubles>): Float64Array {
  if (shape.length !== 2)
    throw new HebbError('shape', `${WHO}: cities must be [N, dimensions], got [${shape}]`)
  const [n, dimensions] = shape as [number, number]
  const place = (city: number) => data.subarray(city * dimensions, (city + 1) * dimensions)
  return Float64Array.from({ length: n * n }, (_, at) => {
    const other = place(at % n)
    return Math.hypot(...place(Math.floor(at / n)).map((x, i) => x - other[i]!))
  })
}

/**
 * Looks for a short closed tour through all cities with a continuous Hopfield network of N² units: unit [x, i] says whether
 * city x is at position i. The tour is near the shortest, not always the shortest. Cities as regular as the corners of a square can
 * mislead it, because several tours balance each other.
 *
 * @example const { tour, length } = await travellingSalesman({ cities: [[0, 0], [4, 0], [5, 2], [2, 4], [0, 3]] })
 * @throws HebbError `option`, `shape`, `data`
 */
export async function travellingSalesman(options: TravellingSalesmanOptions): Promise<Tour> {
  const keys = ['cities', 'distances', 'method', 'seed', 'starts', 'settings', 'steps', 'onProgress']
  checkKeys(WHO, options, keys)
  const { cities, distances, seed = 0, settings = {}, steps = 100_000, onProgress } = options
  if ((cities === undefined) === (distances === undefined)) {
    throw new HebbError('option', `${WHO}: give either cities or distances`)
  }
  const method = checkName(WHO, 'method', options.method ?? 'subspace', ['subspace', 'penalties'])
  checkKeys(`${WHO}: settings`, settings, Object.keys(SETTINGS))
  const all = Object.entries({ ...SETTINGS, ...settings }).map(([name, value]) =>
    checkNumber(WHO, `settings.${name}`, value, (number) => number >= 0, 'finite and at least 0'),
  )
  const json = toJson(WHO, {
    method,
    seed: checkWhole(WHO, 'seed', seed, 0),
    starts: checkWhole(WHO, 'starts', options.starts ?? (method === 'subspace' ? 4 : 1), 1, 1_000_000),
    settings: all,
    steps: checkWhole(WHO, 'steps', steps, 1),
  })
  const matrix = cities === undefined ? toDoubles(distances!).data : between(toDoubles(cities))
  checkCallback(WHO, 'onProgress', onProgress)
  const found = await (await classicEngine()).ask('salesmanRun', [json, matrix], undefined, onProgress)
  const tour = found.tour && Array.from(found.tour)
  return { ...found, tour, valid: tour !== undefined }
}
