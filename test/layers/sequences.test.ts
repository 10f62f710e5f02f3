// Sequences of their own lengths, per-step classes, directions, levels, initial states and truncated backpropagation through time.
import {
  adam,
  datasets,
  dense,
  dropout,
  gru,
  lstm,
  memory,
  type Network,
  network,
  rnn,
  sequences,
  sgd,
} from 'hebb'
import { expect, test } from 'vitest'
import { refused } from '../helpers/refused'

const wave = (length: number, features: number, seed: number) =>
  Array.from({ length }, (_, t) =>
    Array.from({ length: features }, (_, i) => Math.sin(12.9898 * (seed + 7 * t + 3 * i + 1))),
  )
const LENGTHS = [3, 1, 5, 4, 2, 5, 1, 3, 4]
const RAGGED = LENGTHS.map((length, seed) => wave(length, 2, seed))
const values = ({ data }: { data: Float32Array }) => [...data]

/** The same weights in another network. */
async function copied(from: Network, to: Network): Promise<Network> {
  await to.setWeights(await from.weights())
  return to
}

test.each([
  ['rnn', rnn],
  ['gru', gru],
  ['lstm', lstm],
] as const)('a short sequence among longer ones gives what it gives alone: %s', async (_, cell) => {
  for (const direction of ['forward', 'both'] as const) {
    const layers = [
      cell({ units: 3, returns: 'all', direction, layers: 2 }),
      cell({ units: 4, direction }),
      dense({ units: 2 }),
    ]
    const net = await network(sequences(5, 2), layers, { seed: 3 })
    const all = await net.predict(RAGGED)
    expect(all.shape).toEqual([RAGGED.length, 2])
    for (const [number, one] of RAGGED.entries()) {
      const fixed = await copied(net, await network([one.length, 2], layers))
      const alone = values(await fixed.predict(one))
      expect(values(all).slice(2 * number, 2 * number + 2)).toEqual(alone)
      // Of a single sequence, which has kernels of its own, also the shape.
      const single = await net.predict(one)
      expect([single.shape, values(single)]).toEqual([[2], alone])
    }
  }
})

test('time steps after the end count in no loss, gradient or metric', async () => {
  const layers = [gru({ units: 3, returns: 'all' }), dense({ units: 3, activation: 'softmax' })] as const
  const net = await network(sequences(5, 2), layers, { seed: 1 })
  const classes = LENGTHS.map((length, n) => Array.from({ length }, (_, t) => (t + n) % 3))
  const data = await datasets.fromSequences(RAGGED, classes, { steps: 5, per: 'step' })
  const { loss, accuracy, classification } = await net.evaluate(data, { metrics: 'classification' })
  const ragged = await net.gradients(data)
  expect(ragged.loss).toBeCloseTo(loss, 12)

  // The mean over the sequences, of each alone in a network of its length.
  let [sum, right, confusion] = [0, 0, 0]
  const gradient: Record<string, number[]> = {}
  for (const [n, x] of RAGGED.entries()) {
    const fixed = await copied(net, await network([x.length, 2], layers))
    const one = await datasets.fromSequences([x], [classes[n]!], { per: 'step' })
    const own = await fixed.gradients(one)
    sum += own.loss / RAGGED.length
    right += (await fixed.evaluate(one)).accuracy! * x.length
    for (const [name, { data }] of Object.entries(own.gradients)) {
      const total = gradient[name] ?? [...data].fill(0)
      gradient[name] = total.map((value, i) => value + data[i]! / RAGGED.length)
    }
  }
  const steps = LENGTHS.reduce((a, b) => a + b)
  expect(loss).toBeCloseTo(sum, 6)
  expect(accuracy).toBeCloseTo(right / steps, 12)
  for (const row of classification!.confusion) confusion += row.reduce((a, b) => a + b)
  expect(confusion).toBe(steps)
  for (const [name, expected] of Object.entries(gradient)) {
    const own = ragged.gradients[name]!.data
    for (const [i, value] of expected.entries()) expect(own[i]).toBeCloseTo(value, 6)
  }
  expect((await net.checkGradients(data)).ok).toBe(true)
})

test('sequences of different lengths are learned: whether the first and the last bit are the same', async () => {
  const bits = Array.from({ length: 300 }, (_, n) =>
    Array.from({ length: 2 + (n % 7) }, (_, t) => [Math.sin(n * 78.233 + t * 12.9898) > 0 ? 1 : 0]),
  )
  const same = bits.map((one) => Number(one[0]![0] === one.at(-1)![0]))
  const data = await datasets.fromSequences(bits, same, { steps: 8 })
  const net = await network(sequences(8, 1), [
    gru({ units: 12, direction: 'both' }),
    dense({ units: 2, activation: 'softmax' }),
  ])
  await net.fit(data, { epochs: 60, optimizer: adam({ learningRate: 0.02 }), seed: 1 })
  expect((await net.evaluate(data)).accuracy).toBe(1)
  // Which sequence it is is not known by its place: any order, and one by one.
  const { data: all } = await net.predict(bits.toReversed())
  const { data: first } = await net.predict(bits.at(-1)!)
  expect([...all.subarray(0, 2)]).toEqual([...first])
})

test('lengths go with inputs by name, and with tokens of one number', async () => {
  const named = await network(
    { question: [4, 1], 'question.lengths': [1], bias: [1] },
    [
      gru({ units: 2, name: 'read', from: 'question' }),
      dense({ units: 1, from: 'read', name: 'answer' }),
      dense({ units: 1, from: 'bias', name: 'shift' }),
    ],
    { outputs: ['answer', 'shift'] },
  )
  const two = await named.predictAll({ question: [[[1], [2]], [[3]]], bias: [[1], [2]] })
  const whole = await named.predictAll({
    question: [
      [[1], [2], [9], [9]],
      [[3], [9], [9], [9]],
    ],
    'question.lengths': [[2], [1]],
    bias: [[1], [2]],
  })
  expect(values(two.answer!)).toEqual(values(whole.answer!))
  await refused('data', 'its question.lengths is 2.5', () =>
    named.predictAll({ question: [[1], [2], [3], [4]], 'question.lengths': [2.5], bias: [1] }),
  )
  await refused('data', '1 to 4', () =>
    named.predictAll({ question: [[1], [2], [3], [4]], 'question.lengths': [0], bias: [1] }),
  )
})

test('a learned initial state is where a prediction begins, and is given as a state too', async () => {
  for (const cell of [gru, lstm]) {
    const net = await network(
      [3, 1],
      [cell({ units: 2, initialState: 'learned', name: 'h' }), dense({ units: 1 })],
    )
    const x = Array.from({ length: 40 }, (_, n) => wave(3, 1, n))
    const before = await net.predict(x[0]!)
    const { state } = await net.predict([[[0], [0], [0]]], { state: {} })
    expect(Object.keys(state)).toEqual(cell === lstm ? ['h', 'h.c'] : ['h'])
    const data = await datasets.fromArrays(
      x,
      x.map(() => [0.7]),
    )
    expect((await net.checkGradients(data)).ok).toBe(true)
    await net.fit(data, { epochs: 5, optimizer: adam({ learningRate: 0.05 }) })
    const { 'h.initial_h_l0': initial, 'h.initial_c_l0': memory } = await net.weights()
    expect(initial!.data.every((value) => value !== 0)).toBe(true)
    const after = values(await net.predict(x[0]!))
    expect(after).not.toEqual(values(before))
    const given = await net.predict(x[0]!, { state: { h: initial!, ...(memory && { 'h.c': memory }) } })
    expect(values(given.output)).toEqual(after)
    expect(values((await net.predict(x[0]!, { state: {} })).output)).toEqual(after)
    expect(values((await net.predict([x[0]!, x[1]!], { state: {} })).output)[0]).toBe(after[0])
  }
})

test('levels with dropout are those with layers of their own, and options without effect are refused', async () => {
  const one = await network(
    [4, 2],
    [gru({ units: 3, layers: 2, dropout: 0.5, name: 'g' }), dense({ units: 1 })],
  )
  const apart = await network(
    [4, 2],
    [
      gru({ units: 3, returns: 'all', name: 'a' }),
      dropout({ rate: 0.5 }),
      gru({ units: 3, name: 'b' }),
      dense({ units: 1 }),
    ],
  )
  const weights = await one.weights()
  const renamed = Object.entries(weights).map(([name, tensor]) => {
    if (!name.startsWith('g.')) return [name, tensor] as const
    return [name.endsWith('l1') ? `b.${name.slice(2, -1)}0` : `a.${name.slice(2)}`, tensor] as const
  })
  await apart.setWeights(Object.fromEntries(renamed))
  const data = await datasets.fromArrays(
    Array.from({ length: 20 }, (_, n) => wave(4, 2, n)),
    Array.from({ length: 20 }, (_, n) => [Math.sin(n)]),
  )
  const options = { epochs: 3, seed: 4, optimizer: sgd({ learningRate: 0.1 }) }
  const [first, second] = [await one.fit(data, options), await apart.fit(data, options)]
  expect(first.epochs.map(({ loss }) => loss)).toEqual(second.epochs.map(({ loss }) => loss))
  expect(first.epochs.every(({ gradientNorm }) => gradientNorm! > 0)).toBe(true)
  await refused('option', 'give layers: 2', async () => gru({ units: 3, dropout: 0.5 }))
  await refused('option', 'layers', async () => lstm({ units: 3, layers: 0 }))
  await refused('option', 'direction', async () => rnn({ units: 3, direction: 'up' as 'both' }))
  await refused('option', 'initialState', async () => rnn({ units: 3, initialState: 'random' as 'zeros' }))
})

test('bad sequences are refused', async () => {
  const from = datasets.fromSequences
  await refused('shape', 'give steps: 2, and make the network with sequences(2, 1)', () =>
    from([[1], [1, 2]]),
  )
  await refused('data', 'sequence 1 has no time step', () => from([[1], []], [0, 1], { steps: 2 }))
  await refused('shape', 'sequence 1 has 3 time steps, more than the 2', () =>
    from([[1], [1, 2, 3]], [0, 1], { steps: 2 }),
  )
  await refused('shape', 'sequence 1 has 2 features, the first one 1', () =>
    from([[1], [[1, 2]]], [0, 1], { steps: 2 }),
  )
  await refused('data', 'takes a list of sequences', () => from(undefined as never))
  await refused('data', 'takes a list of sequences', () => from([]))
  await refused('shape', '2 time steps and 1 targets', () => from([[1, 2]], [[0]], { per: 'step' }))
  await refused('data', 'count from 0, got -1', () => from([[1, 2]], [[0, -1]], { per: 'step' }))
  await refused('shape', 'class number', () => from([[1, 2]], [0, 1], { steps: 2 }))
  await refused('option', 'per', () => from([[1, 2]], [0], { per: 'batch' as 'step' }))
  const net = await network(sequences(3, 2), [gru({ units: 2 }), dense({ units: 2, activation: 'softmax' })])
  await refused('shape', 'more than the 3', () => net.predict(wave(4, 2, 0)))
  await refused('shape', 'expects sequences [steps, 2]', () => net.predict([[1], [2]]))
  await refused('data', 'no time step', () => net.predict([[[1, 2]], []]))
  const steps = await from(
    [
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [[0, 1]],
    { steps: 3, per: 'step' },
  )
  await refused('shape', 'needs 1', () => net.fit(steps))
})

/** A stream of bits, and the bit of `delay` steps ago. */
const echo = (length: number, delay: number) => {
  const bits = Array.from({ length }, (_, t) => Number(Math.sin(t * t * 0.7 + t) > 0))
  return { x: bits, t: bits.map((_, at) => bits[at - delay] ?? 0) }
}

test('truncated backpropagation through time learns from a stream of 100,000 steps in flat memory', async () => {
  const { x, t } = echo(100_000, 3)
  const net = await network(
    [10, 1],
    [gru({ units: 8, returns: 'all' }), dense({ units: 2, activation: 'softmax' })],
  )
  const short = await datasets.fromSequences([x.slice(0, 200)], [t.slice(0, 200)], { per: 'step' })
  const options = { truncated: { every: 5 }, optimizer: adam({ learningRate: 0.01 }) }
  const { gradientEvaluations } = await net.fit(short, options)
  expect(gradientEvaluations).toBe(1 + (200 - 10) / 5)
  short.dispose()
  const data = await datasets.fromSequences([x], [t], { per: 'step' })
  const before = await memory()
  const { epochs } = await net.fit(data, options)
  expect(epochs[0]!.accuracy).toBeGreaterThan(0.95)
  // Less than before, if networks of other tests were collected meanwhile.
  const after = await memory()
  expect(after.held).toBeLessThanOrEqual(before.held)
  expect(after.wasm).toBe(before.wasm)
  // Read step by step, it goes on from where it was.
  const step = await copied(
    net,
    await network([1, 1], [gru({ units: 8, returns: 'all' }), dense({ units: 2 })]),
  )
  let [state, right] = [{}, 0]
  for (let at = 0; at < 200; at++) {
    const { output, state: next } = await step.predict([[x[at]!]], { state })
    state = next
    right += Number(Number(output.data[1]! > output.data[0]!) === t[at])
  }
  expect(right).toBeGreaterThan(190)
})

test('what cannot be truncated is refused', async () => {
  const { x, t } = echo(20, 1)
  const data = await datasets.fromSequences([x], [t], { per: 'step' })
  const classes = dense({ units: 2, activation: 'softmax' })
  const all = await network([5, 1], [gru({ units: 2, returns: 'all' }), classes])
  await refused('option', "more than the network's 5", () => all.fit(data, { truncated: { every: 6 } }))
  await refused('option', 'every', () => all.fit(data, { truncated: {} as { every: number } }))
  const last = await network([5, 1], [gru({ units: 2 }), classes])
  await refused('option', 'return all states', () => last.fit(data, { truncated: true }))
  const backward = await network([5, 1], [gru({ units: 2, returns: 'all', direction: 'both' }), classes])
  await refused('option', 'from the last to the first', () => backward.fit(data, { truncated: true }))
  const long = await network([30, 1], [gru({ units: 2, returns: 'all' }), classes])
  await refused('shape', 'at least the network', () => long.fit(data, { truncated: true }))
  const plain = await network([5, 1], [classes])
  await refused('option', 'needs a recurrent layer', () => plain.fit(data, { truncated: true }))
})
