import { batchNorm, conv2d, datasets, dense, flatten, network, rnn } from 'hebb'
import { withHead } from 'hebb/zoo'
import { expect, test } from 'vitest'
import { refused } from '../helpers/refused'

const small = () =>
  network(
    [1, 5, 4],
    [
      conv2d({ name: 'conv', filters: 3, kernel: 2 }),
      batchNorm({ name: 'norm' }),
      flatten(),
      dense({ units: 6, activation: 'tanh' }),
      dense({ units: 3, activation: 'softmax' }),
    ],
    {
      seed: 4,
      classes: ['a', 'b', 'c'],
      preprocessing: datasets.preprocessing({ resize: [5, 4] }),
    },
  )

test('keeps the weights of the layers before the head, and the old network', async () => {
  const net = await small()
  const x = Array.from({ length: 6 }, (_, i) => [Array.from({ length: 5 }, (_, h) => [1, 2, 3, i * h])])
  await net.fit(await datasets.fromArrays(x, [0, 1, 2, 0, 1, 2]), { epochs: 3 })
  const before = await net.weights()
  const copy = await withHead(net, [dense({ name: 'head', units: 2, activation: 'softmax' })], {
    classes: ['d', 'e'],
    seed: 9,
  })
  const weights = await copy.weights()
  expect(Object.keys(weights)).toEqual([
    ...Object.keys(before).filter((name) => !name.startsWith('dense2')),
    'head.weight',
    'head.bias',
  ])
  for (const [name, tensor] of Object.entries(weights)) {
    if (name in before) expect(tensor, name).toEqual(before[name])
  }
  // The head is that of a network of its own.
  const alone = await network([6], [dense({ name: 'head', units: 2, activation: 'softmax' })], { seed: 9 })
  expect(weights['head.weight']).toEqual((await alone.weights())['head.weight'])
  expect(copy.classes).toEqual(['d', 'e'])
  expect(copy.spec.preprocessing).toEqual(net.spec.preprocessing)
  const { activation1 } = await copy.activations(x)
  expect(activation1).toBeUndefined()
  expect((await copy.activations(x)).dense1).toEqual((await net.activations(x)).dense1)
  await copy.fit(await datasets.fromArrays(x, [0, 1, 1, 0, 1, 0]), { epochs: 2, rates: { '*': 0, head: 1 } })
  expect((await copy.activations(x)).dense1).toEqual((await net.activations(x)).dense1)
  expect(await net.weights()).toEqual(before)
  net.dispose()
  expect((await copy.predict(x)).shape).toEqual([6, 2])
})

test('the head may begin earlier, and have several layers', async () => {
  const net = await small()
  const head = [dense({ units: 5, activation: 'relu' }), dense({ units: 4, activation: 'softmax' })]
  const copy = await withHead(net, head, { after: 'flatten1' })
  expect(copy.description.layers.map(({ name }) => name)).toEqual([
    'conv',
    'norm',
    'flatten1',
    'dense1',
    'dense2',
  ])
  expect(copy.classes).toBeUndefined()
  const [old, weights] = [await net.weights(), await copy.weights()]
  expect(weights['dense1.weight']!.shape).toEqual([5, 36])
  expect(weights['norm.running_var']).toEqual(old['norm.running_var'])
  const pooled = await withHead(net, [flatten(), dense({ units: 2 })], { after: 'norm' })
  expect(pooled.outputs[0]!.shape).toEqual([2])
})

test('what has no such head is refused', async () => {
  const net = await small()
  const head = [dense({ units: 2 })]
  await refused('option', 'withHead takes a network and a list of layers', () => withHead({} as never, head))
  await refused('option', 'withHead takes a network and a list of layers', () => withHead(net, []))
  await refused('option', 'withHead takes a network and a list of layers', () =>
    withHead(net, head[0] as never),
  )
  await refused('option', 'withHead has no option "before"', () =>
    withHead(net, head, { before: 'conv' } as never),
  )
  await refused(
    'option',
    'after must be the name of a layer that is kept: conv, norm, flatten1, dense1, dense2',
    () => withHead(net, head, { after: 'pool' }),
  )
  await refused('shape', '3 class names for a network with 2 outputs', () =>
    withHead(net, head, { classes: ['a', 'b', 'c'] }),
  )
  await refused('option', 'seed must be a whole number', () => withHead(net, head, { seed: 0.5 }))
  await refused('shape', 'rnn1', () => withHead(net, [rnn({ units: 2 })]))
  await refused('option', 'conv', () => withHead(net, [dense({ name: 'conv', units: 2 })]))
  const one = await network([2], [dense({ units: 2 })])
  await refused('option', 'after must be', () => withHead(one, head))
})
