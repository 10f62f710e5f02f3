import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dense, type Network, network } from 'hebb'
import { loadWeights } from 'hebb/weights'
import { afterAll, expect, test } from 'vitest'
import { refused } from '../helpers/refused'

const folder = mkdtempSync(join(tmpdir(), 'hebb-weights-'))
afterAll(() => rmSync(folder, { recursive: true }))

const make = (): Promise<Network> =>
  network([3], [dense({ units: 4, activation: 'relu', name: 'a' }), dense({ units: 2, name: 'b' })], {
    seed: 9,
  })
const SHAPES = { 'b.bias': [2], 'a.weight': [4, 3], 'b.weight': [2, 4], 'a.bias': [4] }

/** Values that every type holds exactly. */
const value = (tensor: number, i: number) => (tensor + 1) * 0.25 - i * 0.125

const WRITERS: Record<string, [number, (view: DataView, at: number, value: number) => void]> = {
  F64: [8, (view, at, value) => view.setFloat64(at, value, true)],
  F32: [4, (view, at, value) => view.setFloat32(at, value, true)],
  F16: [2, (view, at, value) => view.setUint16(at, half(value), true)],
  BF16: [
    2,
    (view, at, value) => view.setUint16(at, new Uint32Array(Float32Array.of(value).buffer)[0]! >> 16, true),
  ],
}

function half(value: number): number {
  if (value === 0) return 0
  const exponent = Math.floor(Math.log2(Math.abs(value)))
  const fraction = (Math.abs(value) / 2 ** exponent - 1) * 1024
  return (value < 0 ? 0x8000 : 0) | ((exponent + 15) << 10) | fraction
}

/** A file of the network's tensors. */
function file(type = 'F32', shapes: Record<string, number[]> = SHAPES, at = value): Uint8Array<ArrayBuffer> {
  const [width, write] = WRITERS[type]!
  let end = 0
  const header: Record<string, object> = {}
  for (const [name, shape] of Object.entries(shapes)) {
    const bytes = width * shape.reduce((a, b) => a * b)
    header[name] = { dtype: type, shape, data_offsets: [end, end + bytes] }
    end += bytes
  }
  const data = new Uint8Array(end)
  const view = new DataView(data.buffer)
  let to = 0
  for (const [tensor, shape] of Object.values(shapes).entries()) {
    const count = shape.reduce((a, b) => a * b)
    for (let i = 0; i < count; i++, to += width) write(view, to, at(tensor, i))
  }
  const text = new TextEncoder().encode(JSON.stringify(header))
  const whole = new Uint8Array(8 + text.length + end)
  new DataView(whole.buffer).setBigUint64(0, BigInt(text.length), true)
  whole.set(text, 8)
  whole.set(data, 8 + text.length)
  return whole
}

async function check(net: Network): Promise<void> {
  const weights = await net.weights()
  for (const [tensor, [name, shape]] of Object.entries(SHAPES).entries()) {
    const count = shape.reduce((a, b) => a * b)
    const expected = Float32Array.from({ length: count }, (_, i) => value(tensor, i))
    expect(weights[name], name).toEqual({ data: expected, shape })
  }
}

test.each(Object.keys(WRITERS))('%s: bytes, a path, a URL of a file and a Blob', async (type) => {
  const bytes = file(type)
  const path = join(folder, `${type}.safetensors`)
  writeFileSync(path, bytes)
  for (const source of [bytes, path, new URL(`file://${path}`), new Blob([bytes]), new URL(`data:,x`)]) {
    if (source instanceof URL && source.protocol === 'data:')
      source.href = `data:application/octet-stream;base64,${Buffer.from(bytes).toString('base64')}`
    const net = await make()
    await loadWeights(net, source)
    await check(net)
  }
})

test('names are translated, the hash is checked, and progress is reported', async () => {
  const foreign = Object.fromEntries(Object.entries(SHAPES).map(([name, shape]) => [`model.${name}`, shape]))
  const bytes = file('F32', foreign)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const net = await make()
  const seen: number[] = []
  await loadWeights(net, bytes, {
    sha256: sha256.toUpperCase(),
    rename: (name) => name.replace('model.', ''),
    onProgress: ({ loaded, total }) => {
      expect(total).toBe(bytes.length)
      seen.push(loaded)
    },
  })
  await check(net)
  expect(seen.at(-1)).toBe(bytes.length)
})

test('the optimizer starts anew', async () => {
  const net = await make()
  await net.update((await net.gradients([[1, 2, 3]], [[1, 2]])).gradients, 'adam')
  expect(net.optimizerState).toEqual({ type: 'adam', steps: 1 })
  await loadWeights(net, file())
  expect(net.optimizerState).toBeUndefined()
})

test('an unfit file is refused before the network changes', async () => {
  const net = await make()
  const before = await net.weights()
  const { 'a.bias': _, ...fewer } = SHAPES
  const load =
    (bytes: Uint8Array, options = {}) =>
    () =>
      loadWeights(net, bytes, options)
  await refused(
    'shape',
    'the weights of this file do not fit the network: missing "a.bias" [4]',
    load(file('F32', fewer)),
  )
  await refused('shape', 'unknown "c"', load(file('F32', { ...SHAPES, c: [1] })))
  await refused(
    'shape',
    'the weights of this file: "a.bias" must have shape [4], got [2,2]',
    load(file('F32', { ...SHAPES, 'a.bias': [2, 2] })),
  )
  await refused(
    'file',
    "it is a zip, as PyTorch's .pt",
    load(new TextEncoder().encode('PK\x03\x04 and more')),
  )
  await refused('file', 'it has only 3 bytes', load(new Uint8Array(3)))
  for (const empty of [8, 9, 100])
    await refused('file', 'its header is not JSON', load(new Uint8Array(empty)))
  await refused('file', 'could not be read', () => loadWeights(net, join(folder, 'none')))
  await refused('option', 'sha256 must be 64 hexadecimal digits', load(file(), { sha256: 'abc' }))
  await refused('option', '"hash"', load(file(), { hash: 'abc' }))
  expect(await net.weights()).toEqual(before)
})

test('a file that is damaged further back is refused', async () => {
  const whole = file()
  const load =
    (bytes: Uint8Array, options = {}) =>
    async () =>
      loadWeights(await make(), bytes, options)
  for (const bytes of [whole.length - 1, whole.length - 60])
    await refused('file', /claims bytes|bytes more/, load(whole.subarray(0, bytes)))
  await refused('file', '1 bytes more', load(Buffer.concat([whole, Buffer.of(0)])))
  await refused(
    'data',
    'the weights "b.weight" contain NaN',
    load(file('F32', SHAPES, (tensor, i) => (tensor === 2 ? Number.NaN : i))),
  )
  await refused('file', `not ${'0'.repeat(64)}`, load(whole, { sha256: '0'.repeat(64) }))
})

test('a signal ends the loading', async () => {
  const reason = new Error('enough')
  await expect(loadWeights(await make(), file(), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
})

test('every cut is refused, and every single byte of the header that is another is refused or harmless', async () => {
  const whole = file()
  const net = await make()
  for (let length = 0; length < whole.length; length += 7)
    await refused('file', /./, () => loadWeights(net, whole.subarray(0, length)))
  for (let at = 0; at < whole.length - 100; at++) {
    const bytes = whole.slice()
    bytes[at] = bytes[at]! ^ (1 << (at % 8))
    const error = await loadWeights(net, bytes).then(
      () => undefined,
      (error) => error,
    )
    if (error) expect(['file', 'shape', 'data'], `byte ${at}: ${error}`).toContain(error.code)
  }
})
