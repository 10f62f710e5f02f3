// Invalid values in the options of layers, through their functions or in hand-written objects.
import * as hebb from 'hebb'
import { describe, test } from 'vitest'
import { torment } from './values'

const { dense, network } = hebb

/** Each layer with its usual options, and the options to try as well. */
const LAYERS: Record<string, [make: (options: never) => unknown, usual: object, more?: string]> = {
  conv2d: [
    hebb.conv2d,
    { filters: 2, kernel: 3 },
    'stride padding dilation groups connections activation bias initializer regularization name from',
  ],
  dense: [hebb.dense, { units: 2 }, 'activation bias initializer regularization storage name from'],
  rnn: [hebb.rnn, { units: 2 }, 'activation bias initializer regularization returns name from'],
  embedding: [hebb.embedding, { units: 2, vocabulary: 5 }, 'initializer regularization name from'],
  rbf: [hebb.rbf, { units: 2 }, 'centers widths name from'],
  gru: [hebb.gru, { units: 2 }, 'reset bias initializer regularization returns name from'],
  lstm: [hebb.lstm, { units: 2 }, 'bias initializer regularization returns name from'],
  maxPool2d: [hebb.maxPool2d, { kernel: 2 }, 'stride padding ceilMode name from'],
  averagePool2d: [hebb.averagePool2d, { kernel: 2 }, 'stride padding ceilMode countPadding'],
  subsample2d: [hebb.subsample2d, { kernel: 2 }, 'activation name from'],
  euclideanRbf: [hebb.euclideanRbf, { centers: [[1, 2, 3, 4]] }, 'activation name from'],
  globalAveragePool2d: [hebb.globalAveragePool2d, {}, 'name'],
  repeatVector: [hebb.repeatVector, { steps: 2 }, 'name from'],
  dropout: [hebb.dropout, { rate: 0.5 }, 'name'],
  batchNorm: [hebb.batchNorm, {}, 'momentum epsilon name'],
  localResponseNorm: [hebb.localResponseNorm, { size: 3 }, 'alpha beta k'],
  standardize: [hebb.standardize, { mean: 0, deviation: 1 }],
  zeroPadding2d: [hebb.zeroPadding2d, { padding: 1 }],
  flatten: [hebb.flatten, {}, 'name'],
  add: [hebb.add, { from: ['input', 'input'] }],
  multiply: [hebb.multiply, { from: ['input', 'input'] }],
  concat: [hebb.concat, { from: ['input', 'input'] }],
}

describe('layers', () => {
  for (const [name, [make, usual, more = '']] of Object.entries(LAYERS)) {
    const shape = {
      dense: [4],
      rbf: [4],
      euclideanRbf: [4],
      embedding: [4],
      repeatVector: [4],
      rnn: [3, 2],
      gru: [3, 2],
      lstm: [3, 2],
    }[name] ?? [2, 6, 6]
    const build = (layer: unknown) => network(shape as never, [layer] as never)
    test.each([...Object.keys(usual), ...more.split(' ').filter(Boolean)])(`${name}, %s`, (option) =>
      torment(`${name}.${option}`, (value) => build(make({ ...usual, [option]: value } as never))),
    )
    test(`${name}, all its options`, () => torment(name, (value) => build(make(value))))
  }

  test('reshape, permute, shared, activation', async () => {
    await torment('reshape', (value) => network([4], [hebb.reshape(value)] as never))
    await torment('permute', (value) => network([4, 2], [hebb.permute(value)] as never))
    await torment('shared', (value) => network([4], [dense({ units: 4 }), hebb.shared(value)] as never))
    await torment('activation', (value) => network([4], [hebb.activation(value)]))
    await torment('elu', (value) => network([4], [hebb.activation(hebb.elu(value))]))
    await torment('leakyRelu.slope', (value) =>
      network([4], [hebb.activation(hebb.leakyRelu({ slope: value }))]),
    )
    await torment('elementwise', (value) => hebb.elementwise(value))
    await torment('plus', (value) => hebb.elementwise((x) => x.plus(value)))
    await torment('power', (value) => hebb.elementwise((x) => x.power(value)))
    await torment('where', (value) => hebb.elementwise((x) => hebb.where(x, value, 1, value)))
    await torment('describeActivation', (value) => hebb.describeActivation(value))
    await torment('describeActivation at', (value) => hebb.describeActivation('tanh', value))
  })

  test.each('type filters kernel stride padding dilation groups connections name from more'.split(' '))(
    'by hand, which no function has checked: %s',
    (option) =>
      torment(`by hand.${option}`, (value) =>
        network([1, 6, 6], [{ type: 'conv2d', filters: 1, kernel: [2, 2], [option]: value }] as never),
      ),
  )
})
