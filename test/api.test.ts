// The public API, call by call.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  activation,
  binaryCrossEntropy,
  crossEntropy,
  datasets,
  dense,
  type LossOption,
  loadNetwork,
  meanSquaredError,
  network,
  sgd,
  standardize,
  sumSquaredError,
} from 'hebb'
import { afterAll, describe, expect, test } from 'vitest'
import { fingerprint, quarters, quartersData, smallNetwork } from './helpers/recipe'

const folder = mkdtempSync(join(tmpdir(), 'hebb-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('objects have the class names that logs print', async () => {
  const net = await network([2], [dense({ units: 1 })])
  const made = [net, await datasets.fromArrays([[1, 2]]), await net.predict([1, 2])]
  expect(made.map((one) => one.constructor.name)).toEqual(['Network', 'Dataset', 'Output'])
})

describe('fit', () => {
  test('returns a history, and onEpochEnd is awaited', async () => {
    const [net, data, selection] = await Promise.all([smallNetwork(), quartersData(300), quartersData(50)])
    const order: string[] = []
    const { epochs, stopReason, bestEpoch } = await net.fit(data, {
      epochs: 3,
      batchSize: 40,
      optimizer: sgd({ learningRate: 0.05 }),
      selection,
      onEpochEnd: async ({ epoch }) => {
        order.push(`begin ${epoch}`)
        await new Promise((resolve) => setTimeout(resolve, 20))
        order.push(`end ${epoch}`)
      },
    })
    expect(stopReason).toBe('epochs')
    expect(epochs[bestEpoch! - 1]!.selectionLoss).toBe(Math.min(...epochs.map((e) => e.selectionLoss!)))
    expect(order).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2', 'begin 3', 'end 3'])
    expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3])
    const last = epochs[2]!
    expect(last.learningRate).toBeCloseTo(0.05)
    expect(last.samplesPerSecond).toBeCloseTo(300 / last.seconds)
    const { loss, accuracy } = await net.evaluate(selection)
    expect([last.selectionLoss, last.selectionAccuracy]).toEqual([loss, accuracy])
  })

  test('a part of the data can be the selection set, each class by its share', async () => {
    const [net, data] = await Promise.all([smallNetwork(), quartersData(400)])
    const { epochs } = await net.fit(data, { selection: 0.25 })
    expect(epochs[0]!.selectionLoss).toBeGreaterThan(0)
    const { chosen, rest } = await data.setAside(0.25, { seed: 1 })
    expect([chosen.samples, rest.samples]).toEqual([100, 300])
    await expect(net.fit(data, { selection: 1.5 })).rejects.toMatchObject({ code: 'option' })
  })

  test('can be iterated over for progress, and stops early', async () => {
    const [net, data] = await Promise.all([smallNetwork(), quartersData(200)])
    const run = net.fit(data, { epochs: 50, batchSize: 20 })
    const epochs = []
    for await (const { epoch, batch, batches, samples } of run) {
      if (batch === batches) {
        epochs.push(epoch)
        expect(samples).toBe(200)
      }
      if (epoch === 4) run.stop()
    }
    const history = await run
    expect(history.stopReason).toBe('stopped')
    // Epoch 4 is stopped in the middle, or its end was already reported; then epoch 5 may be too.
    expect([3, 4, 5]).toContain(history.epochs.length)
    expect(epochs.slice(0, 3)).toEqual([1, 2, 3])
  })

  test('stops with the last good weights when the loss is no longer finite', async () => {
    const net = await network([1], [dense({ units: 1 })])
    const data = await datasets.fromArrays([[1000], [-1000]], [[1], [2]])
    const run = net.fit(data, { epochs: 1000, batchSize: 2, optimizer: sgd({ learningRate: 1e6 }) })
    await expect(run).rejects.toMatchObject({
      code: 'diverged',
      message: expect.stringMatching(/epoch \d+, batch 1/),
    })
    for (const { data: values } of Object.values(await net.weights())) {
      expect(values.every(Number.isFinite)).toBe(true)
    }
  })

  test('an error in onEpochEnd rejects the run', async () => {
    const [net, data] = await Promise.all([smallNetwork(), quartersData(50)])
    const onEpochEnd = () => {
      throw new Error('mine')
    }
    await expect(net.fit(data, { epochs: 2, onEpochEnd })).rejects.toThrow('mine')
    expect((await net.fit(data)).epochs).toHaveLength(1)
  })
})

test('gradients and update equal a step of fit', async () => {
  const optimizer = sgd({ learningRate: 0.1, momentum: 0.5 })
  const make = () => network([3], [dense({ units: 5, activation: 'tanh' }), dense({ units: 2 })], { seed: 9 })
  const [a, b] = await Promise.all([make(), make()])
  const x = [
    [1, 2, 3],
    [0, -1, 1],
  ]
  const t = [
    [0, 1],
    [0.5, -0.5],
  ]
  await a.fit(await datasets.fromArrays(x, t), { epochs: 2, batchSize: 2, shuffle: false, optimizer })
  for (let step = 0; step < 2; step++) {
    const { gradients, loss } = await b.gradients(x, t)
    expect(loss).toBeGreaterThan(0)
    expect(gradients['dense1.weight']!.shape).toEqual([5, 3])
    await b.update(gradients, optimizer)
  }
  expect(await fingerprint(b)).toBe(await fingerprint(a))
})

test('losses equal their definitions', async () => {
  const net = await network([2], [dense({ units: 3 })])
  const flat = (values: number[], shape: number[]) => ({ data: Float32Array.from(values), shape })
  await net.setWeights({
    'dense1.weight': flat([1, 0, 0, 1, 1, 1], [3, 2]),
    'dense1.bias': flat([0, 0, 1], [3]),
  })
  const x = [
    [1, 2],
    [3, -1],
  ]
  expect((await net.predict(x)).toArray()).toEqual([
    [1, 2, 4],
    [3, -1, 3],
  ])
  const t = [
    [0, 1, 0],
    [1, 0, 0],
  ]
  // Differences: 1 1 4, 2 −1 3: squares 18 + 14.
  const loss = async (loss: LossOption) => (await net.gradients(x, t, { loss })).loss
  expect(await loss(sumSquaredError())).toBeCloseTo(16)
  expect(await loss('meanSquaredError')).toBeCloseTo(16)
  expect(await loss(meanSquaredError({ reduction: 'elements' }))).toBeCloseTo(32 / 6)
  const { log, exp } = Math
  const nll = log(exp(1) + exp(2) + exp(4)) - 2 + log(2 * exp(3) + exp(-1)) - 3
  expect(await loss(crossEntropy())).toBeCloseTo(nll / 2)
  const rows = [
    [1, 2, 4],
    [3, -1, 3],
  ]
  const bce = rows.flatMap((row, i) => row.map((z, k) => log(1 + exp(z)) - t[i]![k]! * z))
  expect(await loss(binaryCrossEntropy())).toBeCloseTo(bce.reduce((a, b) => a + b) / 2)
  await expect(loss('hings' as never)).rejects.toThrow('crossEntropy')
})

test('activations returns every layer’s output for a sample', async () => {
  const net = await smallNetwork()
  const { x } = quarters(2)
  const images = { data: x, shape: [2, 1, 12, 12] }
  const all = await net.activations(images)
  const kinds = ['conv1', 'pool1', 'conv2', 'pool2', 'flatten1', 'dense1', 'dropout1', 'dense2']
  expect(Object.keys(all)).toEqual(kinds)
  expect(all.conv1!.shape).toEqual([2, 5, 12, 12])
  expect(all.dense2).toEqual(await net.predict(images))
  expect(all.dropout1!.data).toEqual(all.dense1!.data)
  // Pooling of the output of conv1.
  const corner = [0, 1, 12, 13].map((at) => all.conv1!.data[at]!)
  expect(all.pool1!.data[0]).toBe(Math.max(...corner))
  const one = await net.activations({ data: x.slice(144), shape: [1, 12, 12] })
  expect(one.pool2!.shape).toEqual([7, 2, 2])
  expect(one.conv2!.data).toEqual(all.conv2!.data.slice(7 * 16))
})

describe('predict', () => {
  test('returns the type of its input', async () => {
    const net = await smallNetwork()
    const image = Array.from({ length: 1 }, () =>
      Array.from({ length: 12 }, (_, h) => Array.from({ length: 12 }, (_, w) => (h * w) / 144)),
    )
    const one = await net.predict(image)
    expect(one.shape).toEqual([4])
    expect(one.data.reduce((a, b) => a + b)).toBeCloseTo(1)
    const two = await net.predict([image, image])
    expect(two.shape).toEqual([2, 4])
    expect(two.toArray()[1]).toEqual(one.toArray())
    const data = Float32Array.from(image.flat(2))
    expect((await net.predict({ data, shape: [1, 1, 12, 12] })).toArray()).toEqual([one.toArray()])
    // The caller's arrays stay usable.
    expect(data).toHaveLength(144)
  })

  test('reads bytes as value / 255', async () => {
    const net = await network([2], [standardize({ mean: 0, deviation: 1 })])
    const { data } = await net.predict({ data: new Uint8Array([255, 51]), shape: [2] })
    expect(data[0]).toBe(1)
    expect(data[1]).toBeCloseTo(0.2, 6)
  })

  test('accepts a data set of any length', async () => {
    const [net, data] = await Promise.all([smallNetwork(), quartersData(2500)])
    const all = await net.predict(data)
    expect(all.shape).toEqual([2500, 4])
    const last = await net.predict(await data.subset([2499]))
    expect(last.data).toEqual(all.data.slice(-4))
  })
})

test('classify returns the most likely classes', async () => {
  const net = await network([3], [activation('softmax')], { classes: ['a', 'b', 'c'] })
  const answers = await net.classify([0, 2, 1], { top: 2 })
  expect(answers.map(({ label, index }) => [label, index])).toEqual([
    ['b', 1],
    ['c', 2],
  ])
  expect(answers[0]!.probability).toBeCloseTo(Math.exp(2) / (1 + Math.exp(1) + Math.exp(2)))
  const wrong = network([3], [activation('softmax')], { classes: ['a', 'b'] as never })
  await expect(wrong).rejects.toMatchObject({ code: 'shape' })
})

test('summary is a table', async () => {
  const net = await smallNetwork()
  const text = net.summary()
  expect(text).toContain('conv1')
  expect(text).toMatch(/\[7, 4, 4\]/)
  expect(text).toContain(`${net.parameters.toLocaleString('en-US')} parameters`)
})

describe('files', () => {
  test('a saved network is unchanged when loaded', async () => {
    const [net, data] = await Promise.all([smallNetwork(), quartersData(100)])
    await net.fit(data)
    const path = join(folder, 'small.safetensors')
    await net.save(path)
    const loaded = await loadNetwork(path)
    expect(await fingerprint(loaded)).toBe(await fingerprint(net))
    expect((await loaded.predict(data)).data).toEqual((await net.predict(data)).data)
    expect(loaded.summary()).toBe(net.summary())

    // Any reader of safetensors can open it.
    const bytes = readFileSync(path)
    const length = Number(bytes.readBigUInt64LE(0))
    expect((8 + length) % 8).toBe(0)
    const header = JSON.parse(bytes.toString('utf8', 8, 8 + length))
    expect(header['conv1.weight']).toEqual({
      dtype: 'F32',
      shape: [5, 1, 3, 3],
      data_offsets: [0, 180],
    })
  })

  test('damage is detected', async () => {
    const net = await network([2], [dense({ units: 1 })])
    const good = await net.toBytes()
    const refused = (bytes: Uint8Array) =>
      expect(loadNetwork(bytes)).rejects.toMatchObject({ code: expect.stringMatching(/file|shape|data/) })
    await refused(new Uint8Array(3))
    await refused(good.slice(0, -1))
    await refused(Uint8Array.from([...good, 0]))
    const long = good.slice()
    new DataView(long.buffer).setBigUint64(0, 1n << 60n, true)
    await refused(long)
    const text = (from: string, to: string) => {
      const latin = Array.from(good, (byte) => String.fromCodePoint(byte)).join('')
      expect(latin).toContain(from)
      return Uint8Array.from(latin.replace(from, to), (c) => c.codePointAt(0)!)
    }
    await refused(text('"F32"', '"I32"'))
    await refused(text('[0,8]', '[4,8]'))
    await refused(text('[8,12]', '[4,8] '))
    await refused(text('[1,2]', '[2,2]'))
    await refused(text('dense1.weight', 'dense2.weight'))
    await refused(text('hebb', 'hobb'))
    const nan = good.slice()
    new DataView(nan.buffer).setFloat32(nan.length - 4, Number.NaN, true)
    await refused(nan)
    await expect(loadNetwork(join(folder, 'missing'))).rejects.toMatchObject({ code: 'file' })
  })
})

describe('data', () => {
  test('MNIST is complete, and its selection set has each digit', async () => {
    const { train, selection, test } = await datasets.mnist({ selection: 5000, seed: 1 })
    expect([train.samples, selection!.samples, test.samples]).toEqual([55_000, 5000, 10_000])
    expect(train.shape).toEqual([1, 28, 28])
    train.dispose()
    selection!.dispose()
    test.dispose()
  })

  test('a damaged copy of MNIST is refused', async () => {
    writeFileSync(join(folder, 'train-images-idx3-ubyte'), new Uint8Array(100))
    await expect(datasets.mnist({ from: folder })).rejects.toMatchObject({ code: 'file' })
  })

  test('mismatches give errors', async () => {
    const code = (promise: Promise<unknown>, code: string) =>
      expect(promise).rejects.toMatchObject({ name: 'HebbError', code })
    await code(datasets.fromArrays([1, 2]), 'shape')
    await code(datasets.fromArrays([[1, 2], [3]]), 'shape')
    await code(datasets.fromArrays([[1], ['2' as never]]), 'data')
    await code(datasets.fromArrays([[1], [Number.NaN]]), 'data')
    await code(datasets.fromArrays([[1], [2]], [0, 1, 1]), 'shape')
    await code(datasets.fromArrays([[1], [2]], [0, -1]), 'data')
    await code(datasets.fromArrays({ data: new Float32Array(5), shape: [2, 3] }), 'shape')
    const net = await network([1], [dense({ units: 3, activation: 'softmax' })])
    const data = await datasets.fromArrays([[1], [2]], [0, 3])
    await code(net.evaluate(data), 'data')
    await code(Promise.resolve(net.fit(data)), 'data')
    await code(Promise.resolve(net.fit(await datasets.fromArrays([[1]]))), 'data')
    await code(Promise.resolve(net.fit(await datasets.fromArrays([[1, 2]], [0]))), 'shape')
    await code(data.subset([2]), 'data')
  })
})

describe('options', () => {
  test.each([
    ['kernel_size', 'kernel'],
    ['strides', 'stride'],
  ])('the error for %s names %s', async (theirs, ours) => {
    const { conv2d } = await import('hebb')
    expect(() => conv2d({ filters: 1, kernel: 1, [theirs]: 2 })).toThrow(`use "${ours}"`)
  })

  test('fit and sgd recognise the option names of other libraries', async () => {
    const [net, data] = await Promise.all([smallNetwork(), quartersData(10)])
    await expect(net.fit(data, { validationData: data } as never)).rejects.toThrow('use "selection"')
    await expect(net.fit(data, { batch_size: 1 } as never)).rejects.toThrow('use "batchSize"')
    expect(() => sgd({ lr: 0.1 } as never)).toThrow('use "learningRate"')
    await expect(net.fit(data, { batchSize: 0 })).rejects.toMatchObject({ code: 'option' })
    await expect(net.fit(data, { epochs: 1.5 })).rejects.toMatchObject({ code: 'option' })
    const rate = sgd({ learningRate: -1 })
    await expect(net.fit(data, { optimizer: rate })).rejects.toMatchObject({ code: 'option' })
  })
})
