// Networks of Keras's and TensorFlow.js's files, and what is refused.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { datasets, sgd } from 'hebb'
import { type LoadKerasOptions, loadKeras } from 'hebb/keras'
import { describe, expect, test } from 'vitest'
import { differenceOf, type Expected } from '../helpers/kerasCase.mjs'
import { refused } from '../helpers/refused'
import { root } from '../helpers/root'

const folder = join(root, 'test', 'fixtures', 'keras')
const place = (name: string) => join(folder, name)
const read = (name: string) => new Uint8Array(readFileSync(place(name)))
const json = (name: string) => JSON.parse(readFileSync(place(name), 'utf8'))
const bytes = (value: object) => new TextEncoder().encode(JSON.stringify(value))

describe('files of Keras and TensorFlow.js compute the same', () => {
  const expected: Record<string, Expected> = json('expected.json')
  test.each(['image.keras', 'image.h5', 'sequence.keras', 'graph.keras', 'siamese.keras', 'ordered.keras'])(
    '%s',
    async (name) => {
      expect(await differenceOf(place(name), expected[name.split('.')[0]!]!)).toBeLessThan(1e-6)
    },
  )
  test('model.json', async () => {
    expect(await differenceOf(place('tfjs/model.json'), json('tfjs/expected.json'))).toBeLessThan(1e-6)
  })
})

test('a network of a file trains and is saved', async () => {
  const net = await loadKeras(read('image.keras'), { classes: ['a', 'b', 'c'], seed: 2 })
  expect(net.spec.input).toEqual([3, 10, 12])
  const x = { data: Float32Array.from({ length: 720 }, (_, i) => Math.sin(i)), shape: [2, 3, 10, 12] }
  const data = await datasets.fromArrays(x, Uint8Array.of(0, 2))
  const history = await net.fit(data, { epochs: 3, optimizer: sgd({ learningRate: 0.01 }) })
  expect(history.epochs[2]!.loss).toBeLessThan(history.epochs[0]!.loss)
  net.dispose()
})

/** A zip with one file packed by deflate, or with something else wrong. */
function zipOf(files: Record<string, Uint8Array>, change: { checksum?: number; size?: number } = {}) {
  const [parts, directory]: [Buffer[], Buffer[]] = [[], []]
  let at = 0
  for (const [name, file] of Object.entries(files)) {
    const packed = deflateRawSync(file)
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(name.length, 26)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50, 0)
    entry.writeUInt16LE(8, 10)
    entry.writeUInt32LE(change.checksum ?? crc32(file), 16)
    entry.writeUInt32LE(packed.length, 20)
    entry.writeUInt32LE(change.size ?? file.length, 24)
    entry.writeUInt16LE(name.length, 28)
    entry.writeUInt32LE(at, 42)
    directory.push(entry, Buffer.from(name))
    parts.push(local, Buffer.from(name), packed)
    at += 30 + name.length + packed.length
  }
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(Object.keys(files).length, 10)
  end.writeUInt32LE(at, 16)
  return new Uint8Array(Buffer.concat([...parts, ...directory, end]))
}

/** Bit by bit, beside the table of the reader. */
function crc32(file: Uint8Array): number {
  let rest = 0xffffffff
  for (const byte of file) {
    rest ^= byte
    for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1
  }
  return (rest ^ 0xffffffff) >>> 0
}

/** The files of a stored zip, as Keras writes it. */
function filesOf(zip: Uint8Array): Record<string, Uint8Array> {
  const view = new DataView(zip.buffer)
  const files: Record<string, Uint8Array> = {}
  for (let at = 0; view.getUint32(at, true) === 0x04034b50; ) {
    const [packed, name, extra] = [
      view.getUint32(at + 18, true),
      view.getUint16(at + 26, true),
      view.getUint16(at + 28, true),
    ]
    const from = at + 30 + name + extra
    files[new TextDecoder().decode(zip.subarray(at + 30, at + 30 + name))] = zip.subarray(from, from + packed)
    at = from + packed
  }
  return files
}

describe('zip', () => {
  const files = filesOf(read('image.keras'))
  test('packed files', async () => {
    expect(await differenceOf(zipOf(files), json('expected.json').image)).toBeLessThan(1e-6)
  })
  test('damaged zips are refused', async () => {
    const { 'config.json': config, ...rest } = files
    await refused('file', 'has no "config.json"', () => loadKeras(zipOf(rest)))
    await refused('file', 'checksum of "config.json"', () => loadKeras(zipOf(files, { checksum: 1 })))
    await refused('file', 'claims 1000000000 bytes', () => loadKeras(zipOf(files, { size: 1e9 })))
    await refused('file', 'no directory', () => loadKeras(read('image.keras').subarray(0, 30_000)))
    expect(config).toBeDefined()
  })
})

describe('model.json', () => {
  const { modelTopology, weightsManifest } = json('tfjs/model.json')
  const shards = [1, 2].map((n) => read(`tfjs/group1-shard${n}of2.bin`))
  const values = new Float32Array(Uint8Array.from(Buffer.concat(shards)).buffer)
  const external = () => new Uint8Array(values.buffer)

  test('weights in whole numbers and halves', async () => {
    const { weights } = weightsManifest[0]
    const scale = 1 / 8
    const bits = (n: number) => new Uint16Array(new Float16Array([n]).buffer)[0]!
    const parts: Uint8Array[] = []
    const rounded: Float32Array[] = []
    let at = 0
    const list = weights.map((weight: { name: string; shape: number[] }, which: number) => {
      const count = weight.shape.reduce((all, n) => all * n, 1)
      const own = values.subarray(at, at + count)
      at += count
      // Each kind of numbers in turn, of which those of 32 bits are exact.
      const kind = ['uint8', 'uint16', 'float16', ''][which % 4]
      if (kind === 'float16') {
        parts.push(new Uint8Array(Uint16Array.from(own, bits).buffer))
        rounded.push(Float32Array.from(own, Math.f16round))
        return { ...weight, quantization: { dtype: kind } }
      }
      if (!kind) {
        parts.push(new Uint8Array(own.slice().buffer))
        rounded.push(own)
        return weight
      }
      const min = -3
      const numbers = own.map((n) => Math.round((n - min) / scale))
      parts.push(new Uint8Array((kind === 'uint8' ? Uint8Array : Uint16Array).from(numbers).buffer))
      rounded.push(numbers.map((n) => n * scale + min))
      return { ...weight, quantization: { dtype: kind, scale, min } }
    })
    const plain = { modelTopology, weightsManifest: [{ paths: ['a'], weights }] }
    const exact = new Uint8Array(
      Buffer.concat(
        rounded.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
      ),
    )
    const packed = { modelTopology, weightsManifest: [{ paths: ['a'], weights: list }] }
    const [one, other] = await Promise.all([
      loadKeras(bytes(plain), { external: () => exact }),
      loadKeras(bytes(packed), { external: () => new Uint8Array(Buffer.concat(parts)) }),
    ])
    expect(await other.weights()).toEqual(await one.weights())
    for (const net of [one, other]) net.dispose()
  })

  const group = { ...weightsManifest[0], paths: ['a'] }
  const load = (topology: unknown, change: object = {}, options: LoadKerasOptions = { external }) =>
    loadKeras(bytes({ modelTopology: topology, weightsManifest: [{ ...group, ...change }] }), options)

  test('all layers without a counterpart are named in one error', async () => {
    const wrong = structuredClone(modelTopology)
    const { layers } = wrong.config
    layers[1].config.data_format = 'channels_first'
    layers.push({ class_name: 'Lambda', name: 'mine', config: {}, inbound_nodes: [[['input1', 0, 0, {}]]] })
    const named = /Conv2D with data_format "channels_first" \(conv2d\S+\); Lambda is not supported \(mine\)/
    await refused('file', named, () => load(wrong))
  })

  test('layers that read each other and models far within each other are refused', async () => {
    const loop = structuredClone(modelTopology)
    for (const [name, of] of ['ab', 'ba'])
      loop.config.layers.push({ class_name: 'ReLU', name, config: {}, inbound_nodes: [[[of, 0, 0, {}]]] })
    await refused('file', 'reads itself', () => load(loop))
    const input = { class_name: 'InputLayer', config: { name: 'input', batch_input_shape: [null, 2] } }
    let inner: object = { class_name: 'ReLU', config: { name: 'relu' } }
    for (let depth = 0; depth < 30; depth++)
      inner = { class_name: 'Sequential', config: { name: `at${depth}`, layers: [input, inner] } }
    await refused('file', 'more than 20 models are within each other', () => load(inner))
  })

  test('what is damaged or lies elsewhere is refused', async () => {
    const whole = (change: object) =>
      loadKeras(bytes({ modelTopology, weightsManifest: [group], ...change }), { external })
    await refused('file', 'graph model', () => whole({ format: 'graph-model' }))
    await refused('file', 'no modelTopology', () => whole({ modelTopology: 1 }))
    await refused('file', 'are missing', () => whole({ weightsManifest: [] }))
    await refused('file', 'not beside the model', () => load(modelTopology, { paths: ['../a'] }))
    await refused('file', 'twice', () => load(modelTopology, { paths: ['a', 'a'] }))
    await refused('file', 'bytes more than', () => load(modelTopology, { weights: [] }))
    await refused('option', 'give external', () => load(modelTopology, {}, {}))
    await refused('file', 'no JSON object', () => loadKeras(new TextEncoder().encode('hello')))
  })

  test('open sizes are given in Keras’s order', async () => {
    const open = structuredClone(modelTopology)
    open.config.layers[0].config.batch_input_shape = [null, null, null, 2]
    const sized = (input?: number[]) => load(open, {}, { external, ...(input && { input }) })
    await refused('option', 'give input: […, …, 2]', () => sized())
    await refused('shape', 'has 2 values along axis 2, not 3', () => sized([6, 5, 3]))
    const net = await sized([6, 5, 2])
    expect(net.spec.input).toEqual([2, 6, 5])
    net.dispose()
  })
})

test('HDF5 that ends early or refers to itself is refused', async () => {
  const file = read('image.h5')
  for (const length of [8, 90, 2000, 20_000, file.length - 1])
    await refused('file', 'this is not a usable file of Keras', () => loadKeras(file.subarray(0, length)))
  // The root group as a member of itself: the first entry of its table is its own header.
  const looped = file.slice()
  const view = new DataView(looped.buffer)
  const table = Buffer.from(looped).indexOf('SNOD')
  view.setBigUint64(table + 16, view.getBigUint64(64, true), true)
  await refused('file', /a text of its HDF5 is missing|more than the file has/, () => loadKeras(looped))
})

test('HDF5 with numbers of three bytes is refused', async () => {
  const file = read('image.h5')
  // Floats of 4 bytes become whole numbers of 3.
  const at = Buffer.from(file).indexOf(Buffer.from([0x11, 0x20, 0x1f, 0, 4, 0, 0, 0]))
  file[at] = 0x10
  file[at + 4] = 3
  await refused('file', 'a type that weights do not have', () => loadKeras(file))
})
