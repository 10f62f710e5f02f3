// Training steps in detail: the formulas of the course notes, computed here in 64 bits, against the engine.
import {
  activation,
  adam,
  batchNorm,
  conv2d,
  datasets,
  dense,
  dropout,
  elementwise,
  flatten,
  maxPool2d,
  type Network,
  network,
  schedule,
  sgd,
  type Trace,
} from 'hebb'
import { describe, expect, test } from 'vitest'

const logistic = (x: number) => 1 / (1 + Math.exp(-x))
const doubles = (data: Float32Array | undefined) => Array.from(data!)

/** The tolerance of f32. */
function close(actual: Float32Array | undefined, expected: number[]) {
  const scale = Math.max(1e-6, ...expected.map(Math.abs))
  expect(actual!.length).toBe(expected.length)
  actual!.forEach((value, i) => {
    expect(Math.abs(value - expected[i]!)).toBeLessThan(2e-6 * scale)
  })
}

const x = [
  [0.2, -0.7],
  [1, 0.4],
  [-0.3, 0.9],
]
const t = [
  [1, 0],
  [0, 1],
  [0.5, 0.25],
]

/** A layer of the notes: W `[units][inputs]`, biases, and the Δ of both. */
interface Units {
  w: number[][]
  b: number[]
  dw: number[][]
  db: number[]
}

function units(w: Float32Array, b: Float32Array, inputs: number): Units {
  const rows = Array.from(b, (_, u) => doubles(w.subarray(u * inputs, (u + 1) * inputs)))
  return { w: rows, b: doubles(b), dw: rows.map((row) => row.map(() => 0)), db: doubles(b).map(() => 0) }
}

test('sigmoid units with E = ½Σ(t − a)² and momentum: net, a, δ, ∂E/∂w, Δw of the notes, step after step', async () => {
  const [rate, alpha] = [0.5, 0.9]
  const net = await network(
    [2],
    [dense({ units: 3, activation: 'sigmoid' }), dense({ units: 2, activation: 'sigmoid' })],
    { seed: 3 },
  )
  const options = {
    loss: 'sumSquaredError',
    optimizer: sgd({ learningRate: rate, momentum: alpha }),
  } as const
  const start = await net.weights()
  const at = (name: string) => start[name]!.data
  const hidden = units(at('dense1.weight'), at('dense1.bias'), 2)
  const output = units(at('dense2.weight'), at('dense2.bias'), 3)
  for (let step = 0; step < 3; step++) {
    const weighted = ({ w, b }: Units, a: number[]) =>
      w.map((row, u) => row.reduce((sum, w, i) => sum + w * a[i]!, b[u]!))
    const netJ = x.map((sample) => weighted(hidden, sample))
    const aJ = netJ.map((row) => row.map(logistic))
    const netK = aJ.map((a) => weighted(output, a))
    const aK = netK.map((row) => row.map(logistic))
    // δₖ = (tₖ − aₖ)·aₖ·(1 − aₖ), δⱼ = Σₖ δₖ·wₖⱼ·aⱼ·(1 − aⱼ).
    const deltaK = aK.map((row, n) => row.map((a, k) => (t[n]![k]! - a) * a * (1 - a)))
    const deltaJ = aJ.map((row, n) =>
      row.map((a, j) => deltaK[n]!.reduce((sum, d, k) => sum + d * output.w[k]![j]!, 0) * a * (1 - a)),
    )
    const error = aK.flatMap((row, n) => row.map((a, k) => 0.5 * (t[n]![k]! - a) ** 2))
    const trace = await net.trace(x, t, options)
    expect(trace.loss).toBeCloseTo(
      error.reduce((a, b) => a + b),
      6,
    )
    const both = [
      { own: hidden, net: netJ, a: aJ, delta: deltaJ, from: x },
      { own: output, net: netK, a: aK, delta: deltaK, from: aJ },
    ]
    both.forEach(({ own, net, a, delta, from }, i) => {
      const layer = trace.layers[i]!
      expect(layer.name).toBe(`dense${i + 1}`)
      expect(layer.net.shape).toEqual([3, own.b.length])
      close(layer.net.data, net.flat())
      close(layer.a.data, a.flat())
      close(layer.delta.data, delta.flat())
      const dEdw = own.w.map((row, u) =>
        row.map((_, j) => -x.reduce((s, _, n) => s + delta[n]![u]! * from[n]![j]!, 0)),
      )
      const dEdb = own.b.map((_, u) => -x.reduce((sum, _, n) => sum + delta[n]![u]!, 0))
      close(layer.dEdw?.data, dEdw.flat())
      close(layer.dEdb?.data, dEdb)
      close(layer.previousDw?.data, own.dw.flat())
      close(layer.previousDb?.data, own.db)
      // Δw(t) = −ε·∂E/∂w + α·Δw(t − 1).
      own.dw = own.dw.map((row, u) => row.map((before, j) => -rate * dEdw[u]![j]! + alpha * before))
      own.db = own.db.map((before, u) => -rate * dEdb[u]! + alpha * before)
      close(layer.dw?.data, own.dw.flat())
      close(layer.db?.data, own.db)
    })
    for (const own of [hidden, output]) {
      own.w = own.w.map((row, u) => row.map((w, j) => w + own.dw[u]![j]!))
      own.b = own.b.map((b, u) => b + own.db[u]!)
    }
    // The step itself: by fit, or by gradients and update.
    if (step === 2) await net.fit(await datasets.fromArrays(x, t), { ...options, batchSize: 3 })
    else await net.update((await net.gradients(x, t, { loss: options.loss })).gradients, options.optimizer)
    const now = await net.weights()
    close(now['dense1.weight']!.data, hidden.w.flat())
    close(now['dense2.bias']!.data, output.b)
  }
})

/** Δw of all layers in one list. */
const steps = (trace: Trace, key: 'dw' | 'previousDw' | 'db' | 'dEdw' = 'dw') =>
  trace.layers.flatMap((layer) => doubles(layer[key]?.data ?? new Float32Array()))

describe('the previous step', () => {
  const make = () => network([2], [dense({ units: 4, activation: 'tanh' }), dense({ units: 2 })], { seed: 1 })
  const optimizers = [
    sgd({ learningRate: 0.1 }),
    sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true }),
    adam({ learningRate: 0.01 }),
  ]

  test.each(optimizers)('%j: is the applied update, also after further gradients', async (optimizer) => {
    const net = await make()
    const options = { optimizer }
    expect(new Set(steps(await net.trace(x, t, options), 'previousDw'))).toEqual(new Set([0]))
    const { gradients } = await net.gradients(x, t)
    const before = await net.weights()
    const trace = await net.trace(x, t, options)
    await net.update(gradients, optimizer)
    const after = await net.weights()
    const added = (name: string) => after[name]!.data.map((w, i) => Math.fround(w - before[name]!.data[i]!))
    close(
      trace.layers[0]!.dw!.data,
      doubles(added('dense1.weight')).map((step) => step),
    )
    const next = await net.trace(x, t, options)
    expect(steps(next, 'previousDw')).toEqual(steps(trace))
    await net.gradients(x, t)
    expect(await net.trace(x, t, options)).toEqual(next)
    // Another optimizer has no previous step, and new weights reset it.
    expect(new Set(steps(await net.trace(x, t, { optimizer: 'adagrad' }), 'previousDw'))).toEqual(
      new Set([0]),
    )
    await net.setWeights(after)
    expect(new Set(steps(await net.trace(x, t, options), 'previousDw'))).toEqual(new Set([0]))
  })

  test.each(optimizers)('%j: of a fit', async (optimizer) => {
    const net = await make()
    const data = await datasets.fromArrays(x, t)
    await net.fit(data, { epochs: 3, batchSize: 3, accumulate: 1, optimizer })
    const before = await net.weights()
    const trace = await net.trace(data, undefined, { optimizer })
    expect(await net.weights()).toEqual(before)
    expect(steps(trace, 'previousDw').every((step) => step !== 0)).toBe(true)
    const twin = await make()
    await twin.fit(data, { epochs: 2, batchSize: 3, optimizer })
    const theirs = await twin.trace(data, undefined, { optimizer })
    // The order of the samples within the batch differs, and therefore the last bits of sums.
    close(Float32Array.from(steps(trace, 'previousDw')), steps(theirs))
  })
})

describe('layers of every kind', () => {
  const image = {
    data: Float32Array.from({ length: 5 * 72 }, (_, i) => Math.sin(i * 1.7)),
    shape: [5, 2, 6, 6],
  }
  const classes = [0, 2, 1, 1, 0]
  const make = (): Promise<Network> =>
    network(
      [2, 6, 6],
      [
        activation('tanh', { name: 'front' }),
        conv2d({ filters: 3, kernel: 3, activation: 'relu', name: 'conv' }),
        maxPool2d({ kernel: 2 }),
        batchNorm({ name: 'norm' }),
        flatten(),
        dropout({ rate: 0.4 }),
        dense({ units: 5, activation: 'silu', bias: false }),
        dense({ units: 3, activation: 'softmax', name: 'out' }),
      ],
      { seed: 5 },
    )

  test('δ is (t − p) / N at softmax, and passes through all other layers', async () => {
    const net = await make()
    const { layers, loss } = await net.trace(image, classes)
    expect(layers.map(({ name }) => name)).toEqual([
      'front',
      'conv',
      'pool1',
      'norm',
      'flatten1',
      'dropout1',
      'dense1',
      'out',
    ])
    const out = layers[7]!
    const one = (n: number, c: number) => (classes[n] === c ? 1 : 0)
    close(
      out.delta.data,
      doubles(out.a.data).map((p, i) => (one(Math.floor(i / 3), i % 3) - p) / 5),
    )
    expect(loss).toBeCloseTo((await net.gradients(image, classes)).loss, 12)
    const [front, conv] = layers
    expect(front!.net.data).toEqual(image.data)
    close(front!.a.data, doubles(image.data).map(Math.tanh))
    expect(front!.delta.data.some((delta) => delta !== 0)).toBe(true)
    expect(front).not.toHaveProperty('dEdw')
    expect(conv!.net.shape).toEqual([5, 3, 4, 4])
    expect(doubles(conv!.a.data)).toEqual(doubles(conv!.net.data).map((net) => Math.max(net, 0)))
    expect(conv!.dEdw!.shape).toEqual([3, 2, 3, 3])
    expect(layers[6]).not.toHaveProperty('dEdb')
    const sums = [0, 1, 2].map((f) =>
      doubles(conv!.delta.data).reduce((sum, d, i) => (Math.floor(i / 16) % 3 === f ? sum - d : sum), 0),
    )
    conv!.dEdb!.data.forEach((slope, f) => {
      expect(slope).toBeCloseTo(sums[f]!, 5)
    })
  })

  test('a trace changes nothing, not a bit of later results', async () => {
    const [one, two] = await Promise.all([make(), make()])
    const data = await datasets.fromArrays(image, classes)
    for (let step = 0; step < 3; step++) {
      for (const net of [one, two]) {
        const { gradients, loss } = await net.gradients(data)
        if (net === two) {
          const trace = await net.trace(data, undefined, {
            optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }),
          })
          expect(trace.loss).toBe(loss)
          expect(trace.layers[7]!.dEdw!.data).toEqual(gradients['out.weight']!.data)
          await net.checkGradients(data)
        }
        await net.update(gradients, sgd({ learningRate: 0.1, momentum: 0.9 }))
      }
    }
    expect(await one.weights()).toEqual(await two.weights())
  })

  test('backpropagation agrees with finite differences', async () => {
    const net = await make()
    const { ok, layers } = await net.checkGradients(image, classes)
    expect(layers.map(({ name, checked }) => [name, checked])).toEqual([
      ['conv', 57],
      ['norm', 6],
      ['dense1', 60],
      ['out', 18],
    ])
    expect(layers.filter(({ maxRelativeError }) => maxRelativeError > 0.01)).toEqual([])
    expect(ok).toBe(true)
  })
})

test('finite differences detect a formula that f32 cannot compute', async () => {
  const rough = elementwise((x) => x.plus(1e6).minus(1e6))
  const net = await network(
    [2],
    [dense({ units: 3, activation: rough, name: 'rough' }), dense({ units: 2 })],
    { seed: 2 },
  )
  const { ok, layers } = await net.checkGradients(x, t)
  expect(ok).toBe(false)
  const [first, second] = layers
  expect(first!.maxRelativeError).toBeGreaterThan(0.05)
  expect(first!.worst.tensor).toMatch(/^rough\.(weight|bias)$/)
  expect(second!.maxRelativeError).toBeLessThan(0.01)
})

describe('what cannot be traced gives an error', () => {
  const make = () => network([2], [dense({ units: 2, activation: 'sigmoid' })])

  test.each([
    [[[1, 2, 3]], t, {}, 'shape'],
    [x, undefined, {}, 'data'],
    [x, [[1], [2], [3]], {}, 'shape'],
    [x, t, { loss: 'crossEntropy' }, 'option'],
    [x, t, { epochs: 3 }, 'option'],
  ] as const)('%#', async (x, t, options, code) => {
    const net = await make()
    await expect(net.trace(x, t as never, options as never)).rejects.toMatchObject({ code })
    await expect(net.checkGradients(x, t as never, options as never)).rejects.toMatchObject({ code })
  })

  test('a schedule that needs a training, a step that diverges, a threshold unit', async () => {
    const net = await make()
    const optimizer = sgd({ learningRate: schedule.cosine({ from: 0.1 }) })
    await expect(net.trace(x, t, { optimizer })).rejects.toThrow('rate of each step as a number')
    const far = sgd({ learningRate: 3e38 })
    const distant = t.map((row) => row.map(() => 99))
    await expect(net.trace(x, distant, { loss: 'sumSquaredError', optimizer: far })).rejects.toMatchObject({
      code: 'diverged',
    })
    const flat = await network([2], [dense({ units: 2, activation: 'step' })])
    await expect(flat.trace(x, t)).rejects.toThrow('cannot be trained through')
    await expect(flat.checkGradients(x, t)).rejects.toThrow('cannot be trained through')
  })
})
