// Invalid values in place of data.
import { datasets, kerasWeights, loadNetwork, onnxWeights, readSafetensors } from 'hebb'
import { describe, test } from 'vitest'
import { torment } from './values'

const data = await datasets.fromArrays([[0], [1], [2], [3]], [0, 1, 1, 0])

describe('data', () => {
  test.each(['fromArrays', 'fromCsv', 'fromIdx', 'fromImages', 'imageToTensor'] as const)('%s', (from) =>
    torment(from, (value) => (datasets[from] as (value: unknown) => unknown)(value)),
  )

  test('from arrays, argument by argument', async () => {
    await torment('fromArrays t', (value) => datasets.fromArrays([[1], [2]], value))
    await torment('fromArrays { x }', (value) => datasets.fromArrays({ a: value, b: [[1], [2]] }))
    await torment('fromArrays { t }', (value) => datasets.fromArrays([[1], [2]], { a: value }))
    await torment('fromArrays [x]', (value) => datasets.fromArrays([[1], value] as never))
    await torment('fromArrays [[x]]', (value) => datasets.fromArrays([[1], [value]] as never))
    await torment('fromArrays [t]', (value) => datasets.fromArrays([[1], [2]], [0, value] as never))
    await torment('fromArrays shape', (value) =>
      datasets.fromArrays({ data: new Float32Array(4), shape: value }),
    )
    await torment('fromArrays data', (value) => datasets.fromArrays({ data: value, shape: [2, 2] }))
  })

  test('from CSV, option by option', async () => {
    await torment('fromCsv options', (value) => datasets.fromCsv('a,b\n1,2\n3,4\n', value))
    for (const option of [
      'target',
      'columns',
      'missing',
      'onMissing',
      'header',
      'delimiter',
      'classes',
      'categories',
    ]) {
      await torment(`fromCsv.${option}`, (value) =>
        datasets.fromCsv('a,b\n1,2\n3,x\n', { [option]: value } as never),
      )
    }
  })

  test('windows over a series', async () => {
    await torment('windows', (value) => datasets.windows(value, { steps: 1 }))
    await torment('windows [x]', (value) => datasets.windows([1, value, 3] as never, { steps: 1 }))
    await torment('windows options', (value) => datasets.windows([1, 2, 3], value))
    for (const option of ['steps', 'horizon', 'every']) {
      const options = { steps: 1, horizon: 1, every: 1 }
      await torment(`windows.${option}`, (value) =>
        datasets.windows([1, 2, 3], { ...options, [option]: value }),
      )
    }
  })

  test('from MNIST', async () => {
    await torment('mnist', (value) => datasets.mnist(value))
    await torment('mnist.selection', (value) => datasets.mnist({ selection: value }))
  })

  test('in subsets and splits', async () => {
    await torment('subset', (value) => data.subset(value))
    await torment('subset [number]', (value) => data.subset([value]))
    await torment('split', (value) => data.split(value))
    await torment('split.selection', (value) => data.split({ selection: value }))
    await torment('split.seed', (value) => data.split({ selection: 1, seed: value }))
    await torment('setAside', (value) => data.setAside(value))
    await torment('setAside options', (value) => data.setAside(1, value))
    await torment('scaling.standard', (value) => datasets.scaling.standard(value))
  })
})

test('models and weights from files', async () => {
  await torment('loadNetwork', (value) => loadNetwork(value))
  await torment('readSafetensors', (value) => readSafetensors(value))
})

test('weights of other libraries', async () => {
  const keras = { kernel: [[1]], recurrent_kernel: [[1]], bias: [1] }
  await torment('kerasWeights name', (value) => kerasWeights(value, keras))
  await torment('kerasWeights', (value) => kerasWeights('h', value))
  await torment('kerasWeights part', (value) => kerasWeights('h', keras, value))
  for (const name of Object.keys(keras)) {
    await torment(`kerasWeights.${name}`, (value) => kerasWeights('h', { ...keras, [name]: value }))
  }
  const onnx = { W: [[[1]]], R: [[[1]]], B: [[1, 1]] }
  await torment('onnxWeights name', (value) => onnxWeights(value, onnx))
  await torment('onnxWeights', (value) => onnxWeights('h', value))
  for (const name of Object.keys(onnx)) {
    await torment(`onnxWeights.${name}`, (value) => onnxWeights('h', { ...onnx, [name]: value }))
  }
})
