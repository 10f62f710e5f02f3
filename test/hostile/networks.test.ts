// Invalid values in the methods of a network.
import {
  conv2d,
  datasets,
  dense,
  flatten,
  forecast,
  gradientsOverTime,
  init,
  maxPool2d,
  network,
  rnn,
} from 'hebb'
import { describe, expect, test } from 'vitest'
import { torment } from './values'

const image = () =>
  network(
    [1, 6, 6],
    [conv2d({ filters: 2, kernel: 3 }), maxPool2d({ kernel: 2 }), flatten(), dense({ units: 2 })],
  )
const x = { data: new Uint8Array(36), shape: [1, 1, 6, 6] }
const one = { data: new Uint8Array(36), shape: [1, 6, 6] }
const t = [[1, 2]]

test('shape, layers and options of a network', async () => {
  await torment('network', (value) => network(value, [dense({ units: 1 })] as never))
  await torment('network [size]', (value) => network([value] as never, [dense({ units: 1 })] as never))
  await torment('network { input }', (value) =>
    network({ a: value } as never, [dense({ units: 1, from: 'a' })] as never),
  )
  await torment('network layers', (value) => network([2], value))
  await torment('network [layer]', (value) => network([2], [value] as never))
  await torment('network options', (value) => network([2], [dense({ units: 1 })], value))
  for (const option of ['seed', 'classes', 'outputs']) {
    await torment(`network.${option}`, (value) =>
      network([2], [dense({ units: 2 })], { [option]: value } as never),
    )
  }
  await torment('network.classes of one', (value) => network([2], [dense({ units: 1 })], { classes: value }))
})

test('init on a running engine', () => torment('init', init))

describe('a network', () => {
  test.each([
    'predict',
    'predictAll',
    'activations',
    'classify',
    'evaluate',
    'gradients',
    'setWeights',
  ] as const)('%s', async (method) => {
    const net = await image()
    await torment(method, (value) => net[method](value as never))
  })

  test('predictSync, save, and the options of all methods', async () => {
    const net = await image()
    await torment('predictSync', (value) => net.predictSync(value))
    await torment('classify options', (value) => net.classify(one, value))
    await torment('classify.top', (value) => net.classify(one, { top: value }))
    await torment('setWeights options', async (value) => net.setWeights(await net.weights(), value))
    const data = await datasets.fromArrays(x, t)
    await torment('evaluate options', (value) => net.evaluate(data, value))
    await torment('evaluate.metrics', (value) => net.evaluate(data, { metrics: value } as never))
    await torment('evaluate.loss', (value) => net.evaluate(data, { loss: value }))
  })

  test('a forecast', async () => {
    const net = await network([2, 1], [flatten(), dense({ units: 1 })])
    await torment('forecast network', (value) => forecast(value, [1, 2], { steps: 1 }))
    await torment('forecast', (value) => forecast(net, value, { steps: 1 }))
    await torment('forecast options', (value) => forecast(net, [1, 2], value))
    await torment('forecast.steps', (value) => forecast(net, [1, 2], { steps: value }))
  })

  test('gradients over time', async () => {
    const net = await network([2, 1], [rnn({ units: 2 }), dense({ units: 1 })])
    await torment('gradientsOverTime network', (value) => gradientsOverTime(value, [[1]], [0]))
    await torment('gradientsOverTime', (value) => gradientsOverTime(net, value, [0]))
    await torment('gradientsOverTime target', (value) => gradientsOverTime(net, [[1]], value))
    await torment('gradientsOverTime options', (value) => gradientsOverTime(net, [[1]], [0], value))
    await torment('gradientsOverTime.loss', (value) => gradientsOverTime(net, [[1]], [0], { loss: value }))
  })

  test('gradients and update', async () => {
    const net = await image()
    await torment('gradients t', (value) => net.gradients(x, value))
    await torment('gradients.loss', (value) => net.gradients(x, t, { loss: value }))
    await torment('gradients.regularization', (value) => net.gradients(x, t, { regularization: value }))
    await torment('update', (value) => net.update(value))
    const { gradients } = await net.gradients(x, t)
    await torment('update { gradient }', (value) => net.update({ ...gradients, 'conv1.bias': value }))
    await torment('update optimizer', (value) => net.update(gradients, value))
  })

  test.each(['trace', 'checkGradients'] as const)('%s', async (method) => {
    const net = await image()
    await torment(`${method} x`, (value) => net[method](value, t))
    await torment(`${method} t`, (value) => net[method](x, value))
    await torment(`${method} options`, (value) => net[method](x, t, value))
  })

  test('is intact after all that', async () => {
    const net = await image()
    const before = await net.weights()
    const w = before['conv1.weight']!
    await torment('setWeights { tensor }', (value) => net.setWeights({ ...before, 'conv1.weight': value }))
    await torment('setWeights { data }', (value) =>
      net.setWeights({ ...before, 'conv1.weight': { ...w, data: value } }),
    )
    await torment('setWeights { shape }', (value) =>
      net.setWeights({ ...before, 'conv1.weight': { ...w, shape: value } }),
    )
    expect(await net.weights()).toEqual(before)
  })
})
