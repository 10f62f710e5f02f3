// A data set from idx files.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { datasets } from 'hebb'
import { afterAll, describe, expect, test } from 'vitest'
import { targetsAreValues, valuesOf } from '../../helpers/reader'

const folder = mkdtempSync(join(tmpdir(), 'hebb-data-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('fromIdx', () => {
  const { fromIdx } = datasets

  /** An idx file; `write` writes element i of the data. */
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

  test('integer labels are classes, others are values', async () => {
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
