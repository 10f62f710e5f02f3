import {
  activation,
  adam,
  adamw,
  batchNorm,
  bfgs,
  conv2d,
  datasets,
  dense,
  dropout,
  flatten,
  init,
  loadNetwork,
  memory,
  network,
  rmsprop,
  sgd,
  shutdown,
} from 'hebb'
import { afterEach, expect, test } from 'vitest'
import fixture from '../fixtures/rates/rates.json'
import { values } from '../helpers/radial'
import { refused } from '../helpers/refused'

afterEach(shutdown)

const OPTIMIZERS = { sgd, adam, adamw, rmsprop }

/** The network of the fixture with its weights, and its samples. */
async function made(normal: boolean) {
  const conv = conv2d({ name: 'conv1', filters: 3, kernel: 3, stride: 2, bias: !normal })
  const rest = [
    activation('tanh'),
    flatten(),
    dense({ name: 'dense1', units: 5, activation: 'tanh' }),
    dense({ name: 'head', units: 4, activation: 'softmax' }),
  ]
  const layers = normal ? [conv, batchNorm({ name: 'norm' }), ...rest] : [conv, ...rest]
  const net = await network([2, 6, 6], layers as [typeof conv])
  const { tensors } = net.description
  // In PyTorch's order.
  const order = Object.keys(fixture.cases.find((one) => one.normal === normal)!.weights)
  const own = order.map((name) => tensors.find((tensor) => tensor.name === name)!)
  const drawn = values(
    5,
    own.reduce((sum, { size }) => sum + size, 0),
  )
  const weights = own.map(({ name, shape, size }) => {
    const more = name.endsWith('running_var') ? 1 : 0
    return [name, { data: Float32Array.from(drawn.splice(0, size), (v) => v + more), shape }] as const
  })
  await net.setWeights(Object.fromEntries(weights))
  const x = Float32Array.from(values(6, fixture.samples * 72), (value) => value * 4)
  const t = Uint32Array.from(values(7, fixture.samples), (value) => Math.floor((value + 0.5) * 4))
  const shape = [2, 6, 6]
  const samples = Array.from(t, (t, i) => ({ x: { data: x.slice(i * 72, (i + 1) * 72), shape }, t }))
  return { net, samples, data: await datasets.fromArrays({ data: x, shape: [fixture.samples, ...shape] }, t) }
}

test('layers learn at their rates as in PyTorch, and frozen ones not at all', async () => {
  for (const { type, options, normal, rates, losses, weights } of fixture.cases) {
    const { net, data } = await made(normal)
    const before = await net.weights()
    const optimizer = OPTIMIZERS[type as keyof typeof OPTIMIZERS](options)
    const { epochs } = await net.fit(data, {
      epochs: fixture.steps,
      batchSize: fixture.samples,
      shuffle: false,
      optimizer,
      rates: rates as Record<string, number>,
    })
    const about = JSON.stringify({ type, options, rates })
    for (const [i, loss] of losses.entries()) expect(epochs[i]!.loss, about).toBeCloseTo(loss, 5)
    const after = await net.weights()
    for (const [name, { data }] of Object.entries(after)) {
      const expected = weights[name as keyof typeof weights]!
      const far = Math.max(...data.map((value, i) => Math.abs(value - expected[i]!)))
      expect(far, `${name} of ${about}`).toBeLessThan(3e-6)
      const own: Record<string, number> = rates
      if ((own[name.split('.')[0]!] ?? own['*'] ?? 1) === 0) expect(data).toEqual(before[name]!.data)
    }
    net.dispose()
    data.dispose()
  }
})

test('the bits are the same for any number of threads, and from a stream', async () => {
  const all = []
  for (const threads of [1, 2, 5]) {
    await init({ threads })
    for (const stream of [false, true]) {
      const { net, data, samples } = await made(true)
      await net.fit(stream ? samples : data, {
        epochs: 2,
        batchSize: 3,
        seed: 2,
        optimizer: adam({ learningRate: 0.05 }),
        rates: { conv1: 0, norm: 0, dense1: 0.3 },
      })
      all.push(await net.weights())
    }
    await shutdown()
  }
  for (const weights of all) expect(weights).toEqual(all[0])
})

test('a second fit with other rates continues the optimizer', async () => {
  const { net, data } = await made(false)
  const optimizer = sgd({ learningRate: 0.05, momentum: 0.9 })
  const train = (rates: Record<string, number> = {}) => net.fit(data, { optimizer, rates })
  const kernel = async () => (await net.weights())['conv1.weight']!.data
  const { optimizer: first } = await train()
  const before = await kernel()
  const { optimizer: second } = await train({ conv1: 0 })
  expect(second.before).toBe(first.steps)
  expect(await kernel()).toEqual(before)
  // The state of what was frozen is older than the counters.
  expect((await train()).optimizer.before).toBe(0)
  expect(await kernel()).not.toEqual(before)
  // Gradients are those of all layers.
  const { gradients } = await net.gradients(data)
  expect(gradients['conv1.weight']!.data.some((value) => value !== 0)).toBe(true)
})

test('what only frozen layers come before has no memory for gradients', async () => {
  const layers = [
    conv2d({ filters: 16, kernel: 3, activation: 'relu' }),
    conv2d({ filters: 16, kernel: 3, activation: 'relu' }),
    flatten(),
    dropout({ rate: 0.5 }),
    dense({ units: 24, activation: 'relu' }),
    dense({ name: 'head', units: 2, activation: 'softmax' }),
  ] as const
  const t = Uint32Array.from({ length: 64 }, (_, i) => i % 2)
  const used = async (rates: Record<string, number>) => {
    await shutdown()
    const data = await datasets.fromArrays({ data: new Float32Array(64 * 1024), shape: [64, 1, 32, 32] }, t)
    const net = await network([1, 32, 32], layers)
    await net.fit(data, { batchSize: 64, rates, optimizer: sgd({ learningRate: 0.1 }) })
    const { held } = await memory()
    return held
  }
  const whole = await used({})
  expect(await used({ '*': 0, head: 1 })).toBeLessThan(0.7 * whole)
})

test('wrong rates are refused', async () => {
  const { net, data } = await made(true)
  const names = 'conv1, norm, dense1, head'
  const lists: [unknown, string][] = [
    [{ conv2: 0 }, `rates: "conv2" is no layer with parameters of its own; those are ${names}`],
    [{ head: -1 }, 'rates: head must be a finite number of at least 0, got -1'],
    [{ head: NaN }, 'rates: head must be a number'],
    [{ head: '1' }, 'rates: head must be a number, got "1"'],
    [{ '*': 0 }, 'rates: all layers are frozen'],
    [[0], 'fit: rates takes an object of options'],
    [new Map(), 'fit: rates takes an object of options'],
  ]
  for (const [rates, why] of lists) {
    await refused('option', why, async () => void (await net.fit(data, { rates } as never)))
  }
  await refused('option', 'leave batchSize, accumulate and rates out', async () => {
    await net.fit(data, { rates: { conv1: 0 }, optimizer: bfgs() })
  })
})

test('a checkpoint knows what was frozen', async () => {
  const { net, data } = await made(false)
  const optimizer = adam({ learningRate: 0.01 })
  await net.fit(data, { epochs: 2, optimizer, rates: { conv1: 0 } })
  const bytes = await net.toBytes({ optimizer: true })
  const steps = net.optimizerState!.steps
  for (const [rates, before] of [
    [{ conv1: 0, dense1: 0 }, steps],
    [{ dense1: 0 }, 0],
  ] as const) {
    const weights = []
    for (const one of [await loadNetwork(bytes), await loadNetwork(bytes)]) {
      expect((await one.fit(data, { optimizer, rates })).optimizer.before).toBe(before)
      weights.push(await one.weights())
    }
    expect(weights[0]).toEqual(weights[1])
  }
  const [once, again] = [net, await loadNetwork(bytes)]
  for (const one of [once, again]) await one.fit(data, { optimizer })
  expect(await again.weights()).toEqual(await once.weights())
})
