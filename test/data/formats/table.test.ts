// CSV: line numbers, cells per row, and the number of different texts in a column.
import { datasets } from 'hebb'
import { describe, expect, test } from 'vitest'

const { fromCsv } = datasets
const refused = (csv: string, code: string, message: string | RegExp) =>
  expect(fromCsv(csv)).rejects.toMatchObject({ code, message: expect.stringMatching(message) })

describe('lines are counted as in an editor', () => {
  const ends = [
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ] as const

  test.each(ends)('with %s', async (_, end) => {
    await refused(['a,b', '1,2', '3,4', '5'].join(end) + end, 'file', /line 4\b/)
    await refused(['a,b', '', '1,2', '', '', '3'].join(end) + end, 'file', /line 6\b/)
    await refused(['a,b', '1,2', '3,1e39'].join(end) + end, 'data', /line 3\b/)
  })

  test.each(ends.slice(0, 2))('with %s inside quotes', async (_, end) => {
    await refused(['a,b', '"1', '2', '",2', '3'].join(end) + end, 'file', /line 5\b/)
    await refused(['a,b', '1,2', '3,"4', '5'].join(end), 'file', /line 3\b/)
    await refused(['a,b', '"1', '2"x,3'].join(end) + end, 'file', /line 3\b/)
  })

  test('with mixed line ends', async () => {
    await refused('a,b\r1,2\r\n3,4\n5\r', 'file', /line 4\b/)
    await refused('a,b\n\r1,2\n3\n', 'file', /line 4\b/)
  })
})

describe('a row must have one cell per name', () => {
  test.each([
    ['too few', 'a,b\n1,2\n3\n'],
    ['too many', 'a,b\n1,2\n3,4,5\n'],
    ['one too many, which is empty', 'a,b\n1,2\n3,4,\n'],
    ['too many in the first row', 'a,b\n1,2,3\n4,5\n'],
  ])('%s', (_, csv) => refused(csv, 'file', /line \d+/))

  test('an empty last cell counts', async () => {
    const { columns } = await fromCsv('a,b\n1,2\n3,', { columns: ['a'] })
    expect(columns).toEqual(['a'])
    await refused('a,b\n1,2,', 'file', /line 2\b/)
  })
})

describe('each text becomes a feature', () => {
  /** `count` texts, each three times. */
  const texts = (count: number) => {
    const names = Array.from({ length: count }, (_, i) => `name ${i}`)
    return `a\n${[...names, ...names, ...names].join('\n')}\n`
  }

  test('up to 256 different ones', async () => {
    expect((await fromCsv(texts(256))).columns).toHaveLength(256)
    await refused(texts(257), 'data', /257/)
  })

  test('more on request, and as classes', async () => {
    expect((await fromCsv(texts(257), { categories: { a: true } })).columns).toHaveLength(257)
    const rows = texts(257)
      .trim()
      .split('\n')
      .map((text, i) => (i === 0 ? 'n,a' : `${i},${text}`))
    expect((await fromCsv(`${rows.join('\n')}\n`, { target: 'a' })).classes).toHaveLength(257)
  })
})

test('column numbers refer to the line in which a quoted cell ends', async () => {
  await refused('a,b\n"one\ntwo"x,1\n', 'file', /line 3, column 5\b/)
  await refused('a,b\n"0",1\n"one\ntwo","three\nfour"x\n', 'file', /line 5, column 6\b/)
})
