// Recurrent layers, and the state that they carry from one prediction to the next.
import { dense, network, type Output, rnn, type State, sgd } from 'hebb'
import { expect, test } from 'vitest'
import { refused } from '../helpers/refused'

const STEPS = 6
const N = 19
const wave = (i: number) => Math.fround(Math.sin(0.37 * i * i + i))
const values = Float32Array.from({ length: N * STEPS * 3 }, (_, i) => wave(i))
const x = { data: values, shape: [N, STEPS, 3] }
const layers = [
  rnn({ units: 5, returns: 'all' }),
  rnn({ units: 4, name: 'last' }),
  dense({ units: 2 }),
] as const
const whole = () => network([STEPS, 3], layers, { seed: 4 })
const stepwise = () => network([1, 3], layers, { seed: 4 })

/** Step `t` of all samples. */
const at = (t: number) => {
  const data = Float32Array.from({ length: N * 3 }, (_, i) => {
    return values[(Math.floor(i / 3) * STEPS + t) * 3 + (i % 3)]!
  })
  return { data, shape: [N, 1, 3] }
}

test('each step equals the formula of the notes, h = f(U·x + W·h₋₁ + B)', async () => {
  const net = await network([3, 2], [rnn({ units: 2, returns: 'all', name: 'h' })], { seed: 1 })
  const u = [
    [0.5, -1],
    [0.25, 2],
  ]
  const w = [
    [0.1, 0.2],
    [-0.3, 0.4],
  ]
  const tensor = (rows: number[][]) => ({ data: Float32Array.from(rows.flat()), shape: [2, 2] })
  const bias = (b: number[]) => ({ data: Float32Array.from(b), shape: [2] })
  await net.setWeights({
    'h.weight_ih_l0': tensor(u),
    'h.weight_hh_l0': tensor(w),
    'h.bias_ih_l0': bias([0.1, 0]),
    'h.bias_hh_l0': bias([0, -0.2]),
  })
  const input = [
    [1, 2],
    [-1, 0.5],
    [0.3, 0],
  ]
  let h = [0, 0]
  const states = input.map((x) => {
    h = [0, 1].map((i) => {
      const sum = u[i]![0]! * x[0]! + u[i]![1]! * x[1]! + w[i]![0]! * h[0]! + w[i]![1]! * h[1]!
      return Math.tanh(sum + [0.1, -0.2][i]!)
    })
    return h
  })
  const y = await net.predict(input)
  expect(y.shape).toEqual([3, 2])
  for (const [i, value] of states.flat().entries()) expect(y.data[i]).toBeCloseTo(value, 6)
})

test('steps with the state of the step before have the bits of one call with all steps', async () => {
  const [net, step] = [await whole(), await stepwise()]
  const all = await net.predict(x, { state: {} })
  expect(all.output).toEqual(await net.predict(x))
  expect(Object.entries(all.state).map(([name, { shape }]) => [name, shape])).toEqual([
    ['rnn1', [N, 5]],
    ['last', [N, 4]],
  ])
  let state: State = {}
  let output: Output | undefined
  for (let t = 0; t < STEPS; t++) ({ output, state } = await step.predict(at(t), { state }))
  expect(output).toEqual(all.output)
  expect(state).toEqual(all.state)
})

test('one sample has a state without the batch axis; a state is a value and can be kept', async () => {
  const step = await stepwise()
  const one = (t: number) => ({ data: values.slice(3 * t, 3 * t + 3), shape: [1, 3] })
  const first = await step.predict(one(0), { state: {} })
  expect(first.state.last!.shape).toEqual([4])
  const second = await step.predict(one(1), { state: first.state })
  const again = await step.predict(one(1), {
    state: { last: first.state.last!, rnn1: first.state.rnn1!.toArray() },
  })
  expect(again).toEqual(second)
  expect(second.output).not.toEqual(await step.predict(one(1)))
  expect(
    (await whole().then((net) => net.predict({ data: values.slice(0, 18), shape: [6, 3] }))).shape,
  ).toEqual([2])
})

test('backpropagation through time learns what a single step cannot know', async () => {
  // The parity of the number of positive values.
  const data = Float32Array.from({ length: 256 * 4 }, (_, i) => ((Math.floor(i / 4) >> (i % 4)) & 1) * 2 - 1)
  const t = Uint32Array.from({ length: 256 }, (_, n) => [0, 1, 2, 3].filter((i) => (n >> i) & 1).length % 2)
  const net = await network([4, 1], [rnn({ units: 12 }), dense({ units: 2, activation: 'softmax' })], {
    seed: 3,
  })
  const { datasets } = await import('hebb')
  const all = await datasets.fromArrays({ data, shape: [256, 4, 1] }, t)
  await net.fit(all, {
    epochs: 150,
    batchSize: 32,
    seed: 1,
    optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }),
  })
  expect((await net.evaluate(all)).accuracy).toBe(1)
})

test('a recurrent layer in a saved network', async () => {
  const { loadNetwork } = await import('hebb')
  const net = await whole()
  const loaded = await loadNetwork(await net.toBytes())
  expect(await loaded.predict(x)).toEqual(await net.predict(x))
})

test('wrong states and inputs', async () => {
  const net = await whole()
  const zeros = (...shape: number[]) => ({ data: new Float32Array(shape.reduce((a, b) => a * b)), shape })
  const plain = await network([3], [dense({ units: 2 })])
  await refused('option', 'the network has no recurrent layer', () =>
    plain.predict([[1, 2, 3]], { state: {} }),
  )
  const both = { rnn1: zeros(N, 5), last: zeros(N, 4) }
  await refused('data', 'states are rnn1, last: "last" is missing', () =>
    net.predict(x, { state: { rnn1: both.rnn1 } }),
  )
  await refused('data', '"rnn1" is missing, and there is no "hidden"', () =>
    net.predict(x, { state: { hidden: both.rnn1 } }),
  )
  await refused('shape', '"last" has 1 samples, "rnn1" has 19', () =>
    net.predict(x, { state: { ...both, last: zeros(1, 4) } }),
  )
  await refused('shape', 'expects samples of shape [4]', () =>
    net.predict(x, { state: { ...both, last: zeros(N, 5) } }),
  )
  await refused('shape', 'the states are [1, …], the samples [19, …]', () =>
    net.predict(x, { state: { rnn1: zeros(1, 5), last: zeros(1, 4) } }),
  )
  await refused('data', 'not bytes', () =>
    net.predict({ data: new Uint8Array(18), shape: [6, 3] }, { state: {} }),
  )
  await refused('shape', 'rnn needs an input [T, features], got [4]', () =>
    network([4], [rnn({ units: 2 })] as never),
  )
  await refused('option', 'activation', async () => rnn({ units: 2, activation: 'softmax' as never }))
  await refused('option', 'returns', async () => rnn({ units: 2, returns: 'first' as never }))
})
