// Safetensors files of other programs, and files that are mistaken for safetensors.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { dense, loadNetwork, network, readSafetensors } from 'hebb'
import { describe, expect, test } from 'vitest'

/** A file of tensors, each with its type and bytes. */
function file(tensors: Record<string, [dtype: string, shape: number[], bytes: number[]]>, extra = {}) {
  const data: number[] = []
  const entries = Object.entries(tensors).map(([name, [dtype, shape, bytes]]) => {
    data.push(...bytes)
    return [name, { dtype, shape, data_offsets: [data.length - bytes.length, data.length] }]
  })
  const text = new TextEncoder().encode(JSON.stringify({ ...extra, ...Object.fromEntries(entries) }))
  const all = new Uint8Array(8 + text.length + data.length)
  new DataView(all.buffer).setBigUint64(0, BigInt(text.length), true)
  all.set(text, 8)
  all.set(data, 8 + text.length)
  return all
}

const bytes = (array: ArrayBufferView) => [
  ...new Uint8Array(array.buffer, array.byteOffset, array.byteLength),
]
const words = (...values: number[]) => bytes(Uint16Array.from(values))

test('a header whose length begins as a pickle does', async () => {
  const tensors = { a: ['U8', [1], [7]] } as Parameters<typeof file>[0]
  const short = file(tensors, { __metadata__: { text: '' } }).length - 9
  for (const length of [128, 128 + 256, 128 + 5 * 256]) {
    const padded = file(tensors, { __metadata__: { text: ' '.repeat(length - short) } })
    expect([padded[0], padded[1]]).toEqual([0x80, length >> 8])
    expect((await readSafetensors(padded)).a!.data).toEqual(Float64Array.of(7))
  }
})

describe('types', () => {
  const { NaN: nan, POSITIVE_INFINITY: inf } = Number
  test.each<[string, number[], number[], 32 | 64]>([
    ['F64', bytes(Float64Array.of(0.1, -1e300)), [0.1, -1e300], 64],
    ['F32', bytes(Float32Array.of(0.5, -3e38)), [0.5, Math.fround(-3e38)], 32],
    // 1, −2, the largest, the smallest normal, the smallest subnormal, −0, ∞, NaN.
    [
      'F16',
      words(0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001, 0x8000, 0x7c00, 0x7e00),
      [1, -2, 65504, 2 ** -14, 2 ** -24, -0, inf, nan],
      32,
    ],
    // tinygrad#3310 and safetensors#598: 1, π, −3.39e38, the smallest subnormal, −∞, NaN.
    [
      'BF16',
      words(0x3f80, 0x4049, 0xff7f, 0x0001, 0xff80, 0x7fc0),
      [1, 3.140625, -(2 ** 128 - 2 ** 120), 2 ** -133, -inf, nan],
      32,
    ],
    // The type of PyTorch's num_batches_tracked.
    ['I64', bytes(BigInt64Array.of(-5n, 2n ** 53n - 1n)), [-5, 2 ** 53 - 1], 64],
    ['U64', bytes(BigUint64Array.of(7n)), [7], 64],
    ['I32', bytes(Int32Array.of(-7, 2 ** 31 - 1)), [-7, 2 ** 31 - 1], 64],
    ['U32', bytes(Uint32Array.of(2 ** 32 - 1)), [2 ** 32 - 1], 64],
    ['I16', bytes(Int16Array.of(-300)), [-300], 64],
    ['U16', bytes(Uint16Array.of(65535)), [65535], 64],
    ['I8', [255, 128], [-1, -128], 64],
    ['U8', [255, 3], [255, 3], 64],
    ['BOOL', [1, 0], [1, 0], 64],
  ])('%s', async (dtype, data, values, bits) => {
    const { t } = await readSafetensors(file({ t: [dtype, [values.length, 1], data] }))
    expect(t!.shape).toEqual([values.length, 1])
    expect(t!.data).toEqual((bits === 64 ? Float64Array : Float32Array).from(values))
  })

  test('that numbers cannot represent, and unknown types, are refused with the tensor’s name', async () => {
    const refused = (dtype: string, data: number[], ...texts: string[]) =>
      expect(
        readSafetensors(file({ good: ['U8', [1], [1]], odd: [dtype, [1], data] })),
      ).rejects.toMatchObject({
        name: 'HebbError',
        code: 'file',
        message: expect.stringMatching(new RegExp(texts.join('.*'))),
      })
    await refused('I64', bytes(BigInt64Array.of(2n ** 53n)), '"odd"', 'beyond 2⁵³')
    await refused('U64', bytes(BigUint64Array.of(2n ** 64n - 1n)), '"odd"', 'beyond 2⁵³')
    await refused('F8_E4M3', [0], '"odd" has type F8_E4M3', 'F64, F32, F16, BF16')
    await refused('constructor', [0], '"odd" has type constructor')
    await refused('F16', [0], '"odd" of shape \\[1\\] and type F16 claims bytes 1 to 2')
  })
})

describe('a file', () => {
  const own = file({
    'b.weight': ['F16', [2, 1], words(0x3c00, 0xc000)],
    scalar: ['F32', [], bytes(Float32Array.of(3))],
    none: ['F32', [0, 4], []],
  })

  test('returns its tensors by name: scalars, empty ones, any name', async () => {
    const tensors = await readSafetensors(own)
    expect(Object.keys(tensors)).toEqual(['b.weight', 'scalar', 'none'])
    expect(tensors.scalar).toEqual({ data: Float32Array.of(3), shape: [] })
    expect(tensors.none).toEqual({ data: new Float32Array(), shape: [0, 4] })
    const named = await readSafetensors(
      file({ ['__proto__']: ['U8', [1], [9]], constructor: ['U8', [1], [8]] } as never),
    )
    expect(Object.entries(named).map(([name, { data }]) => [name, data[0]])).toEqual([
      ['__proto__', 9],
      ['constructor', 8],
    ])
  })

  test('is read from a path, a URL, bytes inside a larger buffer, gzip', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hebb-read-'))
    const path = join(folder, 'own.safetensors')
    writeFileSync(path, own)
    const expected = await readSafetensors(own)
    const larger = new Uint8Array(own.length + 5)
    larger.set(own, 5)
    for (const source of [path, pathToFileURL(path), larger.subarray(5), gzipSync(own)]) {
      expect(await readSafetensors(source)).toEqual(expected)
    }
    rmSync(folder, { recursive: true })
  })

  test('of a network of Hebb has the same weights as the network', async () => {
    const net = await network([3], [dense({ units: 2 })], { seed: 3 })
    expect(await readSafetensors(await net.toBytes())).toEqual(await net.weights())
  })

  test('of PyTorch in half precision can be loaded into a network that gives the same output', async () => {
    const net = await network([2], [dense({ units: 1, name: 'fc' })])
    const state = file(
      { 'fc.weight': ['F16', [1, 2], words(0x3c00, 0xc000)], 'fc.bias': ['BF16', [1], words(0x4040)] },
      { __metadata__: { format: 'pt' } },
    )
    await net.setWeights(await readSafetensors(state))
    expect((await net.predict([5, 1])).toArray()).toEqual([6])
    await expect(loadNetwork(state)).rejects.toThrow(
      'make the network with its layers, then await net.setWeights(await readSafetensors(file))',
    )
  })

  test('with metadata of a wrong type is refused', async () => {
    for (const metadata of [null, [], 'text', 3, { a: 1 }, { a: null }]) {
      const bytes = file({ t: ['U8', [1], [1]] }, { __metadata__: metadata })
      for (const read of [readSafetensors, loadNetwork] as ((bytes: Uint8Array) => Promise<unknown>)[]) {
        await expect(read(bytes)).rejects.toMatchObject({ name: 'HebbError', code: 'file' })
      }
    }
  })
})

describe("a file in PyTorch's own format", () => {
  const text = (line: string) => [...new TextEncoder().encode(line)]
  test.each([
    ['a zip, as PyTorch', [...text('PK'), 3, 4, ...new Array(26).fill(0), ...text('archive/data.pkl')]],
    ['a zip, as PyTorch', text('PK\x05\x06')],
    ['a pickle, as PyTorch', [0x80, 2, 0x8a, 10, ...new Array(20).fill(7)]],
    ['a pickle, as PyTorch', [0x80, 4, 0x95]],
  ])('gives an error with the line that converts it: %s', async (what, head) => {
    for (const read of [readSafetensors, loadNetwork] as ((bytes: Uint8Array) => Promise<unknown>)[]) {
      const error = (await read(Uint8Array.from(head)).catch((error) => error)) as Error
      expect(error).toMatchObject({ name: 'HebbError', code: 'file' })
      expect(error.message).toContain(what)
      expect(error.message).toMatch(/save_file\(\{.*torch\.load\('model\.pt'.*'model\.safetensors'\)$/)
    }
  })
})

test('an empty tensor may share its offset with another tensor', async () => {
  const empty: [string, number[], number[]] = ['F32', [0], []]
  const one: [string, number[], number[]] = ['F32', [1], bytes(Float32Array.of(7))]
  for (const tensors of [
    { empty, one },
    { one, empty },
  ]) {
    expect((await readSafetensors(file(tensors))).one!.data).toEqual(Float32Array.of(7))
  }
  // Listed in another order than stored.
  const text = new TextEncoder().encode(
    JSON.stringify({
      one: { dtype: 'F32', shape: [1], data_offsets: [0, 4] },
      empty: { dtype: 'F32', shape: [0], data_offsets: [0, 0] },
    }),
  )
  const all = new Uint8Array(8 + text.length + 4)
  new DataView(all.buffer).setBigUint64(0, BigInt(text.length), true)
  all.set(text, 8)
  expect((await readSafetensors(all)).one!.shape).toEqual([1])
})
