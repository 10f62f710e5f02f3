// The statistics for scaling, including those combined from several parts of the data.
import { datasets, memory, network, standardize } from 'hebb'
import { describe, expect, test } from 'vitest'
import { quartersData } from '../helpers/recipe'

const { scaling, fromArrays } = datasets

/** Mean and deviation in f64, in two passes over all data. */
function twoPasses(values: readonly number[]) {
  const mean = values.reduce((a, b) => a + b) / values.length
  return { mean, deviation: Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length) }
}

/** Samples of `columns`, each a function of the sample's number, with the two-pass result for each column. */
function table(samples: number, columns: readonly ((i: number) => number)[]) {
  const of = (column: (i: number) => number) =>
    Array.from({ length: samples }, (_, i) => Math.fround(column(i)))
  const all = columns.map(of)
  const data = Float32Array.from({ length: samples * columns.length }, (_, at) => {
    return all[at % columns.length]![Math.floor(at / columns.length)]!
  })
  return { x: { data, shape: [samples, columns.length] }, expected: all.map(twoPasses), all }
}

// More than twice the number of values that are read at a time; the last part is small.
const samples = 60_001

test('parts with different means', async () => {
  // A step late in the data, a ramp, large values whose parts hardly differ, one outlier, constants.
  const { x, expected, all } = table(samples, [
    (i) => (i < 56_000 ? 0 : 3),
    (i) => i / 1000,
    (i) => 1e4 + (i % 7) + (i > 30_000 ? 2 : 0),
    (i) => (i === samples - 1 ? -1000 : 1),
    () => 12.5,
  ])
  const { mean, deviation } = await scaling.standard(x)
  for (const [column, exact] of expected.entries()) {
    expect(mean[column]! / exact.mean).toBeCloseTo(1, 12)
    expect(deviation[column]! / (exact.deviation || 1)).toBeCloseTo(1, 9)
  }
  const least = all.map((values) => values.reduce((a, b) => Math.min(a, b)))
  const most = all.map((values) => values.reduce((a, b) => Math.max(a, b)))
  const ranges = most.map((value, column) => value - least[column]! || 1)
  expect(await scaling.minMax(x)).toEqual({ mean: least, deviation: ranges })
})

test('parts of unequal size, of one feature', async () => {
  const { x, expected } = table(2 ** 17 + 3, [(i) => (i < 2 ** 17 ? 1 : 100_000)])
  const data = await fromArrays(x)
  const { mean, deviation } = await scaling.standard(data)
  // The last test counts data sets: do not leave this one to the garbage collector.
  data.dispose()
  expect(mean[0]! / expected[0]!.mean).toBeCloseTo(1, 12)
  expect(deviation[0]! / expected[0]!.deviation).toBeCloseTo(1, 9)
})

test('samples with more values than are read at a time', async () => {
  const width = 2 ** 17 + 1
  const data = Float32Array.from({ length: 3 * width }, (_, i) => (Math.floor(i / width) + 1) ** 2)
  const { mean, deviation } = await scaling.standard({ data, shape: [3, width] })
  const exact = twoPasses([1, 4, 9])
  for (const at of [0, 1, width - 1]) {
    expect(mean[at]).toBeCloseTo(exact.mean, 9)
    expect(deviation[at]).toBeCloseTo(exact.deviation, 9)
  }
})

test('channels over many parts', async () => {
  // 2 channels of 16 × 16, 600 samples: the channels' values are n and −2·n for sample n.
  const [channels, pixels, count] = [2, 256, 600]
  const data = Float32Array.from({ length: channels * pixels * count }, (_, i) => {
    const sample = Math.floor(i / (channels * pixels))
    return Math.floor(i / pixels) % channels === 0 ? sample : -2 * sample
  })
  const { mean, deviation } = await scaling.standard({ data, shape: [count, channels, 16, 16] })
  const exact = twoPasses(Array.from({ length: count }, (_, n) => n))
  expect(mean).toHaveLength(2)
  expect(mean[0]).toBeCloseTo(exact.mean, 9)
  expect(mean[1]).toBeCloseTo(-2 * exact.mean, 9)
  expect(deviation[0]).toBeCloseTo(exact.deviation, 9)
  expect(deviation[1]).toBeCloseTo(2 * exact.deviation, 9)
})

test('sequences have a scaling per feature, over all time steps', async () => {
  const data = Float32Array.from({ length: 4 * 6 }, (_, i) => (i % 6) * 10 + Math.floor(i / 6))
  const { mean, deviation } = await scaling.standard({ data, shape: [4, 2, 3] })
  expect(mean).toEqual([16.5, 26.5, 36.5])
  for (const one of deviation) expect(one).toBeCloseTo(Math.sqrt(1.25 + 15 ** 2), 12)
})

test('no memory is kept, and the data set remains usable', async () => {
  const data = await fromArrays([[1], [2]])
  const before = await memory()
  await scaling.standard([[1], [2]])
  await scaling.minMax(data)
  expect(await memory()).toMatchObject({ networks: before.networks, datasets: before.datasets })
  expect((await data.subset([1])).samples).toBe(1)
})

describe('scaling for the layer standardize', () => {
  const close = (list: readonly number[], expected: readonly number[]) => {
    expect(list).toHaveLength(expected.length)
    list.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 9)
    })
  }

  test('of features, from arrays and from a part of a data set', async () => {
    const rows = [
      [1, 10, 5],
      [2, 30, 5],
      [3, 20, 5],
      [6, 20, 5],
    ]
    const data = await datasets.fromArrays([...rows, [100, 100, 100]])
    for (const x of [rows, await data.subset([0, 1, 2, 3])]) {
      const { mean, deviation } = await scaling.standard(x)
      close(mean, [3, 20, 5])
      close(deviation, [Math.sqrt(14 / 4), Math.sqrt(50), 1])
      expect(await scaling.minMax(x)).toEqual({ mean: [1, 10, 5], deviation: [5, 20, 1] })
    }
  })

  test('of the channels of images, with bytes as value / 255', async () => {
    const x = { data: Uint8Array.of(0, 255, 51, 51, 255, 0, 51, 51), shape: [2, 2, 1, 2] }
    const { mean, deviation } = await scaling.standard(x)
    close(mean, [0.5, Math.fround(51 * Math.fround(1 / 255))])
    close(deviation, [0.5, 1])
    expect((await scaling.minMax(x)).deviation).toEqual([1, 1])
  })

  test('is accurate far from zero, and over many parts', async () => {
    const samples = 40_000
    const width = 64
    const data = Float32Array.from({ length: samples * width }, (_, i) => 1e4 + (Math.floor(i / width) % 2))
    const { mean, deviation } = await scaling.standard({ data, shape: [samples, width] })
    close(mean, Array(width).fill(10_000.5))
    close(deviation, Array(width).fill(0.5))
  })

  test('the layer accepts it, and the data is not changed', async () => {
    const data = await quartersData(50)
    const { mean, deviation } = await scaling.standard(data)
    const net = await network([1, 12, 12], [standardize({ mean: mean[0]!, deviation: deviation[0]! })])
    const { data: values } = await net.predict(data)
    const average = values.reduce((a, b) => a + b) / values.length
    const spread = values.reduce((a, b) => a + (b - average) ** 2, 0) / values.length
    expect(average).toBeCloseTo(0, 5)
    expect(spread).toBeCloseTo(1, 4)
  })
})
