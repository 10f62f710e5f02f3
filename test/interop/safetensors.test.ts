// safetensors files: what is written, and which damaged or hostile files are refused.
import { dense, loadNetwork, network } from 'hebb'
import { beforeAll, describe, expect, test } from 'vitest'

type Entry = { dtype: string; shape: number[]; data_offsets: [number, number] }
type Header = Record<string, Entry> & { __metadata__: Record<string, string> }

let file: Uint8Array<ArrayBuffer>
let header: Header
let data: Uint8Array

beforeAll(async () => {
  const net = await network([3], [dense({ units: 2, name: 'a' }), dense({ units: 2, name: 'b' })], {
    seed: 1,
  })
  file = await net.toBytes()
  const length = Number(new DataView(file.buffer).getBigUint64(0, true))
  header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)))
  data = file.subarray(8 + length)
})

/** A file of a header, or of any text in its place, and data. */
function make(header: unknown, data: Uint8Array, length?: number): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const bytes = new Uint8Array(8 + text.length + data.length)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length ?? text.length), true)
  bytes.set(text, 8)
  bytes.set(data, 8 + text.length)
  return bytes
}

/** The header with a changed entry, by default the last one of the file. */
function changed(change: (entry: Entry) => unknown, name = last()) {
  const copy = structuredClone(header)
  const made = change(copy[name]!)
  if (made !== undefined) copy[name] = made as Entry
  return copy
}

/** The name of the tensor at this index in the data. */
function at(place: number) {
  const { __metadata__, ...entries } = header
  const names = Object.keys(entries)
  return names.sort((a, b) => header[a]!.data_offsets[0] - header[b]!.data_offsets[0]).at(place)!
}
const last = () => at(-1)

const refused = (bytes: Uint8Array) => expect(loadNetwork(bytes)).rejects.toMatchObject({ code: 'file' })

describe('a written file', () => {
  test('has its data at a multiple of eight bytes, without gaps, and loads', async () => {
    const length = Number(new DataView(file.buffer).getBigUint64(0, true))
    expect(length % 8).toBe(0)
    const { __metadata__, ...entries } = header
    expect(__metadata__.format).toBe('pt')
    let end = 0
    for (const { dtype, shape, data_offsets } of Object.values(entries)) {
      expect(dtype).toBe('F32')
      expect(data_offsets).toEqual([end, end + 4 * shape.reduce((a, b) => a * b, 1)])
      end = data_offsets[1]
    }
    expect(end).toBe(data.length)
    expect(await (await loadNetwork(file)).toBytes()).toEqual(file)
  })

  test('loads from bytes inside a larger buffer, at any offset', async () => {
    const larger = new Uint8Array(file.length + 3)
    larger.set(file, 3)
    expect(await (await loadNetwork(larger.subarray(3))).toBytes()).toEqual(file)
  })

  test('may have other padding, and another order of tensors', async () => {
    const { __metadata__, ...entries } = header
    const turned = { ...Object.fromEntries(Object.entries(entries).reverse()), __metadata__ }
    for (const text of [JSON.stringify(turned), `${JSON.stringify(header)}   `]) {
      expect(await (await loadNetwork(make(text, data))).toBytes()).toEqual(file)
    }
  })
})

describe('is refused', () => {
  test('a gap before the first tensor, and between two', async () => {
    const move = (from: number) => {
      const copy = structuredClone(header)
      const { __metadata__, ...entries } = copy
      for (const entry of Object.values(entries)) {
        if (entry.data_offsets[0] >= from) entry.data_offsets = entry.data_offsets.map((n) => n + 4) as never
      }
      const longer = new Uint8Array(data.length + 4)
      longer.set(data.subarray(0, from))
      longer.set(data.subarray(from), from + 4)
      return make(copy, longer)
    }
    await refused(move(0))
    for (const place of [1, 2, 3]) await refused(move(header[at(place)]!.data_offsets[0]))
  })

  test('tensors that overlap', async () => {
    // The biases have the same size: both claim the bytes of the first, and no tensor claims the bytes of the other.
    const [one, two] = Object.keys(header).filter((name) => name.endsWith('bias'))
    const same = changed((entry) => {
      entry.data_offsets = [...header[one!]!.data_offsets]
    }, two)
    await refused(make(same, data))
    // The second tensor overlaps the end of the first, and all later ones move forward: every byte is claimed.
    const [start, end] = header[at(1)]!.data_offsets
    const copy = structuredClone(header)
    const { __metadata__, ...entries } = copy
    for (const entry of Object.values(entries)) {
      if (entry.data_offsets[0] >= start) {
        entry.data_offsets = entry.data_offsets.map((n) => n - (end - start)) as never
      }
    }
    await refused(make(copy, data.subarray(0, start - end)))
  })

  test('bytes after the last tensor, and too few bytes', async () => {
    const longer = new Uint8Array(data.length + 1)
    longer.set(data)
    await refused(make(header, longer))
    await refused(make(header, data.subarray(0, -1)))
    await refused(make(header, data.subarray(0, -4)))
    await refused(make({ __metadata__: header.__metadata__ }, data))
  })

  test('a wrong length of the header', async () => {
    for (const bytes of [0, 7, 8, 9]) await refused(file.subarray(0, bytes))
    const text = JSON.stringify(header)
    await refused(make(header, data, text.length - 1))
    await refused(make(header, data, text.length + data.length + 1))
    await refused(make(header, data, 2 ** 53))
  })

  test.each(['', '[]', 'null', '3', '"text"', '{', '{"a":null}', '{"a":3}', '{"a":{}}'])(
    'the header %s',
    (text) => refused(make(text, data)),
  )

  test('a header that is not UTF-8', async () => {
    const bytes = make(header, data)
    bytes[9] = 0xff
    await refused(bytes)
  })

  test.each([
    ['no shape', (entry: Entry) => ({ ...entry, shape: undefined })],
    ['a negative size', (entry: Entry) => ({ ...entry, shape: [-1, -2] })],
    ['a fraction', (entry: Entry) => ({ ...entry, shape: [0.5, 4] })],
    ['sizes as text', (entry: Entry) => ({ ...entry, shape: ['2'] })],
    ['sizes beyond whole numbers', (entry: Entry) => ({ ...entry, shape: [2 ** 53, 0] })],
    ['one offset', ({ data_offsets, ...entry }: Entry) => ({ ...entry, data_offsets: [data_offsets[0]] })],
    ['three offsets', (entry: Entry) => ({ ...entry, data_offsets: [...entry.data_offsets, 0] })],
    ['no offsets', (entry: Entry) => ({ ...entry, data_offsets: undefined })],
    [
      'offsets that go backwards',
      ({ data_offsets: [a, b], ...entry }: Entry) => ({ ...entry, data_offsets: [b, a] }),
    ],
    [
      'a negative offset',
      ({ data_offsets: [a, b], ...entry }: Entry) => ({ ...entry, data_offsets: [a - b, 0] }),
    ],
    ['another size than its shape', (entry: Entry) => ({ ...entry, shape: [1] })],
    ['an unknown type', (entry: Entry) => ({ ...entry, dtype: 'F31' })],
    ['no type', (entry: Entry) => ({ ...entry, dtype: undefined })],
  ])('a tensor with %s', (_, change) => refused(make(changed(change), data)))

  test('metadata that is not text, or does not describe a network', async () => {
    for (const hebb of [3, null, {}, undefined, '', '{', 'null', '{}', '{"spec":null}']) {
      await refused(make({ ...header, __metadata__: { hebb } }, data))
    }
    const { __metadata__, ...entries } = header
    await refused(make(entries, data))
    const classes = JSON.stringify({ ...JSON.parse(__metadata__.hebb!), classes: 'ab' })
    await refused(make({ ...header, __metadata__: { hebb: classes } }, data))
  })
})
