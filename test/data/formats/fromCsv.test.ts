// A data set from comma-separated values: columns, targets, categories, missing values.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { datasets } from 'hebb'
import { afterAll, describe, expect, test } from 'vitest'
import { targetsAreValues, valuesOf } from '../../helpers/reader'

const folder = mkdtempSync(join(tmpdir(), 'hebb-data-'))
afterAll(() => rmSync(folder, { recursive: true }))

const bytes = (text: string) => new TextEncoder().encode(text)

describe('fromCsv', () => {
  const { fromCsv } = datasets
  const refused = (promise: Promise<unknown>, code: string, ...texts: (string | RegExp)[]) =>
    Promise.all(
      texts.map((text) =>
        expect(promise).rejects.toMatchObject({
          name: 'HebbError',
          code,
          message: typeof text === 'string' ? expect.stringContaining(text) : expect.stringMatching(text),
        }),
      ),
    )

  test('numbers become features, a text target becomes classes', async () => {
    const csv = 'length,width,species\n5.1,-3,setosa\n4e-1,+2.,virginica\n.5, 1 ,setosa\n'
    const { dataset, columns, classes, categories } = await fromCsv(csv, { target: 'species' })
    expect(columns).toEqual(['length', 'width'])
    expect(classes).toEqual(['setosa', 'virginica'])
    expect(categories).toEqual({})
    expect(dataset.shape).toEqual([2])
    const values = [
      [5.1, -3],
      [0.4, 2],
      [0.5, 1],
    ]
    expect(await valuesOf(dataset)).toEqual(values.map((row) => row.map(Math.fround)))
    const { dataset: easy } = await fromCsv('a,b,t\n1,0,x\n0,1,y\n2,1,x', { target: 't' })
    expect((await targetsAreValues(easy)).accuracy).toBe(1)
  })

  test('reads what RFC 4180 allows', async () => {
    const csv = '\uFEFFname,"a ""b"", c"\r\n"two\r\nlines",1\r\n\r\n"x,""y""",2\r\n"",3'
    const { columns } = await fromCsv(csv, { missing: [] })
    expect(columns).toEqual(['name=', 'name=two\r\nlines', 'name=x,"y"', 'a "b", c'])
    for (const end of ['\n', '\r\n', '\r']) {
      const { dataset } = await fromCsv(`a,b${end}1,2${end}${end}3,4${end}`)
      expect(await valuesOf(dataset)).toEqual([
        [1, 2],
        [3, 4],
      ])
    }
    const { columns: last } = await fromCsv('a;b\n1;', { delimiter: ';', columns: ['a'] })
    expect(last).toEqual(['a'])
  })

  test('from bytes, a path, a URL, and compressed', async () => {
    const csv = bytes('a,t\n1,1\n2,2\n')
    const path = join(folder, 'small.csv')
    writeFileSync(path, csv)
    writeFileSync(`${path}.gz`, gzipSync(csv))
    const address = `data:text/csv;base64,${Buffer.from(csv).toString('base64')}`
    for (const source of [csv, gzipSync(csv), path, `${path}.gz`, pathToFileURL(path), address]) {
      const { dataset, classes } = await fromCsv(source, { target: 't' })
      expect(classes).toBeUndefined()
      expect((await targetsAreValues(dataset)).loss).toBe(0)
    }
    await refused(fromCsv(join(folder, 'none.csv')), 'file', 'none.csv', 'ENOENT')
  })

  test('columns and targets by name or number, with or without a header', async () => {
    const rows = '1,2,3\n4,5,6\n'
    const bare = await fromCsv(rows, { header: false, target: [2, 'column0'] })
    expect(bare.columns).toEqual(['column1'])
    const { dataset, columns } = await fromCsv(`a,b,c\n${rows}`, { columns: ['c', 0] })
    expect(columns).toEqual(['c', 'a'])
    expect(await valuesOf(dataset)).toEqual([
      [3, 1],
      [6, 4],
    ])
    const { dataset: two } = await fromCsv('a,b,s,t\n1,2,1,2\n3,4,3,4\n', { target: ['s', 't'] })
    expect((await targetsAreValues(two)).loss).toBe(0)
    const numbered = await fromCsv('x,t\n1,10\n2,9\n3,10\n', { target: 't', classes: true })
    expect(numbered.classes).toEqual(['9', '10'])
  })

  test('each text becomes a feature, and a second file can use the same features', async () => {
    const first = await fromCsv('n,colour,t\n1,red,b\n2,blue,a\n3,red,b\n', { target: 't' })
    expect(first.columns).toEqual(['n', 'colour=blue', 'colour=red'])
    expect(first.categories).toEqual({ colour: ['blue', 'red'] })
    expect(await valuesOf(first.dataset)).toEqual([
      [1, 0, 1],
      [2, 1, 0],
      [3, 0, 1],
    ])
    const { categories, classes } = first
    const options = { target: 't', categories, classes: classes! }
    const second = await fromCsv('n,colour,t\n4,blue,b\n', options)
    expect(second.columns).toEqual(first.columns)
    expect(second.classes).toEqual(['a', 'b'])
    expect(await valuesOf(second.dataset)).toEqual([[4, 1, 0]])
    await refused(fromCsv('n,colour,t\n4,green,b\n', options), 'data', 'line 2, column "colour"', '"green"')
    const coded = await fromCsv('size\n10\n9\n', { categories: { size: true } })
    expect(coded.columns).toEqual(['size=9', 'size=10'])
  })

  test('missing values are refused, skipped, or replaced by the mean', async () => {
    const csv = 'a,b,t\n1,x,0\n?,y,1\n4,NA,2\n7,y,3\n'
    const target = 't'
    await refused(fromCsv(csv, { target }), 'data', 'line 3, column "a"', "'skip' or 'mean'")
    const { dataset: skipped } = await fromCsv(csv, { target, onMissing: 'skip' })
    expect(await valuesOf(skipped)).toEqual([
      [1, 1, 0],
      [7, 0, 1],
    ])
    const { dataset: filled } = await fromCsv(csv, { target, onMissing: 'mean' })
    const third = Math.fround(1 / 3)
    expect(await valuesOf(filled)).toEqual([
      [1, 1, 0],
      [4, 0, 1],
      [4, third, Math.fround(2 / 3)],
      [7, 0, 1],
    ])
    await refused(fromCsv('a,t\n1,\n2,3\n', { target, onMissing: 'mean' }), 'data', 'line 2, column "t"')
    await refused(fromCsv('a\n-\n', { missing: ['-'], onMissing: 'skip' }), 'data', 'every row')
    await refused(fromCsv('a,b\n?,1\n', { onMissing: 'mean' }), 'data', 'column "a" has no values')
  })

  test('errors say what is wrong, and where', async () => {
    await refused(fromCsv('a,b\n1,"2\n3,4\n'), 'file', 'quote opened in line 2, column 3')
    await refused(fromCsv('a,b\n"1"2,3\n'), 'file', 'line 2, column 4', 'double the quotes')
    await refused(fromCsv('a,b\n"1\n",2\n3\n'), 'file', 'line 4 has 1 cells, line 1 has 2')
    await refused(fromCsv('a,a\n1,2\n'), 'file', 'two columns have the name "a"', 'header: false')
    await refused(fromCsv('a,b\n'), 'file', 'no rows below its header')
    await refused(fromCsv('\n'), 'file', 'no rows')
    await refused(fromCsv(Uint8Array.of(97, 10, 49, 10, 0xe4, 10)), 'file', 'not UTF-8 text in line 3')
    await refused(fromCsv('a\n1\n2x\n3\n'), 'data', 'line 3, column "a": "2x" is not a number', 'categories')
    await refused(fromCsv('a\n1\n1e39\n'), 'data', 'line 3, column "a": "1e39"')
    await refused(fromCsv('a;b\n1;2\n', { target: 'b' }), 'option', 'is the delimiter ";"?')
    await refused(fromCsv('a,b\n1,2\n', { target: 2 }), 'option', 'the columns are "a", "b"')
    await refused(fromCsv('a,b\n1,2\n', { target: ['a', 'b'] }), 'option', 'no column is left')
    await refused(fromCsv('a,b\n1,2\n', { target: 'b', columns: ['b'] }), 'option', '"b" is named twice')
    await refused(
      fromCsv('a,b\n1,2\n', { columns: ['a'], categories: { b: true } }),
      'option',
      'not a feature',
    )
    await refused(fromCsv('a,b,c\n1,x,1\n', { target: ['b', 'c'] }), 'data', 'target "b" has texts')
    await refused(fromCsv('a,b\n1,x\n', { target: 'b', classes: false }), 'data', 'classes is false')
    await refused(
      fromCsv('a,b\n1,x\n', { target: 'b', classes: ['y'] }),
      'data',
      'line 2',
      '"x" is none of "y"',
    )
    await refused(fromCsv('a\n1\n', { seperator: ';' } as never), 'option', 'delimiter')
    await refused(fromCsv('a\n1\n', { delimiter: '||' }), 'option', 'one character')
    await refused(fromCsv('a\n1\n', { onMissing: 'drop' as never }), 'option', 'skip')
    const names = Array.from({ length: 300 }, (_, i) => `name ${i}`).join('\n')
    await refused(fromCsv(`a\n${names}\n`), 'data', '300 different texts')
    expect((await fromCsv(`a\n${names}\n`, { categories: { a: true } })).columns).toHaveLength(300)
  })
})
