// The cells of a CSV column: numbers, or categories in order.
import { datasets, network, standardize } from 'hebb'
import { describe, expect, test } from 'vitest'

const { fromCsv } = datasets

/** The rows of features as a network gets them. */
async function rows(csv: string, options = {}) {
  const { dataset } = await fromCsv(csv, options)
  const reader = await network([dataset.shape[0]!], [standardize({ mean: 0, deviation: 1 })])
  return (await reader.predict(dataset)).toArray() as number[][]
}

describe('numbers', () => {
  test.each([
    ['1', 1],
    ['-1', -1],
    ['+1', 1],
    ['1.', 1],
    ['.5', 0.5],
    ['-.5', -0.5],
    ['1.25', 1.25],
    ['12e2', 1200],
    ['12E-2', Math.fround(0.12)],
    ['1e+3', 1000],
    ['00012', 12],
    ['1e10', 1e10],
    ['.25', 0.25],
    ['-12.125E-12', Math.fround(-12.125e-12)],
    ['-0', -0],
    [' 7 ', 7],
  ])('%s is a number', async (cell, value) => {
    expect(await rows(`a\n${cell}\n5\n`)).toEqual([[value], [5]])
  })

  test.each(['.', '-', '+', 'e5', '1e', '1e5.5', '--1', '1-', '1 2', 'Infinity', '1_000', '٣'])(
    '%s is none',
    async (cell) => {
      await expect(fromCsv(`a\n${cell}\n5\n6\n7\n8\n9\n`)).rejects.toMatchObject({ code: 'data' })
    },
  )
})

describe('categories', () => {
  test('are sorted: numbers by value, then texts by code units', async () => {
    const cells = ['x', '10', 'b', '9', '-1', 'B', '1e1', '9']
    const { columns } = await fromCsv(`a\n${cells.join('\n')}\n`, { categories: { a: true } })
    expect(columns).toEqual(['-1', '9', '10', '1e1', 'B', 'b', 'x'].map((text) => `a=${text}`))
  })

  test('given as an option keep their order, and all others are refused', async () => {
    const categories = { a: ['x', 'b', 'unused'] }
    expect(await rows('a\nb\nx\n', { categories })).toEqual([
      [0, 1, 0],
      [1, 0, 0],
    ])
    await expect(fromCsv('a\nb\ny\n', { categories })).rejects.toMatchObject({ code: 'data' })
  })

  test('of a missing value are the means of the known ones', async () => {
    const csv = 'a,b\nx,1\n?,3\ny,?\nx,2\n'
    const third = Math.fround(1 / 3)
    expect(await rows(csv, { onMissing: 'mean' })).toEqual([
      [1, 0, 1],
      [Math.fround(2 / 3), third, 3],
      [0, 1, 2],
      [1, 0, 2],
    ])
  })
})

test('features have the order of the columns', async () => {
  expect(await rows('a,b,c\n1,2,3\n4,5,6\n')).toEqual([
    [1, 2, 3],
    [4, 5, 6],
  ])
  expect(await rows('a,b,c\n1,2,3\n4,5,6\n', { columns: ['c', 'a'] })).toEqual([
    [3, 1],
    [6, 4],
  ])
})

describe('integers beyond 2⁵³', () => {
  test.each(['', '-'])('that only their texts distinguish (sign "%s")', async (sign) => {
    const column = (...cells: string[]) => fromCsv(`a\n${cells.map((cell) => sign + cell).join('\n')}\n`)
    await expect(column('12345678901234567890', '12345678901234567891')).rejects.toThrow('the same number')
    expect((await column('12345678901234567890', '5', '12345678901234567890')).dataset.samples).toBe(3)
  })

  test('and fractions with as many digits are numbers', async () => {
    expect(await rows('a\n0.12345678901234567\n0.123456789012345671\n2\n')).toHaveLength(3)
  })
})

test.each(['1,5e3', '1,5E-3', '-,5'])('%s with semicolons has a decimal comma', async (cell) => {
  await expect(fromCsv(`a;b\n${`${cell};1\n`.repeat(6)}`, { delimiter: ';' })).rejects.toThrow('decimal')
})

test('the texts for missing values must be a list', async () => {
  await expect(fromCsv('a\n1\n', { missing: 'NA' as never })).rejects.toThrow('a list of texts')
  await expect(fromCsv('a\n1\n', { missing: [5] as never })).rejects.toThrow('a list of texts')
})

test('a number is refused as a file', async () => {
  await expect(fromCsv(5 as never)).rejects.toThrow('a file is given by its path')
})
