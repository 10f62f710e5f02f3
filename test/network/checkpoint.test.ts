// A file with the optimizer's state: training goes on with the same bits.
import {
  adadelta,
  adagrad,
  adam,
  adamw,
  batchNorm,
  datasets,
  dense,
  dropout,
  loadNetwork,
  type Network,
  nadam,
  network,
  readSafetensors,
  rmsprop,
  sgd,
} from 'hebb'
import { expect, test } from 'vitest'

const x = Array.from({ length: 30 }, (_, i) => [((i * i) % 17) / 17, ((i * 5) % 13) / 13, i / 30])
const t = Array.from({ length: 30 }, (_, i) => i % 3)

const make = () =>
  network(
    [3],
    [
      dense({ units: 20, activation: 'tanh' }),
      batchNorm(),
      dropout({ rate: 0.2 }),
      dense({ units: 3, activation: 'softmax' }),
    ],
    { seed: 1 },
  )

const optimizers = [
  sgd({ learningRate: 0.1 }),
  sgd({ learningRate: 0.1, momentum: 0.9 }),
  adagrad({ learningRate: 0.1 }),
  rmsprop({ learningRate: 0.01, centered: true, momentum: 0.5 }),
  adadelta({ learningRate: 0.5 }),
  adam({ learningRate: 0.01 }),
  adam({ learningRate: 0.01, amsgrad: true }),
  adamw({ learningRate: 0.01 }),
  nadam({ learningRate: 0.01 }),
]

const train = async (net: Network, optimizer: (typeof optimizers)[number], epochs: number) => {
  const data = await datasets.fromArrays(x, t)
  await net.fit(data, { epochs, batchSize: 8, seed: 3, optimizer })
  data.dispose()
}

test.each(optimizers.map((optimizer) => [JSON.stringify(optimizer), optimizer] as const))(
  '%s',
  async (_, optimizer) => {
    const net = await make()
    await train(net, optimizer, 2)
    const bytes = await net.toBytes({ optimizer: true })
    const state = net.optimizerState
    await train(net, optimizer, 1)
    const again = await loadNetwork(bytes)
    expect(again.optimizerState).toEqual(state)
    expect(await again.toBytes({ optimizer: true })).toEqual(bytes)
    await train(again, optimizer, 1)
    expect(await again.weights()).toEqual(await net.weights())
    expect(again.optimizerState).toEqual(net.optimizerState)
  },
)

test('the state has tensors with names, and only if it is asked for', async () => {
  const net = await make()
  const plain = Object.keys(await readSafetensors(await net.toBytes()))
  // Without steps there is no state.
  expect(Object.keys(await readSafetensors(await net.toBytes({ optimizer: true })))).toEqual(plain)
  await train(net, adam({ learningRate: 0.01 }), 1)
  expect(Object.keys(await readSafetensors(await net.toBytes()))).toEqual(plain)
  const all = await readSafetensors(await net.toBytes({ optimizer: true }))
  expect(Object.keys(all).filter((name) => name.startsWith('optimizer/dense1'))).toEqual([
    'optimizer/dense1.weight/m',
    'optimizer/dense1.weight/v',
    'optimizer/dense1.bias/m',
    'optimizer/dense1.bias/v',
  ])
  expect(all['optimizer/dense1.weight/v']!.shape).toEqual([20, 3])
  const loaded = await loadNetwork(await net.toBytes())
  expect(loaded.optimizerState).toBeUndefined()
  expect(await loaded.weights()).toEqual(await net.weights())
})

test('a damaged state is refused', async () => {
  const net = await make()
  await train(net, sgd({ learningRate: 0.1, momentum: 0.9 }), 1)
  const bytes = await net.toBytes({ optimizer: true })
  // A byte is a character of this encoding, so that texts of the same length can be exchanged.
  const text = new TextDecoder('latin1').decode(bytes)
  const turned = (from: string, to: string) => {
    expect(from.length).toBe(to.length)
    return Uint8Array.from(text.replace(from, to), (letter) => letter.charCodeAt(0))
  }
  for (const [from, to] of [
    ['optimizer/dense1.bias/velocity', 'optimizer/dense1.bias/velocitx'],
    ['\\"type\\":\\"sgd', '\\"type\\":\\"abc'],
    ['\\"rule', '\\"role'],
  ] as const) {
    expect(text).toContain(from)
    await expect(loadNetwork(turned(from, to))).rejects.toMatchObject({ name: 'HebbError' })
  }
  // The shape of the weights is as it was; that of the state has as many values.
  const state = text.indexOf('optimizer/dense1.weight/velocity')
  const shape = text.indexOf('[20,3]', state)
  const transposed = `${text.slice(0, shape)}[3,20]${text.slice(shape + 6)}`.replace(
    '\\"name\\":\\"dense1.weight/velocity\\",\\"shape\\":[20,3]',
    '\\"name\\":\\"dense1.weight/velocity\\",\\"shape\\":[3,20]',
  )
  expect(transposed.split('[3,20]').length).toBe(text.split('[3,20]').length + 2)
  const file = Uint8Array.from(transposed, (letter) => letter.charCodeAt(0))
  await expect(loadNetwork(file)).rejects.toMatchObject({ code: 'file' })
  await expect(net.toBytes({ optimizer: 1 } as never)).rejects.toMatchObject({ code: 'option' })
  await expect(net.toBytes({ other: true } as never)).rejects.toMatchObject({ code: 'option' })
})
