// Windows over time series.
import { datasets } from 'hebb'
import { expect, test } from 'vitest'
import { refused } from '../helpers/refused'

/** All samples of a data set. */
async function samples(data: Awaited<ReturnType<typeof datasets.windows>>) {
  const { x, t } = await data.read(Uint32Array.from({ length: data.samples }, (_, i) => i))
  return { x: [...x.data], t: [...(t as { data: Float32Array }).data], shape: x.shape }
}
const count = (length: number) => Array.from({ length }, (_, i) => i)

test('a window, and the value after it', async () => {
  const data = await datasets.windows(count(5), { steps: 3 })
  expect([data.samples, data.shape]).toEqual([2, [3, 1]])
  expect(await samples(data)).toEqual({ x: [0, 1, 2, 1, 2, 3], t: [3, 4], shape: [2, 3, 1] })
})

test('the horizon counts from the last step, and every from start to start', async () => {
  const data = await datasets.windows(count(11), { steps: 2, horizon: 3, every: 3 })
  // Windows start at 0, 3 and 6; the last target is 10.
  expect(await samples(data)).toEqual({ x: [0, 1, 3, 4, 6, 7], t: [4, 7, 10], shape: [3, 2, 1] })
  expect((await datasets.windows(count(10), { steps: 2, horizon: 3, every: 3 })).samples).toBe(2)
  expect((await datasets.windows(count(5), { steps: 2, horizon: 3 })).samples).toBe(1)
})

test('rows of several features, typed arrays, and bytes as plain numbers', async () => {
  const rows = [
    [1, 10],
    [2, 20],
    [3, 30],
  ]
  const pairs = { x: [1, 10, 2, 20], t: [3, 30], shape: [1, 2, 2] }
  expect(await samples(await datasets.windows(rows, { steps: 2 }))).toEqual(pairs)
  const flat = { data: Float64Array.from(rows.flat()), shape: [3, 2] }
  expect(await samples(await datasets.windows(flat, { steps: 2 }))).toEqual(pairs)
  const bytes = { data: Uint8Array.of(255, 7, 3), shape: [3] }
  for (const series of [Float64Array.of(255, 7, 3), Float32Array.of(255, 7, 3), bytes]) {
    const data = await datasets.windows(series, { steps: 2 })
    expect(await samples(data)).toEqual({ x: [255, 7], t: [3], shape: [1, 2, 1] })
  }
})

test('a series that cannot be used is refused with what to do', async () => {
  const windows = datasets.windows
  await refused('shape', '2 steps and a target 3 later need a series of 5 steps, this one has 4', () =>
    windows(count(4), { steps: 2, horizon: 3 }),
  )
  await refused('data', 'the series has NaN at step 2:', () => windows([1, 2, Number.NaN, 4], { steps: 2 }))
  await refused(
    'data',
    'the series has Infinity at step 1, feature 0:',
    () =>
    windows([[1, 2], [1 / 0, 4], [5, 6]], { steps: 1 }), // biome-ignore format: short
  )
  await refused('shape', 'not [1,1,2]', () => windows([[[1, 2]]], { steps: 1 }))
  await refused('shape', 'need a series of 2 steps, this one has 0', () => windows([], { steps: 1 }))
  await refused('memory', '50001 windows of 50000 × 1 values do not fit', () =>
    windows(new Float32Array(100_001), { steps: 50_000 }),
  )
  for (const wrong of [{ steps: 0 }, { steps: 2, horizon: 0 }, { steps: 2, every: 0 }, { steps: 1.5 }]) {
    await refused('option', 'must be a whole number of at least 1', () => windows(count(9), wrong))
  }
  await refused('option', 'has no option "stride"', () => windows(count(9), { steps: 2, stride: 1 } as never))
})
