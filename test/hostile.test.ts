// Values that nobody means, in every place of the public API: each call succeeds or says what is wrong with a
// HebbError, within a time limit, and the engine computes on as before.
import { rmSync } from 'node:fs'
import * as hebb from 'hebb'
import { afterAll, describe, expect, test } from 'vitest'

const { conv2d, datasets, dense, flatten, HebbError, loadNetwork, maxPool2d, memory, network } = hebb

/** What is put in the place of arguments and options. */
const HOSTILE: unknown[] = [
  undefined,
  null,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  -0,
  -1,
  0,
  0.5,
  1e308,
  5e-324,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  '',
  'constructor',
  '__proto__',
  'x'.repeat(100_000),
  true,
  false,
  () => {},
  () => {
    throw new RangeError('from the caller')
  },
  Symbol('s'),
  10n,
  new Date(0),
  /x/,
  [],
  [[]],
  [[], [1]],
  [1, [2]],
  [null],
  [undefined],
  [Number.NaN],
  [-1],
  [1.5],
  [1e12],
  new Array(5),
  ['input'],
  {},
  { length: 3 },
  { type: 'sgd', learningRate: {} },
  { type: 'dense', units: -1 },
  { type: 'cosine', from: Number.NaN, to: 0, warmup: 0 },
  { elementwise: [['x'], ['plus', 0, 7]] },
  { data: new Float32Array(3), shape: [2, 2] },
  { data: new Float32Array(4), shape: [2, -2] },
  { data: new Float32Array(0), shape: [0] },
  { data: new Float64Array([Number.NaN, 1]), shape: [1, 2] },
  { data: [1, 2], shape: [1, 2] },
  { data: new Uint8ClampedArray(4), width: 1, height: 1e9 },
  { data: new Uint8ClampedArray(3), width: 1, height: 1 },
  new Float32Array(0),
  new Uint8Array([1, 2, 3]),
  new Float32Array(new SharedArrayBuffer(8)),
  new Map(),
  new Proxy({}, {}),
  Object.create(null),
  (() => {
    const round: Record<string, unknown> = {}
    round.self = round
    return round
  })(),
]

/** An error that the values above bring with them. */
const theirs = (error: unknown) => error instanceof RangeError && error.message === 'from the caller'

/** What a call came to that it must not come to, if anything. */
async function outcome(call: () => unknown): Promise<string | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('it took longer than 5 s'), 5000)
  })
  const done = (async () => {
    try {
      const value = await call()
      if (value && typeof (value as Disposable)[Symbol.dispose] === 'function')
        (value as Disposable)[Symbol.dispose]()
      return undefined
    } catch (error) {
      if (theirs(error)) return undefined
      if (!(error instanceof HebbError)) return String((error as Error)?.stack ?? error)
      if (['engine', 'engineLost'].includes(error.code)) return `${error.code}: ${error.message}`
      return error.message.length > 5 ? undefined : `says only "${error.message}"`
    }
  })()
  const result = await Promise.race([done, late])
  clearTimeout(timer)
  return result
}

function shown(value: unknown): string {
  try {
    return (JSON.stringify(value) ?? String(value)).slice(0, 80)
  } catch {
    return Object.prototype.toString.call(value)
  }
}

const OPTIMIZERS = {
  sgd: hebb.sgd,
  adagrad: hebb.adagrad,
  rmsprop: hebb.rmsprop,
  adadelta: hebb.adadelta,
  adam: hebb.adam,
  adamw: hebb.adamw,
  nadam: hebb.nadam,
}

const canary = await network([3], [dense({ units: 4, activation: 'tanh' }), dense({ units: 2 })], { seed: 1 })
const song = (await canary.predict([1, 2, 3])).toArray()
afterAll(() => {
  canary.dispose()
  // Among the hostile values are names that files can have, and checkpoints are written to them.
  for (const name of ['constructor', '__proto__']) rmSync(name, { force: true })
})

/** Calls with every hostile value; then the engine must be what it was. */
async function torment(call: (value: never) => unknown): Promise<void> {
  const wrong: string[] = []
  for (const value of HOSTILE) {
    const problem = await outcome(() => call(value as never))
    if (problem) wrong.push(`${shown(value)}: ${problem}`)
  }
  expect(wrong).toEqual([])
  expect((await canary.predict([1, 2, 3])).toArray()).toEqual(song)
}

const image = () =>
  network(
    [1, 6, 6],
    [conv2d({ filters: 2, kernel: 3 }), maxPool2d({ kernel: 2 }), flatten(), dense({ units: 2 })],
  )
const data = await datasets.fromArrays(
  [
    [0, 1, 2],
    [1, 0, 2],
    [2, 1, 0],
    [1, 1, 1],
  ],
  [
    [0, 1],
    [1, 0],
    [1, 1],
    [0, 0],
  ],
)

/** Each layer with the options that it has; the first argument where that is not an object of options. */
const LAYERS: Record<string, [make: (options: never) => unknown, options: string[]]> = {
  conv2d: [
    hebb.conv2d,
    [
      'filters',
      'kernel',
      'stride',
      'padding',
      'dilation',
      'groups',
      'activation',
      'bias',
      'initializer',
      'name',
      'from',
    ],
  ],
  dense: [hebb.dense, ['units', 'activation', 'bias', 'initializer', 'name', 'from']],
  maxPool2d: [hebb.maxPool2d, ['kernel', 'stride', 'padding', 'ceilMode', 'name', 'from']],
  averagePool2d: [hebb.averagePool2d, ['kernel', 'stride', 'padding', 'ceilMode', 'countPadding']],
  dropout: [hebb.dropout, ['rate', 'name']],
  batchNorm: [hebb.batchNorm, ['momentum', 'epsilon', 'name']],
  localResponseNorm: [hebb.localResponseNorm, ['size', 'alpha', 'beta', 'k']],
  standardize: [hebb.standardize, ['mean', 'deviation']],
  zeroPadding2d: [hebb.zeroPadding2d, ['padding']],
  add: [hebb.add, ['from']],
  concat: [hebb.concat, ['from']],
}
const USUAL: Record<string, object> = {
  conv2d: { filters: 2, kernel: 3 },
  dense: { units: 2 },
  maxPool2d: { kernel: 2 },
  averagePool2d: { kernel: 2 },
  dropout: { rate: 0.5 },
  batchNorm: {},
  localResponseNorm: { size: 3 },
  standardize: { mean: 0, deviation: 1 },
  zeroPadding2d: { padding: 1 },
  add: { from: ['input', 'input'] },
  concat: { from: ['input', 'input'] },
}

describe('layers', () => {
  for (const [name, [make, options]] of Object.entries(LAYERS)) {
    const shape = name === 'dense' ? [4] : [2, 6, 6]
    const build = (layer: unknown) => network(shape as never, [layer] as never)
    test.each(options)(`${name}, %s`, (option) =>
      torment((value) => build(make({ ...USUAL[name], [option]: value } as never))),
    )
    test(`${name}, all its options`, () => torment((value) => build(make(value))))
  }
  test('reshape, shared, activation', async () => {
    await torment((value) => network([4], [hebb.reshape(value)] as never))
    await torment((value) => network([4], [dense({ units: 4 }), hebb.shared(value)]))
    await torment((value) => network([4], [hebb.activation(value)]))
    await torment((value) => network([4], [hebb.activation(hebb.elu(value))]))
    await torment((value) => network([4], [hebb.activation(hebb.leakyRelu({ slope: value }))]))
    await torment((value) => hebb.elementwise(value))
    await torment((value) => hebb.elementwise((x) => x.plus(value)))
    await torment((value) => hebb.elementwise((x) => hebb.where(x, value, 1, value)))
  })
})

describe('a network', () => {
  test('of any input, layers and options', async () => {
    await torment((value) => network(value, [dense({ units: 1 })] as never))
    await torment((value) => network([value] as never, [dense({ units: 1 })] as never))
    await torment((value) =>
      network({ a: value, b: [2] } as never, [dense({ units: 1, from: 'a' })] as never),
    )
    await torment((value) => network([2], value))
    await torment((value) => network([2], [value] as never))
    await torment((value) => network([2], [dense({ units: 1 })], value))
    for (const option of ['seed', 'classes', 'outputs']) {
      await torment((value) => network([2], [dense({ units: 2 })], { [option]: value } as never))
    }
  })

  test('of layers by hand, which no function has checked', async () => {
    for (const option of [
      'type',
      'filters',
      'kernel',
      'stride',
      'padding',
      'dilation',
      'groups',
      'name',
      'from',
      'more',
    ]) {
      await torment((value) =>
        network([1, 6, 6], [{ type: 'conv2d', filters: 1, kernel: [2, 2], [option]: value }] as never),
      )
    }
  })

  test('asked for anything', async () => {
    const net = await image()
    for (const method of [
      'predict',
      'predictAll',
      'activations',
      'classify',
      'evaluate',
      'gradients',
      'setWeights',
    ] as const) {
      await torment((value) => net[method](value as never))
    }
    await torment((value) => net.classify({ data: new Uint8Array(36), shape: [1, 6, 6] }, value))
    await torment((value) => net.gradients({ data: new Uint8Array(36), shape: [1, 1, 6, 6] }, value))
    await torment((value) =>
      net.gradients({ data: new Uint8Array(36), shape: [1, 1, 6, 6] }, [[1, 2]], { loss: value }),
    )
    await torment((value) => net.update(value))
    const { gradients } = await net.gradients({ data: new Uint8Array(36), shape: [1, 1, 6, 6] }, [[1, 2]])
    await torment((value) => net.update({ ...gradients, 'conv1.bias': value }))
    for (const method of ['trace', 'checkGradients'] as const) {
      await torment((value) => net[method](value, [[1, 2]]))
      await torment((value) => net[method]({ data: new Uint8Array(36), shape: [1, 1, 6, 6] }, value))
    }
    await torment((value) => net.update(gradients, value))
  })

  test('is whole after all that', async () => {
    const net = await image()
    const before = await net.weights()
    await torment((value) => net.setWeights({ ...before, 'conv1.weight': value }))
    await torment((value) =>
      net.setWeights({ ...before, 'conv1.weight': { data: value, shape: [2, 1, 3, 3] } }),
    )
    for (const { data } of Object.values(await net.weights())) expect(data.every(Number.isFinite)).toBe(true)
  })
})

describe('training', () => {
  const make = () => network([3], [dense({ units: 2 })])

  test('on anything', async () => {
    const net = await make()
    await torment((value) => net.fit(value))
  })
  test.each([
    'epochs',
    'batchSize',
    'seed',
    'shuffle',
    'loss',
    'optimizer',
    'selection',
    'patience',
    'checkpoint',
    'progress',
    'signal',
    'onEpochEnd',
    'onBatch',
    'accumulate',
    'until',
    'shuffleBuffer',
    'stepsPerEpoch',
  ])('with any %s', async (option) => {
    const net = await make()
    await torment(async (value) => {
      // Huge counts of epochs are what they say: it is stopped.
      const run = net.fit(data, { epochs: 2, [option]: value } as never)
      setTimeout(() => run.stop(), 20)
      await run
    })
  })
  test.each(['sgd', 'adagrad', 'rmsprop', 'adadelta', 'adam', 'adamw', 'nadam'] as const)(
    'by %s of anything',
    async (name) => {
      const net = await make()
      const keys = [
        'learningRate',
        'momentum',
        'nesterov',
        'weightDecay',
        'beta1',
        'beta2',
        'epsilon',
        'rho',
        'clip',
        'type',
      ]
      for (const key of keys) {
        await torment((value) =>
          net.fit(data, { optimizer: OPTIMIZERS[name]({ learningRate: 0.01, [key]: value } as never) }),
        )
        await torment((value) =>
          net.fit(data, { optimizer: { type: name, learningRate: 0.01, [key]: value } as never }),
        )
      }
      for (const { data } of Object.values(await net.weights()))
        expect(data.every(Number.isFinite)).toBe(true)
    },
  )
  test('by any schedule', async () => {
    const net = await make()
    for (const name of [
      'constant',
      'cosine',
      'exponential',
      'oneCycle',
      'step',
      'plateau',
      'custom',
    ] as const) {
      const schedule = hebb.schedule[name] as (options: unknown) => hebb.Schedule
      await torment((value) => net.fit(data, { optimizer: hebb.sgd({ learningRate: schedule(value) }) }))
      for (const key of ['from', 'to', 'peak', 'factor', 'every', 'warmup', 'patience']) {
        const learningRate = (value: unknown) =>
          schedule({ from: 0.1, to: 0.01, peak: 0.2, factor: 0.5, [key]: value })
        await torment((value) =>
          net.fit(data, { optimizer: hebb.sgd({ learningRate: learningRate(value) }) }),
        )
      }
    }
  })
})

describe('data', () => {
  test('from anything', async () => {
    for (const from of ['fromArrays', 'fromCsv', 'fromIdx', 'fromImages', 'imageToTensor'] as const) {
      await torment((value) => (datasets[from] as (value: unknown) => unknown)(value))
    }
    await torment((value) => datasets.fromArrays([[1], [2]], value))
    await torment((value) => datasets.fromArrays({ a: value, b: [[1], [2]] }))
    await torment((value) => datasets.fromArrays({ data: new Float32Array(4), shape: value }))
    await torment((value) => datasets.fromArrays({ data: value, shape: [2, 2] }))
    await torment((value) => datasets.fromCsv('a,b\n1,2\n3,4\n', value))
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
      await torment((value) => datasets.fromCsv('a,b\n1,2\n3,x\n', { [option]: value } as never))
    }
    await torment((value) => datasets.mnist(value))
    await torment((value) => datasets.mnist({ selection: value }))
  })
  test('in any part', async () => {
    await torment((value) => data.subset(value))
    await torment((value) => data.subset([value]))
    await torment((value) => data.split(value))
    await torment((value) => data.split({ selection: value }))
    await torment((value) => data.setAside(value))
    await torment((value) => data.setAside(1, value))
    await torment((value) => datasets.scaling.standard(value))
  })
})

describe('the classics', () => {
  const x = [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ]

  test('of anything', async () => {
    await torment((value) => hebb.logicGate(value))
    await torment((value) => hebb.neuron(value))
    for (const key of ['weights', 'threshold', 'bias']) {
      await torment((value) => hebb.neuron({ weights: [1, 1], threshold: 1, [key]: value } as never))
    }
    await torment((value) => hebb.perceptron(value))
    await torment((value) => hebb.perceptron({ inputs: 2 }).fit(value, [0, 0, 0, 1]))
    await torment((value) => hebb.perceptron({ inputs: 2 }).fit(x, value))
    await torment((value) => hebb.perceptron({ inputs: 2 }).fit(x, [0, 0, 0, 1], value))
    for (const key of ['epochs', 'learningRate', 'seed', 'variant', 'shuffle', 'averaged', 'pocket']) {
      await torment((value) => hebb.perceptron({ inputs: 2 }).fit(x, [0, 0, 0, 1], { [key]: value } as never))
    }
    await torment((value) => hebb.linearRegression(value))
    await torment((value) => hebb.linearRegression({ inputs: 2 }).fit(value, [1, 2, 3, 4]))
    await torment((value) => hebb.linearRegression({ inputs: 2 }).fit(x, value))
    await torment((value) => hebb.linearRegression({ inputs: 2 }).fit(x, [1, 2, 3, 4], value))
  })

  test('minimize anything', async () => {
    const f = ([a]: number[]) => (a! - 1) ** 2
    await torment((value) => hebb.minimize(value, [0]))
    await torment((value) => hebb.minimize(f as never, value))
    await torment((value) => hebb.minimize(hebb.formula(value), [0]))
    await torment((value) =>
      hebb.minimize(
        hebb.formula(() => value),
        [0],
      ),
    )
    await torment((value) => hebb.dense({ units: 1, regularization: value }))
    await torment((value) => hebb.minimize(() => value, [0]))
    await torment((value) => hebb.minimize(f as never, [0], value))
    for (const key of [
      'method',
      'maximize',
      'gradient',
      'convergenceThreshold',
      'learningRate',
      'steps',
      'patience',
    ]) {
      await torment((value) => hebb.minimize(f as never, [0], { steps: 50, [key]: value } as never))
    }
  })
})

describe('models from files', () => {
  test('of anything', () => torment((value) => loadNetwork(value)))

  test('with bytes flipped, cut off and put in', async () => {
    const good = await (await image()).toBytes()
    let state = 7
    const draw = (below: number) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return Math.floor((state / 2 ** 32) * below)
    }
    const wrong: string[] = []
    for (let i = 0; i < 300; i++) {
      // Mostly in the header, which is what can be read wrongly.
      const at = draw(i % 3 === 0 ? good.length : 900)
      const bytes = [
        () => Uint8Array.from(good, (byte, j) => (j === at ? byte ^ (1 << draw(8)) : byte)),
        () => good.slice(0, at),
        () => Uint8Array.from([...good.slice(0, at), draw(256), ...good.slice(at)]),
      ][i % 3]!()
      const problem = await outcome(async () => (await loadNetwork(bytes)).dispose())
      if (problem) wrong.push(`change ${i} at ${at}: ${problem}`)
    }
    expect(wrong).toEqual([])
    expect((await canary.predict([1, 2, 3])).toArray()).toEqual(song)
  })
})

describe('what does not fit into memory', () => {
  test.each([
    [() => network([1], [dense({ units: 2 ** 30 }), dense({ units: 2 ** 30 })])],
    [() => network([1, 4000, 4000], [conv2d({ filters: 4000, kernel: 1 })])],
    [() => network([2 ** 31 - 1], [dense({ units: 1 })])],
    [() => network([1, 2 ** 16, 2 ** 16], [conv2d({ filters: 1, kernel: 1 })])],
    [() => network([20_000], [dense({ units: 20_000 }), dense({ units: 20_000 }), dense({ units: 20_000 })])],
  ])('%#', async (make) => {
    await expect((async () => make())()).rejects.toMatchObject({
      name: 'HebbError',
      code: expect.stringMatching(/memory|shape/),
    })
    expect((await canary.predict([1, 2, 3])).toArray()).toEqual(song)
  })
})

test('after dispose everything says so, and disposing again is nothing', async () => {
  const net = await image()
  const gone = await datasets.fromArrays([[1]], [[1]])
  for (const one of [net, gone]) {
    one.dispose()
    one.dispose()
  }
  const x = { data: new Uint8Array(36), shape: [1, 6, 6] }
  const calls = [
    () => net.predict(x),
    () => net.classify(x),
    () => net.activations(x),
    () => net.evaluate(data),
    () => net.fit(data),
    () => net.weights(),
    () => net.toBytes(),
    () => canary.fit(gone),
    () => canary.evaluate(gone),
    () => gone.subset([0]),
    () => gone.split({ test: 0.5 }),
  ]
  for (const call of calls) await expect((async () => call())()).rejects.toMatchObject({ code: 'disposed' })
})

test('nothing of all this is left in memory', async () => {
  const { networks } = await memory()
  // The canary, and those that a test still holds.
  expect(networks).toBeLessThan(60)
})
