import { datasets, kMeans } from 'hebb'
import { expect, test } from 'vitest'
import fixture from '../fixtures/sklearn/radial.json'
import { samples } from '../helpers/radial'

test.each(fixture.means)('$clusters clusters of $samples samples as scikit-learn finds them', async (own) => {
  const x = samples(own.seed, own.samples, own.features)
  const { clusters, tolerance } = own
  const found = await kMeans(x, { clusters, tolerance, centers: x.slice(0, clusters) })
  expect(Array.from(found.assignments)).toEqual(own.assignments)
  expect(found.centers.shape).toEqual([clusters, own.features])
  for (const [i, value] of own.centers.entries()) {
    expect(Math.abs(found.centers.data[i]! - value)).toBeLessThan(1e-6)
  }
  expect(Math.abs(found.inertia / own.inertia - 1)).toBeLessThan(1e-6)
  expect(found.iterations).toBe(own.iterations)
  expect(found.converged).toBe(true)
})

test('k-means++ is drawn by the seed', async () => {
  const x = samples(9, 400, 3)
  const find = (seed: number) => kMeans(x, { clusters: 20, seed })
  const [one, again, other] = await Promise.all([find(1), find(1), find(2)])
  expect(again).toEqual(one)
  expect(other.inertia).not.toBe(one.inertia)
  // It begins better than the first samples do.
  const first = { clusters: 20, iterations: 1 }
  const plain = await kMeans(x, { ...first, centers: x.slice(0, 20) })
  const seeds = await Promise.all([1, 2, 3, 4, 5].map((seed) => kMeans(x, { ...first, seed })))
  expect(seeds.filter(({ inertia }) => inertia < plain.inertia).length).toBeGreaterThan(2)
})

test('minibatches come near to all samples', async () => {
  const x = samples(10, 3000, 4)
  const all = await kMeans(x, { clusters: 10 })
  const some = await kMeans(x, { clusters: 10, batchSize: 200, iterations: 60 })
  expect(some.iterations).toBe(60)
  expect(some.converged).toBe(false)
  expect(some.inertia).toBeLessThan(1.1 * all.inertia)
})

test('pixels of a data set are fractions of 255, and samples of any shape are points', async () => {
  const bytes = Uint8Array.from([0, 0, 0, 51, 255, 255, 255, 204])
  const data = await datasets.fromArrays({ data: bytes, shape: [4, 1, 2, 1] })
  const { centers, assignments } = await kMeans(data, { clusters: 2, seed: 1 })
  const [a, b] = [assignments[0]! * 2, assignments[2]! * 2]
  expect(Array.from(centers.data.slice(a, a + 2), (v) => Number(v.toFixed(6)))).toEqual([0, 0.1])
  expect(Array.from(centers.data.slice(b, b + 2), (v) => Number(v.toFixed(6)))).toEqual([1, 0.9])
})

test('progress rises, at most 20 times per second, and the event loop is free meanwhile', async () => {
  const x = { data: new Float32Array(samples(11, 20000, 20).flat()), shape: [20000, 20] }
  const parts: number[] = []
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  const started = performance.now()
  await kMeans(x, { clusters: 300, iterations: 20, tolerance: 0, onProgress: (part) => parts.push(part) })
  clearInterval(timer)
  expect(parts.length).toBeLessThanOrEqual((performance.now() - started) / 50 + 1)
  expect(parts).toEqual([...parts].sort((a, b) => a - b))
  expect(parts.every((part) => part >= 0 && part <= 1)).toBe(true)
  expect(turns).toBeGreaterThan(0)
})

test('wrong options and data are refused with what to do', async () => {
  const x = [[1], [1], [2]] // biome-ignore format: short
  const says = (options: object, data: unknown = x) =>
    kMeans(data as never, options as never).catch((e) => e.message)
  expect(await says({ clusters: 4 })).toBe('clusters must be 1 to 3, the number of samples, got 4')
  expect(await says({ clusters: 3 })).toBe('there are only 2 different samples for 3 clusters: ask for fewer')
  expect(await says({ clusters: 2, centers: [[1, 2]] })).toBe(
    'kMeans: centers must have the shape [2, 1], got [1,2]',
  )
  expect(await says({ clusters: 2 }, [[1], [Number.NaN]])).toContain('sample 1 has NaN as its value 0')
  expect(await says({ clusters: 2 }, [[1], [1e30]])).toContain('values must be within ±1e15')
  expect(await says({ clusters: 1 }, [1, 2])).toContain('samples must have shape [samples, …], got [2]')
  expect(await says({ clusters: 0 })).toContain('a whole number of at least 1')
  expect(await says({ clusters: 1, tolerance: -1 })).toContain('at least 0, got -1')
  expect(await says({ n_clusters: 1 })).toContain('has no option "n_clusters"')
})
