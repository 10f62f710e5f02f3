// NaN stays NaN: in predictions, in gradients and in messages about them, in both artifacts.
import {
  activation,
  datasets,
  dense,
  elementwise,
  exp,
  expm1,
  flatten,
  init,
  loadNetwork,
  log,
  loss,
  maximum,
  maxPool2d,
  minimum,
  network,
  rnn,
  type Symbolic,
  sgd,
  shutdown,
  sqrt,
  type Term,
  where,
} from 'hebb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const { NaN: none, POSITIVE_INFINITY: far } = Number
/** Its logarithm is NaN below 0: a broken layer for inputs that data sets accept. */
const broken = activation(elementwise((x) => log(x)))

async function values(f: (x: Symbolic) => Term, x: number[]): Promise<number[]> {
  const net = await network([x.length], [activation(elementwise(f))])
  const { data } = await net.predict(x)
  net.dispose()
  return Array.from(data, (y) => y + 0)
}

/** f(weight·x). */
async function line(weight: number, f: (x: Symbolic) => Term) {
  const net = await network([1], [dense({ units: 1, name: 'line' }), activation(elementwise(f))])
  await net.setWeights({
    'line.weight': { data: Float32Array.of(weight), shape: [1, 1] },
    'line.bias': { data: Float32Array.of(0), shape: [1] },
  })
  return net
}

describe.each(['simd128', 'relaxed'] as const)('%s', (simd) => {
  beforeAll(async () => {
    await shutdown()
    await init({ simd })
  })
  afterAll(shutdown)

  test('a broken model has no probabilities', async () => {
    for (const kind of [
      'softmax',
      'sigmoid',
      'tanh',
      'relu',
      'elu',
      'selu',
      'step',
      'sign',
      'hardSigmoid',
    ] as const) {
      const net = await network([3], [broken, activation(kind)])
      const { data } = await net.predict([-1, 1, 2])
      // Softmax reads all values, the others one (TensorFlow.js 5965: relu).
      expect(Array.from(data, Number.isNaN), kind).toEqual(
        kind === 'softmax' ? [true, true, true] : [true, false, false],
      )
    }
  })

  test('max pooling keeps it at any position, in a single sample and in a batch (PyTorch 7645, TensorFlow 2501)', async () => {
    const net = await network([1, 2, 2], [broken, maxPool2d({ kernel: 2 }), flatten()])
    const windows = [0, 1, 2, 3].map((at) => [
      [0, 1].map((row) => [0, 1].map((column) => (2 * row + column === at ? -1 : 2))),
    ])
    expect(Array.from((await net.predict(windows)).data)).toEqual([none, none, none, none])
    for (const window of windows) expect((await net.predict(window)).data[0]).toBeNaN()
  })

  test('formulas: NaN in, NaN out', async () => {
    const nan = (x: Symbolic) => log(x)
    const all: ((x: Symbolic) => Term)[] = [
      (x) => exp(nan(x)),
      (x) => maximum(nan(x), 0),
      (x) => maximum(0, nan(x)),
      (x) => minimum(nan(x), 0),
      (x) => minimum(0, nan(x)),
      (x) => where(nan(x), 0, 1, 2),
      (x) => where(0, nan(x), 1, 2),
      (x) => nan(x).power(3),
      (x) => nan(x).power(-0.5),
      (x) => nan(x).power(101),
    ]
    for (const f of all) expect(await values(f, [-1])).toEqual([none])
    // The branch that is not taken does not affect the value.
    expect(await values((x) => where(x, 0, log(x), 7), [-1, 1])).toEqual([7, 0])
  })

  test('exp underflows to 0 and overflows to infinity', async () => {
    expect(await values(exp, [-200, -104, 89, 3e38])).toEqual([0, 0, far, far])
    const [small, large] = await values(exp, [-100, 88.7])
    expect(small! / Math.exp(-100)).toBeCloseTo(1, 1)
    expect(large! / Math.exp(Math.fround(88.7))).toBeCloseTo(1, 6)
    expect(await values((x) => log(exp(x)), [100])).toEqual([far])
    expect(await values(expm1, [-1e-8, 0, -50, 89])).toEqual([Math.fround(-1e-8), 0, -1, far])
  })

  test('powers of negative values are correct, or NaN (micromath 50)', async () => {
    const close = async (exponent: number, x: number[], expected: number[]) => {
      const y = await values((x) => x.power(exponent), x)
      y.forEach((y, i) => {
        const wanted = Math.fround(expected[i]!)
        if (Number.isFinite(wanted) && wanted !== 0) expect(y / wanted).toBeCloseTo(1, 4)
        else expect(y).toBe(wanted)
      })
    }
    for (const exponent of [3, 64, 65, 66, 101, -3, -65, -66]) {
      await close(
        exponent,
        [-2, -1.1, -1, -0.9],
        [-2, Math.fround(-1.1), -1, Math.fround(-0.9)].map((x) => x ** exponent),
      )
    }
    await close(1e6, [-1, -1.5, -0.5], [1, far, 0])
    await close(1e6 + 1, [-1, -1.5, 0.5], [-1, -far, 0])
    for (const exponent of [0.5, 1.5, -0.5, 2.3, 65.5])
      await close(exponent, [-2, -0.1, 0, 4], [none, none, 0 ** exponent, 4 ** exponent])
    await close(-2, [1e19, 1e22], [1e-38, 1e-44])
  })

  test('clipping a gradient keeps its NaN', async () => {
    const net = await line(0, (x) => where(x, 0, sqrt(x), 0))
    const data = await datasets.fromArrays([[1]], [[1]])
    for (const clip of [{ value: 1 }, { norm: 1 }]) {
      const run = net.fit(data, { epochs: 1, batchSize: 1, optimizer: sgd({ learningRate: 0.1, clip }) })
      await expect(run).rejects.toMatchObject({ code: 'diverged' })
    }
  })

  test('a gradient of NaN fails the check (PyTorch 76780)', async () => {
    // √ has no derivative at 0, although its branch is not taken there.
    const net = await line(0, (x) => where(x, 0, sqrt(x), 0))
    const check = await net.checkGradients([[1]], [[1]])
    expect(check.ok).toBe(false)
    expect(check.layers[0]).toMatchObject({ maxRelativeError: far, worst: { backpropagation: none } })
  })
})

describe('a step that diverges says why', () => {
  const why = (run: PromiseLike<unknown>) =>
    Promise.resolve(run).then(
      () => 'no error',
      (error: Error) => error.message,
    )

  // PyTorch 156212 and 187297, JAX 347.
  test.each<[string, (x: Symbolic) => Term]>([
    ['√ at 0', (x) => where(x, 0, sqrt(x), 0)],
    ['√ below 0', (x) => where(x.plus(1), 0, x, sqrt(x.over(0)))],
    ['ln at 0', (x) => where(x, 0, log(x), 0)],
    ['1/x at 0', (x) => where(x, 0, x.power(-1), 0)],
  ])('the derivative of the branch not taken: %s', async (_, f) => {
    const net = await line(0, f)
    const { gradients } = await net.gradients([[1]], [[1]])
    expect(gradients['line.bias']!.data[0]).toBeNaN()
    expect(await why(net.trace([[1]], [[1]]))).toContain('the branch of where that is not taken counts, too')
  })

  test('with a safe argument there is a derivative', async () => {
    const net = await line(0, (x) => where(x, 0, sqrt(maximum(x, 1e-6)), 0))
    expect((await net.trace([[1]], [[1]])).layers).toHaveLength(2)
    expect((await net.gradients([[1]], [[1]])).gradients['line.bias']!.data[0]).toBe(-0 + 0)
  })

  test('a formula without a finite value', async () => {
    const net = await line(-1, (x) => log(x))
    expect(await why(net.gradients([[2]], [[1]]))).toContain(
      'its formula has no finite value at -2. No learning rate changes that',
    )
    const plain = await line(1, (x) => x)
    const own = loss((output) => log(output.minus(3)))
    expect(await why(plain.gradients([[2]], [[1]], { loss: own }))).toContain(
      'the loss is a formula of your own',
    )
  })

  test('a rate that is too high', async () => {
    const grown = await line(3e38, (x) => x)
    expect(await why(grown.gradients([[100]], [[1]]))).toContain('A smaller learning rate helps')
  })

  test('a gradient that explodes over time: its layer, and what bounds it', async () => {
    const layers = [rnn({ units: 4, activation: 'relu', name: 'memory' }), dense({ units: 1 })] as const
    const large = {
      'memory.weight_ih_l0': { data: new Float32Array(4).fill(1), shape: [4, 1] },
      'memory.weight_hh_l0': { data: new Float32Array(16).fill(0.4), shape: [4, 4] },
      'dense1.weight': { data: new Float32Array(4).fill(1), shape: [1, 4] },
    }
    const data = await datasets.fromArrays([Array.from({ length: 60 }, () => [1])], [[1e15]])
    const run = async (clip: { clip?: { norm: number } }) => {
      const net = await network([60, 1], layers)
      await net.setWeights(large, { partial: true })
      return net.fit(data, { epochs: 9, optimizer: sgd({ learningRate: 0.01, ...clip }) })
    }
    expect(await why(run({}))).toMatch(
      /"memory" was the first.*, at time step \d+\..*clip: { norm: 1 } of the optimizer/,
    )
    expect(await why(run({ clip: { norm: 1 } }))).toBe('no error')
  })

  test.each(['forward', 'both'] as const)('a state that explodes: the time step, %s', async (direction) => {
    const net = await network([9, 1], [rnn({ units: 1, activation: 'relu', direction }), dense({ units: 1 })])
    // h = 1, 1e10, 1e20, 1e30, ∞: of sample 2 only.
    const weights = Object.entries(await net.weights()).map(([name, { data, shape }]) => [
      name,
      { data: data.fill(name.includes('weight_ih') ? 1 : name.endsWith('weight_hh_l0') ? 1e10 : 0), shape },
    ])
    await net.setWeights(Object.fromEntries(weights))
    const data = await datasets.fromArrays(
      [0, 1].map((first) => Array.from({ length: 9 }, (_, t) => [t === 0 ? first : 0])),
      [[0], [1]],
    )
    const run = net.fit(data, { optimizer: sgd() })
    expect(await why(run)).toContain('"rnn1" was the first to give inf, at time step 5.')
  })

  test('lanes without a sample do not contribute: 3 samples of ln x', async () => {
    const net = await line(1, (x) => log(x))
    const { gradients, loss: own } = await net.gradients([[1], [2], [4]], [[0], [0], [0]])
    expect(own).toBeCloseTo((Math.log(2) ** 2 + Math.log(4) ** 2) / 3, 5)
    expect(gradients['line.weight']!.data[0]).toBeCloseTo((2 * (Math.log(2) + Math.log(4))) / 3, 5)
    const again = await loadNetwork(await net.toBytes())
    expect((await again.predict([2])).data[0]).toBeCloseTo(Math.LN2, 6)
  })
})
