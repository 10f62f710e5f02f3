// The cells of recurrent layers: each against its formula in 64 bits, apart from the others, and on any number of threads.
import {
  adam,
  datasets,
  dense,
  gru,
  init,
  type Layer,
  loadNetwork,
  lstm,
  network,
  rnn,
  type State,
  shutdown,
} from 'hebb'
import { describe, expect, test } from 'vitest'
import { fingerprint, THREADS } from '../helpers/recipe'

const [STEPS, FEATURES, UNITS] = [5, 3, 4]
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))
const noise = (n: number) => Float32Array.from({ length: n }, (_, i) => Math.sin(12.9898 * (i + 1)))
const x = Array.from({ length: STEPS }, (_, t) =>
  [...noise(STEPS * FEATURES)].slice(t * FEATURES, (t + 1) * FEATURES),
)

/** A cell as a function of W_ih·x(t) + b_ih, of W_hh·h + b_hh for any h, of h(t−1) and c(t−1); each gate's values by number. */
type Cell = (
  own: (gate: number) => number[],
  hidden: (gate: number, h: number[]) => number[],
  h: number[],
  c: number[],
) => { h: number[]; c: number[] }

const plus = (a: number[], b: number[]) => a.map((value, i) => value + b[i]!)
const times = (a: number[], b: number[]) => a.map((value, i) => value * b[i]!)

const gruCell =
  (before: boolean): Cell =>
  (own, hidden, h, c) => {
    const [r, z] = [0, 1].map((gate) => plus(own(gate), hidden(gate, h)).map(sigmoid))
    const product = before ? hidden(2, times(r!, h)) : times(r!, hidden(2, h))
    const n = plus(own(2), product).map(Math.tanh)
    return { h: n.map((value, i) => (1 - z![i]!) * value + z![i]! * h[i]!), c }
  }

const CELLS: Record<string, { layer: Layer; gates: number; cell: Cell }> = {
  rnn: {
    layer: rnn({ units: UNITS, returns: 'all', name: 'h' }),
    gates: 1,
    cell: (own, hidden, h, c) => ({ h: plus(own(0), hidden(0, h)).map(Math.tanh), c }),
  },
  lstm: {
    layer: lstm({ units: UNITS, returns: 'all', name: 'h' }),
    gates: 4,
    cell: (own, hidden, h, c) => {
      const net = [0, 1, 2, 3].map((gate) => plus(own(gate), hidden(gate, h)))
      const [i, f, o] = [0, 1, 3].map((gate) => net[gate]!.map(sigmoid))
      const now = plus(times(f!, c), times(i!, net[2]!.map(Math.tanh)))
      return { h: times(o!, now.map(Math.tanh)), c: now }
    },
  },
  'gru, reset after': {
    layer: gru({ units: UNITS, returns: 'all', name: 'h' }),
    gates: 3,
    cell: gruCell(false),
  },
  'gru, reset before': {
    layer: gru({ units: UNITS, returns: 'all', name: 'h', reset: 'before' }),
    gates: 3,
    cell: gruCell(true),
  },
}

/** All states by the formula. */
function expected({ gates, cell }: (typeof CELLS)[string], weights: Record<string, Float32Array>) {
  const rows = (w: Float32Array, b: Float32Array, from: readonly number[], gate: number) =>
    Array.from({ length: UNITS }, (_, i) => {
      const row = gate * UNITS + i
      return from.reduce((sum, value, j) => sum + w[row * from.length + j]! * value, b[row]!)
    })
  expect(weights.w_ih).toHaveLength(gates * UNITS * FEATURES)
  let state = { h: new Array<number>(UNITS).fill(0), c: new Array<number>(UNITS).fill(0) }
  const states = x.map((input) => {
    const own = (gate: number) => rows(weights.w_ih!, weights.b_ih!, input, gate)
    const hidden = (gate: number, h: number[]) => rows(weights.w_hh!, weights.b_hh!, h, gate)
    state = cell(own, hidden, state.h, state.c)
    return state
  })
  return { h: states.flatMap(({ h }) => h), c: states.at(-1)!.c }
}

async function made(layer: Layer) {
  const net = await network([STEPS, FEATURES], [layer] as never, { seed: 1 })
  const all = await net.weights()
  const weights: Record<string, Float32Array> = {}
  const set: Record<string, { data: Float32Array; shape: number[] }> = {}
  for (const [name, { shape }] of Object.entries(all)) {
    const data = noise(shape.reduce((a, b) => a * b)).map((value) => 0.8 * value)
    weights[name.replace(/^h\.(weight|bias)_(.h)_l0$/, (_, kind, of) => `${kind[0]}_${of}`)] = data
    set[name] = { data, shape: [...shape] }
  }
  await net.setWeights(set)
  return { net, weights }
}

describe.each(Object.entries(CELLS))('%s', (name, own) => {
  test('its states are those of its formula, and of no other', async () => {
    const { net, weights } = await made(own.layer)
    const { output, state } = await net.predict(x, { state: {} })
    const right = expected(own, weights)
    for (const [i, value] of right.h.entries()) expect(output.data[i]).toBeCloseTo(value, 5)
    expect(Object.keys(state)).toEqual(name === 'lstm' ? ['h', 'h.c'] : ['h'])
    if (name === 'lstm')
      for (const [i, value] of right.c.entries()) expect(state['h.c']!.data[i]).toBeCloseTo(value, 5)
    for (const other of Object.values(CELLS)) {
      if (other === own || other.gates !== own.gates) continue
      const wrong = expected(other, weights).h
      expect(Math.max(...wrong.map((value, i) => Math.abs(value - right.h[i]!)))).toBeGreaterThan(0.01)
    }
  })

  test('one sample step by step has the bits of one call; it is saved and loaded', async () => {
    const { net } = await made(own.layer)
    const all = await net.predict(x, { state: {} })
    const step = await network([1, FEATURES], [own.layer] as never)
    await step.setWeights(await net.weights())
    let state: State = {}
    const outputs = []
    for (const input of x) {
      const one = await step.predict([input], { state })
      outputs.push(...one.output.data)
      state = one.state
    }
    expect(outputs).toEqual([...all.output.data])
    expect(state).toEqual(all.state)
    const loaded = await loadNetwork(await net.toBytes())
    expect(await loaded.predict(x)).toEqual(await net.predict(x))
  })
})

test('any minibatch size gives the same weights on 1 to 33 threads, in small and in large networks', async () => {
  const t = Uint32Array.from({ length: 45 }, (_, n) => n % 3)
  const data = noise(45 * STEPS * FEATURES)
  const results = []
  await shutdown()
  for (const threads of THREADS) {
    await init({ threads, simd: 'simd128' })
    const samples = await datasets.fromArrays({ data, shape: [45, STEPS, FEATURES] }, t)
    const prints = []
    for (const [units, batchSize] of [
      [9, 7],
      [9, 1],
      [9, 45],
      [160, 32],
    ]) {
      const net = await network(
        [STEPS, FEATURES],
        [
          lstm({ units: units!, returns: 'all' }),
          gru({ units: units!, returns: 'all' }),
          gru({ units: 5, reset: 'before', returns: 'all' }),
          rnn({ units: 3 }),
          dense({ units: 3, activation: 'softmax' }),
        ],
        { seed: 2 },
      )
      expect(net.parameters > 2 ** 18).toBe(units === 160)
      await net.fit(samples, { epochs: 2, batchSize: batchSize!, seed: 1, optimizer: adam() })
      prints.push(await fingerprint(net))
      net.dispose()
    }
    results.push(prints)
    await shutdown()
  }
  expect(new Set(results[0]).size).toBe(4)
  for (const other of results) expect(other).toEqual(results[0])
})

test('a gated layer learns the adding problem over 50 steps', async () => {
  // Hochreiter and Schmidhuber 1997: the sum of the two marked values; a network that ignores them has 1/6.
  const [samples, steps] = [1000, 50]
  let seed = 1
  const random = () => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31
    return seed / 2 ** 31
  }
  const data = new Float32Array(samples * steps * 2)
  const t = new Float32Array(samples)
  for (let n = 0; n < samples; n++) {
    for (let i = 0; i < steps; i++) data[2 * (n * steps + i)] = random()
    for (const half of [0, 1]) {
      const at = Math.floor(((random() + half) * steps) / 2)
      data[2 * (n * steps + at) + 1] = 1
      t[n]! += data[2 * (n * steps + at)]!
    }
  }
  const all = await datasets.fromArrays(
    { data, shape: [samples, steps, 2] },
    { data: t, shape: [samples, 1] },
  )
  const net = await network([steps, 2], [gru({ units: 24 }), dense({ units: 1 })], { seed: 1 })
  await net.fit(all, {
    epochs: 60,
    batchSize: 25,
    seed: 1,
    optimizer: adam({ learningRate: 0.01, clip: { norm: 1 } }),
  })
  expect((await net.evaluate(all)).loss).toBeLessThan(0.02)
})
