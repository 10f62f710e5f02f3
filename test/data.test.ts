// Data from files, parts of it, and its scaling.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { type Dataset, datasets, network, standardize } from 'hebb'
import { afterAll, describe, expect, test } from 'vitest'
import { quartersData } from './recipe'

const folder = mkdtempSync(join(tmpdir(), 'hebb-data-'))
afterAll(() => rmSync(folder, { recursive: true }))

const bytes = (text: string) => new TextEncoder().encode(text)

/** A network that answers its input. */
const reader = (features: number) => network([features], [standardize({ mean: 0, deviation: 1 })])

/** The samples of a data set, as the engine has them. */
async function valuesOf(data: Dataset) {
  const features = data.shape.reduce((a, b) => a * b, 1)
  return (await (await reader(features)).predict(data)).toArray()
}

/** Whether each sample's target is its values, or for classes where the largest is. */
async function targetsAreValues(data: Dataset) {
  const net = await reader(data.shape[0]!)
  return net.evaluate(data, { loss: 'meanSquaredError' })
}

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

  test('numbers are features, a target of texts is classes', async () => {
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

  test('from bytes, a path, an address, and compressed', async () => {
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

  test('texts become a feature each, and a second file can have the same', async () => {
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

  test('what is missing is refused, skipped, or the mean', async () => {
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

  test('says what is wrong, and where', async () => {
    await refused(fromCsv('a,b\n1,"2\n3,4\n'), 'file', 'quote opened in line 2, column 3')
    await refused(fromCsv('a,b\n"1"2,3\n'), 'file', 'line 2, column 4', 'double the quotes')
    await refused(fromCsv('a,b\n"1\n",2\n3\n'), 'file', 'line 4 has 1 cells, line 1 has 2')
    await refused(fromCsv('a,a\n1,2\n'), 'file', 'two columns are called "a"', 'header: false')
    await refused(fromCsv('a,b\n'), 'file', 'no rows below its header')
    await refused(fromCsv('\n'), 'file', 'no rows')
    await refused(fromCsv(Uint8Array.of(97, 10, 49, 10, 0xe4, 10)), 'file', 'not UTF-8 text in line 3')
    await refused(fromCsv('a\n1\n2x\n3\n'), 'data', 'line 3, column "a": "2x" is no number', 'categories')
    await refused(fromCsv('a\n1\n1e39\n'), 'data', 'line 3, column "a": "1e39"')
    await refused(fromCsv('a;b\n1;2\n', { target: 'b' }), 'option', 'is the delimiter ";"?')
    await refused(fromCsv('a,b\n1,2\n', { target: 2 }), 'option', 'the columns are "a", "b"')
    await refused(fromCsv('a,b\n1,2\n', { target: ['a', 'b'] }), 'option', 'no column is left')
    await refused(fromCsv('a,b\n1,2\n', { target: 'b', columns: ['b'] }), 'option', '"b" is named twice')
    await refused(fromCsv('a,b\n1,2\n', { columns: ['a'], categories: { b: true } }), 'option', 'no feature')
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

describe('fromIdx', () => {
  const { fromIdx } = datasets

  /** An idx file; `write` puts element i of the data. */
  function idx(
    code: number,
    shape: number[],
    size: number,
    write: (view: DataView, at: number, i: number) => void,
  ) {
    const count = shape.reduce((a, b) => a * b, 1)
    const header = 4 + 4 * shape.length
    const all = new Uint8Array(header + count * size)
    const view = new DataView(all.buffer)
    all.set([0, 0, code, shape.length])
    for (const [i, n] of shape.entries()) view.setUint32(4 + 4 * i, n)
    for (let i = 0; i < count; i++) write(view, header + i * size, i)
    return all
  }
  const images = idx(8, [2, 2, 3], 1, (view, at, i) => view.setUint8(at, 51 * (i % 6)))
  const labels = idx(8, [2], 1, (view, at, i) => view.setUint8(at, i))

  test('images and labels, plain or compressed, as bytes or files', async () => {
    const path = join(folder, 'images.idx.gz')
    writeFileSync(path, gzipSync(images))
    for (const source of [images, gzipSync(images), path]) {
      const data = await fromIdx(source, gzipSync(labels))
      expect([data.samples, ...data.shape]).toEqual([2, 1, 2, 3])
      const row = [0, 0.2, 0.4, 0.6, 0.8, 1]
      const [first, second] = (await valuesOf(data)) as number[][]
      row.forEach((value, i) => {
        expect(first![i]).toBeCloseTo(value, 6)
      })
      expect(second).toEqual(first)
    }
  })

  test.each([
    [9, 1, (view: DataView, at: number, i: number) => view.setInt8(at, i - 2)],
    [11, 2, (view: DataView, at: number, i: number) => view.setInt16(at, i - 2)],
    [12, 4, (view: DataView, at: number, i: number) => view.setInt32(at, i - 2)],
    [13, 4, (view: DataView, at: number, i: number) => view.setFloat32(at, i - 2)],
    [14, 8, (view: DataView, at: number, i: number) => view.setFloat64(at, i - 2)],
  ])('type %i', async (code, size, write) => {
    const x = idx(code, [2, 2], size, write)
    const rows = [
      [-2, -1],
      [0, 1],
    ]
    expect(await valuesOf(await fromIdx(x))).toEqual(rows)
    const data = await fromIdx(x, x)
    expect((await targetsAreValues(data)).loss).toBe(0)
  })

  test('labels are classes where they are whole, else values', async () => {
    const x = idx(13, [2, 2], 4, (view, at, i) => view.setFloat32(at, Number(i === 0 || i === 3)))
    expect((await targetsAreValues(await fromIdx(x, labels))).accuracy).toBe(1)
    const t = idx(13, [2], 4, (view, at) => view.setFloat32(at, 0.5))
    const one = idx(13, [2, 1], 4, (view, at) => view.setFloat32(at, 0.5))
    expect((await targetsAreValues(await fromIdx(one, t))).loss).toBe(0)
  })

  test('damaged and hostile files are refused', async () => {
    const changed = (at: number, ...values: number[]) => {
      const copy = images.slice()
      copy.set(values, at)
      return copy
    }
    const refused = (file: Uint8Array, message: string | RegExp) =>
      expect(fromIdx(file)).rejects.toMatchObject({ code: 'file', message: expect.stringMatching(message) })
    await refused(images.slice(0, 3), '3 bytes')
    await refused(images.slice(0, 9), 'header of 16 bytes is cut off at byte 9')
    await refused(images.slice(0, -1), /\[2,2,3\] needs 12 bytes after the header, it has 11/)
    await refused(Uint8Array.from([...images, 0]), 'it has 13')
    await refused(changed(0, 1), 'two zero bytes')
    await refused(changed(2, 10), 'byte 2, its element type, is 10')
    await refused(changed(3, 0), 'byte 3, its number of dimensions, is 0')
    await refused(changed(3, 5), 'is 5')
    await refused(changed(4, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255), 'needs')
    await refused(changed(8, 0, 0, 0, 0), 'dimension at byte 8 is 0')
    await refused(gzipSync(images).subarray(0, -9), 'damaged gzip')
    await expect(fromIdx(labels)).rejects.toMatchObject({ code: 'shape' })
    const three = idx(8, [3], 1, () => {})
    await expect(fromIdx(images, three)).rejects.toMatchObject({ code: 'shape' })
  })
})

describe('split', () => {
  /** 60 samples of class 0, 30 of class 1, 10 of class 2; each sample's value is its number. */
  const numbered = () =>
    datasets.fromArrays(
      Array.from({ length: 100 }, (_, i) => [i]),
      Array.from({ length: 100 }, (_, i) => Number(i % 10 >= 6) + Number(i % 10 === 9)),
    )
  const numbers = async (data: Dataset) => ((await valuesOf(data)) as number[][]).flat()
  const shares = (list: number[]) =>
    [0, 1, 2].map((c) => list.filter((i) => Number(i % 10 >= 6) + Number(i % 10 === 9) === c).length)

  test('parts have each class its share, and every sample is in one', async () => {
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
    // The selection is the one that setAside gives.
    const { chosen } = await data.setAside(20, { seed: 1 })
    expect(await numbers(chosen)).toEqual(all[1])
  })

  test('without one of the parts, and without classes', async () => {
    const data = await datasets.fromArrays(Array.from({ length: 10 }, (_, i) => [i]))
    const { train, selection, test } = await data.split({ test: 0.3 })
    expect([train.samples, selection, test.samples]).toEqual([7, undefined, 3])
  })

  test('a million samples are no problem', async () => {
    const data = await datasets.fromArrays({ data: new Uint8Array(1_000_000), shape: [1_000_000, 1] })
    const { train, test } = await data.split({ test: 0.4 })
    expect([train.samples, test.samples]).toEqual([600_000, 400_000])
  })

  test.each([
    [{}, 'selection or test'],
    [{ selection: 0 }, 'selection must be'],
    [{ test: 1.5 }, 'test must be'],
    [{ test: 0.001 }, 'test: 0.001 of 100 samples is none'],
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

describe('scaling', () => {
  const { scaling } = datasets
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

  test('of the channels of images, bytes as parts of 255', async () => {
    const x = { data: Uint8Array.of(0, 255, 51, 51, 255, 0, 51, 51), shape: [2, 2, 1, 2] }
    const { mean, deviation } = await scaling.standard(x)
    close(mean, [0.5, Math.fround(51 * Math.fround(1 / 255))])
    close(deviation, [0.5, 1])
    expect((await scaling.minMax(x)).deviation).toEqual([1, 1])
  })

  test('keeps its digits far from zero, and over many parts', async () => {
    const samples = 40_000
    const width = 64
    const data = Float32Array.from({ length: samples * width }, (_, i) => 1e4 + (Math.floor(i / width) % 2))
    const { mean, deviation } = await scaling.standard({ data, shape: [samples, width] })
    close(mean, Array(width).fill(10_000.5))
    close(deviation, Array(width).fill(0.5))
  })

  test('the layer takes it, and the data is not changed', async () => {
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
