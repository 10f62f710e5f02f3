// Splits keep the shares of classes, for every form of targets.
import { type Dataset, datasets, network, standardize } from 'hebb'
import { describe, expect, test } from 'vitest'

const SAMPLES = 100
/** Ten of a hundred samples have class 1. */
const rare = (i: number) => Number(i % 10 === 3)
const x = Array.from({ length: SAMPLES }, (_, i) => [i])

/** The numbers of a part's samples. */
async function numbers(data: Dataset): Promise<number[]> {
  const net = await network([1], [standardize({ mean: 0, deviation: 1 })])
  return [...(await net.predict(data)).data]
}
const count = async (data: Dataset) => (await numbers(data)).filter(rare).length

test.each([
  ['0 and 1', (i: number) => [rare(i)]],
  ['−1 and 1', (i: number) => [1 - 2 * rare(i)]],
  ['one-hot rows', (i: number) => [1 - rare(i), rare(i), 0]],
])('targets of %s', async (_, target) => {
  const data = await datasets.fromArrays(
    x,
    x.map((_, i) => target(i)),
  )
  // keras #796: a whole validation set had one class. Without stratification some of these seeds would be off.
  for (let seed = 0; seed < 10; seed++) {
    const { train, selection, test: rest } = await data.split({ selection: 0.2, test: 0.3, seed })
    expect(await Promise.all([train, selection, rest].map(count))).toEqual([5, 2, 3])
  }
})

test('0 and 1 as values are split like class numbers, sample by sample', async () => {
  const classes = await datasets.fromArrays(
    x,
    x.map((_, i) => rare(i)),
  )
  const csv = `x,t\n${x.map(([i]) => `${i},${rare(i!)}`).join('\n')}\n`
  const { dataset } = await datasets.fromCsv(csv, { target: 't' })
  const parts = await Promise.all([classes, dataset].map((data) => data.split({ test: 0.3, seed: 4 })))
  expect(await numbers(parts[1]!.test)).toEqual(await numbers(parts[0]!.test))
  // A part of a part keeps its shares too.
  const { chosen } = await parts[1]!.train.setAside(20, { seed: 1 })
  expect([await count(parts[1]!.train), await count(chosen)]).toEqual([7, 2])
})

test('other numbers are not classes', async () => {
  const plain = await datasets.fromArrays(x)
  const expected = await numbers((await plain.split({ test: 0.3, seed: 2 })).test)
  for (const target of [
    (i: number) => [i / 7],
    (i: number) => [i % 3],
    () => [1],
    (i: number) => [rare(i), 0],
  ]) {
    const data = await datasets.fromArrays(
      x,
      x.map((_, i) => target(i)),
    )
    expect(await numbers((await data.split({ test: 0.3, seed: 2 })).test)).toEqual(expected)
  }
})

test('remainders of rounding go to classes by number, in any order of the samples', async () => {
  // 4 of 9: the running sums 1.33, 2.67 and 4 are rounded, so that class 1 gets two.
  for (const order of [
    [0, 1, 2],
    [1, 0, 2],
    [2, 1, 0],
  ]) {
    const classes = Uint8Array.from({ length: 9 }, (_, i) => order[Math.floor(i / 3)]!)
    const data = await datasets.fromArrays(
      Array.from(classes, (one) => [one]),
      classes,
    )
    const { chosen } = await data.setAside(4, { seed: 3 })
    expect((await numbers(chosen)).sort()).toEqual([0, 1, 1, 2])
  }
})

describe('parts', () => {
  /** 60 samples of class 0, 30 of class 1, 10 of class 2; each sample's value is its number. */
  const numbered = () =>
    datasets.fromArrays(
      Array.from({ length: 100 }, (_, i) => [i]),
      Array.from({ length: 100 }, (_, i) => Number(i % 10 >= 6) + Number(i % 10 === 9)),
    )
  const shares = (list: number[]) =>
    [0, 1, 2].map((c) => list.filter((i) => Number(i % 10 >= 6) + Number(i % 10 === 9) === c).length)

  test('each part has every class by its share, and every sample is in one part', async () => {
    const data = await numbered()
    const { train, selection, test } = await data.split({ selection: 0.2, test: 10, seed: 1 })
    const all = await Promise.all([train, selection, test].map(numbers))
    expect(all.map((list) => list.length)).toEqual([70, 20, 10])
    expect(all.map(shares)).toEqual([
      [42, 21, 7],
      [12, 6, 2],
      [6, 3, 1],
    ])
    expect(all.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i))

    const again = await data.split({ selection: 0.2, test: 10, seed: 1 })
    expect(await numbers(again.test)).toEqual(all[2])
    const other = await data.split({ selection: 0.2, test: 10, seed: 2 })
    expect(await numbers(other.test)).not.toEqual(all[2])
    // The selection set equals that of setAside.
    const { chosen } = await data.setAside(20, { seed: 1 })
    expect(await numbers(chosen)).toEqual(all[1])
  })

  test('without one of the parts, and without classes', async () => {
    const data = await datasets.fromArrays(Array.from({ length: 10 }, (_, i) => [i]))
    const { train, selection, test } = await data.split({ test: 0.3 })
    expect([train.samples, selection, test.samples]).toEqual([7, undefined, 3])
  })

  test('a million samples work', async () => {
    const data = await datasets.fromArrays({ data: new Uint8Array(1_000_000), shape: [1_000_000, 1] })
    const { train, test } = await data.split({ test: 0.4 })
    expect([train.samples, test.samples]).toEqual([600_000, 400_000])
  })

  test.each([
    [{}, 'selection or test'],
    [{ selection: 0 }, 'selection must be'],
    [{ test: 1.5 }, 'test must be'],
    [{ test: 0.001 }, 'test: 0.001 of 100 samples is less than one sample'],
    [{ selection: 0.5, test: 0.5 }, 'none is left'],
    [{ validation_split: 0.1 }, 'use "selection"'],
    [{ test: 1, seed: -1 }, 'seed'],
  ])('%o is refused', async (options, message) => {
    const data = await numbered()
    await expect(data.split(options as object)).rejects.toMatchObject({
      code: 'option',
      message: expect.stringContaining(message),
    })
  })
})
