// idx files, byte by byte.
import { gzipSync } from 'node:zlib'
import { datasets, network, standardize } from 'hebb'
import { describe, expect, test } from 'vitest'

/** An idx file of a type and a shape. */
const idx = (type: number, shape: number[], bytes: number[]) =>
  Uint8Array.from([
    ...[0, 0, type, shape.length],
    ...shape.flatMap((n) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255]),
    ...bytes,
  ])

/** The values of samples of one feature. */
async function values(file: Uint8Array) {
  const data = await datasets.fromIdx(file)
  const features = data.shape.reduce((a, b) => a * b)
  const reader = await network([features], [standardize({ mean: 0, deviation: 1 })])
  return Array.from((await reader.predict(data)).data)
}

const refused = (file: Uint8Array, labels?: Uint8Array) =>
  expect(datasets.fromIdx(file, labels)).rejects.toMatchObject({ name: 'HebbError' })

describe('every type is big-endian', () => {
  test.each([
    ['unsigned bytes, as parts of 255', 8, [0, 255], [0, 1]],
    ['signed bytes', 9, [127, 128], [127, -128]],
    ['16-bit integers', 11, [1, 2, 255, 254], [258, -2]],
    ['32-bit integers', 12, [0, 1, 0, 2, 255, 255, 255, 253], [65_538, -3]],
    ['32-bit floats', 13, [63, 192, 0, 0, 192, 0, 0, 0], [1.5, -2]],
    ['64-bit floats', 14, [63, 248, 0, 0, 0, 0, 0, 0, 192, 0, 0, 0, 0, 0, 0, 0], [1.5, -2]],
  ])('%s', async (_, type, bytes, expected) => {
    expect(await values(idx(type, [2, 1], bytes))).toEqual(expected)
  })
})

describe('is refused', () => {
  test.each([
    ['nothing', Uint8Array.of()],
    ['three bytes', Uint8Array.of(0, 0, 8)],
    ['a first byte', Uint8Array.of(1, ...idx(8, [2, 1], [1, 2]).slice(1))],
    ['a second byte', Uint8Array.of(0, 1, ...idx(8, [2, 1], [1, 2]).slice(2))],
    ['the type 10', idx(10, [2, 1], [1, 2])],
    ['no dimension', idx(8, [], [])],
    ['five dimensions', idx(8, [1, 1, 1, 1, 1], [1])],
    ['a header that is cut off', idx(8, [2, 1], []).slice(0, 11)],
    ['a dimension of 0', idx(8, [2, 0], [])],
    ['a byte too few', idx(8, [2, 2], [1, 2, 3])],
    ['a byte too many', idx(8, [2, 2], [1, 2, 3, 4, 5])],
    ['one dimension: labels', idx(8, [2], [1, 2])],
  ])('%s', (_, file) => refused(file))

  test('another number of labels than samples', async () => {
    await refused(idx(8, [2, 1], [1, 2]), idx(8, [3], [0, 1, 1]))
    await refused(idx(8, [2, 1], [1, 2]), idx(8, [1], [0]))
  })
})

test('shapes: images get a channel, others are unchanged', async () => {
  const shape = async (dimensions: number[]) => {
    const count = dimensions.reduce((a, b) => a * b)
    return (await datasets.fromIdx(idx(8, dimensions, Array(count).fill(0)))).shape
  }
  expect(await shape([2, 3])).toEqual([3])
  expect(await shape([2, 3, 4])).toEqual([1, 3, 4])
  expect(await shape([2, 3, 4, 5])).toEqual([3, 4, 5])
})

test('a file that is compressed twice gives a clear error', async () => {
  const twice = gzipSync(gzipSync(idx(8, [2, 1], [1, 2])))
  await expect(datasets.fromIdx(new Uint8Array(twice))).rejects.toThrow('unpack it with gunzip')
  await expect(datasets.fromIdx(Uint8Array.of(0, 0x8b, 8, 1))).rejects.toThrow('two zero bytes')
})

test('labels in place of samples give a clear error', async () => {
  await expect(datasets.fromIdx(idx(8, [3], [0, 1, 2]))).rejects.toThrow('are these the labels?')
})
