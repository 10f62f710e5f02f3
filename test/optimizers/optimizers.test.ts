// Every optimizer learns; schedules, clipping, accumulation and goals work as documented. Their steps are compared with
// PyTorch's in selftest.test.ts.
import {
  adadelta,
  adagrad,
  adam,
  adamw,
  datasets,
  dense,
  type FitOptions,
  type Moment,
  meanSquaredError,
  type Network,
  nadam,
  network,
  rmsprop,
  schedule,
  sgd,
  shutdown,
  type Tensor,
} from 'hebb'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { fingerprint, quartersData, smallNetwork } from '../helpers/recipe'

afterAll(shutdown)

const x = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
]
const xor = [[0], [1], [1], [0]]

const small = () =>
  network([2], [dense({ units: 6, activation: 'tanh' }), dense({ units: 1, activation: 'sigmoid' })], {
    seed: 1,
  })

/** Pseudo-random numbers, the same each time. */
function noise(count: number, seed = 1): Float32Array {
  let state = seed
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 31 - 1
  })
}

/** A small regression, 3 features to 2 values, and a network for it. */
async function regression(samples: number) {
  const data = await datasets.fromArrays(
    { data: noise(samples * 3), shape: [samples, 3] },
    { data: noise(samples * 2, 7), shape: [samples, 2] },
  )
  const net = await network([3], [dense({ units: 4, activation: 'tanh' }), dense({ units: 2 })], { seed: 2 })
  return { data, net }
}

async function flat(net: Network): Promise<number[]> {
  return Object.values(await net.weights()).flatMap(({ data }) => Array.from(data))
}

/** The largest difference of two networks' weights. */
async function apart(a: Network, b: Network): Promise<number> {
  const [one, two] = [await flat(a), await flat(b)]
  return Math.max(...one.map((w, i) => Math.abs(w - two[i]!)))
}

describe('every optimizer', () => {
  test.each([
    sgd({ learningRate: 0.5, momentum: 0.9, nesterov: true }),
    adagrad({ learningRate: 0.3 }),
    rmsprop({ learningRate: 0.02, momentum: 0.5, centered: true }),
    adadelta({ learningRate: 30 }),
    adam({ learningRate: 0.05 }),
    adam({ learningRate: 0.05, amsgrad: true, clip: { norm: 1 } }),
    adamw({ learningRate: 0.05, weightDecay: 0.001 }),
    nadam({ learningRate: 0.05 }),
  ])('learns XOR: $type', async (optimizer) => {
    const [net, data] = [await small(), await datasets.fromArrays(x, xor)]
    const { epochs } = await net.fit(data, { epochs: 400, batchSize: 4, optimizer })
    expect(epochs.at(-1)!.loss).toBeLessThan(0.05)
    expect((await net.evaluate(data)).accuracy).toBe(1)
  })

  test.each([
    ['adagrad', adagrad()],
    ['adam', adam()],
    ['adamw', adamw({ weightDecay: 0.01 })],
    ['nadam', nadam()],
    ['rmsprop', rmsprop()],
    ['adadelta', adadelta({ learningRate: 1 })],
    ['sgd', sgd()],
  ] as const)('has a name: %s', async (name, optimizer) => {
    const weights = []
    for (const option of [name, optimizer]) {
      const { data, net } = await regression(40)
      const before = await fingerprint(net)
      await net.fit(data, { batchSize: 10, optimizer: option })
      weights.push(await fingerprint(net))
      expect(weights[0]).not.toBe(before)
    }
    expect(weights[1]).toBe(weights[0])
  })

  test('names wrong options', async () => {
    // @ts-expect-error
    expect(() => adam({ beta3: 1 })).toThrow('adam has no option "beta3"')
    // @ts-expect-error
    expect(() => adam({ lr: 1 })).toThrow('use "learningRate"')
    // @ts-expect-error
    expect(() => rmsprop({ centered: 1 })).toThrow('rmsprop: centered must be true or false, got 1')
    // @ts-expect-error
    expect(() => nadam({ epsilon: '1' })).toThrow('nadam: epsilon must be a number')
    expect(() => adagrad({ learningRate: Number.NaN })).toThrow('adagrad: learningRate must be')
    // @ts-expect-error
    expect(() => sgd({ clip: { value: 1, norm: 1 } })).toThrow('sgd: clip is { value } or { norm }')
    expect(() => sgd({ clip: { norm: 0 } })).toThrow('clip.norm must be a number, finite and above 0')
    // @ts-expect-error
    expect(() => sgd({ clip: { most: 1 } })).toThrow('sgd: clip has no option "most"')
    const { data, net } = await regression(4)
    for (const [optimizer, message] of [
      [adam({ beta1: 1 }), 'beta1 must be at least 0 and below 1, got 1'],
      [rmsprop({ rho: -0.1 }), 'rho must be'],
      [adadelta({ epsilon: 0 }), 'epsilon must be finite and above 0'],
      [nadam({ momentumDecay: -1 }), 'momentumDecay must be'],
      [adamw({ weightDecay: -1 }), 'weightDecay must be'],
      [sgd({ nesterov: true }), 'nesterov needs a momentum'],
      [sgd({ learningRate: schedule.oneCycle({ peak: -1 }) }), 'learningRate.from must be'],
      [
        sgd({ learningRate: schedule.exponential({ from: 0.1, to: 0.2 }) }),
        'learningRate.to must be at most',
      ],
      [sgd({ learningRate: schedule.constant(0.1, { warmup: 1.5 }) }), 'learningRate.warmup must be'],
      [sgd({ learningRate: schedule.plateau({ from: 0.1, factor: 1 }) }), 'learningRate.factor must be'],
      ['adamax', 'optimizer must be one of sgd, adagrad'],
      [{ type: 'adam', learningRate: 0.1, beta9: 1 }, 'optimizer "adam": unknown field `beta9`'],
    ] as const) {
      await expect(net.fit(data, { optimizer: optimizer as 'sgd' })).rejects.toThrow(message)
    }
  })

  test('keeps the weights if a step is not finite, and can train on', async () => {
    const { data, net } = await regression(4)
    const before = await flat(net)
    const { gradients } = await net.gradients(data)
    const bad = structuredClone(gradients) as Record<string, Tensor>
    bad['dense2.bias']!.data[0] = Number.NaN
    for (const optimizer of [adam({ clip: { norm: 1 } }), rmsprop({ centered: true }), nadam(), adagrad()]) {
      await expect(net.update(bad, optimizer)).rejects.toMatchObject({
        code: 'diverged',
        message: expect.stringContaining('dense2.bias'),
      })
      expect(await flat(net)).toEqual(before)
    }
    await net.update(gradients, adam())
    expect(await flat(net)).not.toEqual(before)
  })
})

describe('schedules', () => {
  /** The learning rates of 4 epochs of 3 steps. */
  async function rates(learningRate: ReturnType<typeof schedule.cosine>, more: FitOptions = {}) {
    const { data, net } = await regression(30)
    const optimizer = sgd({ learningRate })
    const { epochs } = await net.fit(data, { epochs: 4, batchSize: 10, optimizer, ...more })
    return epochs.map((epoch) => epoch.learningRate)
  }

  test('are followed by fit', async () => {
    const close = (actual: number[], expected: number[]) => {
      expect(actual).toHaveLength(expected.length)
      for (const [i, rate] of expected.entries()) expect(actual[i]! / rate).toBeCloseTo(1, 5)
    }
    close(await rates(schedule.step({ from: 0.1, factor: 0.5 })), [0.1, 0.05, 0.025, 0.0125])
    close(await rates(schedule.exponential({ from: 0.16, to: 0.01 })), [0.08, 0.04, 0.02, 0.01])
    close(await rates(schedule.constant(0.1, { warmup: 6 })), [0.05, 0.1, 0.1, 0.1])
    close(await rates(schedule.constant(0.1, { warmup: 0.75 })), [1 / 30, 2 / 30, 0.1, 0.1])
    const oneCycle = await rates(schedule.oneCycle({ peak: 0.1, warmup: 0.5 }))
    expect(oneCycle[1]).toBeCloseTo(0.1, 6)
    expect(oneCycle[3]).toBeCloseTo(4e-7, 10)
  })

  test('plateau lowers the rate if the selection loss, or else the training loss, does not fall', async () => {
    // No selection loss is less than half the one before.
    const plateau = schedule.plateau({ from: 0.01, factor: 0.1, patience: 0, decrease: 0.5, to: 2e-4 })
    const lowered = await rates(plateau, { selection: 0.4, batchSize: 6 })
    expect(lowered.map((rate) => rate.toPrecision(3))).toEqual(['0.0100', '0.0100', '0.00100', '0.000200'])
    expect(await rates(plateau)).toEqual(lowered)
    const patient = schedule.plateau({ from: 0.01, patience: 1, decrease: 0.5 })
    expect((await rates(patient))[2]).toBeCloseTo(0.01, 6)
    expect((await rates(patient))[3]).toBeCloseTo(0.001, 6)
  })

  test('custom is called for every step, and update with the same rates gives the same result', async () => {
    const asked: Moment[] = []
    const rate = (moment: Moment) => {
      asked.push(moment)
      return 0.02 / (1 + moment.step)
    }
    const one = await regression(30)
    const options = { epochs: 2, batchSize: 10, shuffle: false, loss: 'meanSquaredError' } as const
    await one.net.fit(one.data, { ...options, optimizer: adam({ learningRate: schedule.custom(rate) }) })
    expect(asked).toHaveLength(6)
    expect(asked[4]).toEqual({ step: 4, steps: 6, epoch: 1, epochs: 2, part: 4 / 6 })

    // Adam keeps its state if only its learning rate changes.
    const two = await regression(30)
    for (let step = 0; step < 6; step++) {
      const indices = Array.from({ length: 10 }, (_, i) => (step % 3) * 10 + i)
      const { gradients } = await two.net.gradients(await two.data.subset(indices), undefined, {
        loss: 'meanSquaredError',
      })
      await two.net.update(gradients, adam({ learningRate: 0.02 / (1 + step) }))
    }
    expect(await apart(one.net, two.net)).toBeLessThan(1e-6)
  })

  test('custom is called per epoch in a long training, and its results are checked', async () => {
    let asked = 0
    const counting = schedule.custom(({ steps, part }) => {
      asked++
      expect(steps).toBe(90_000)
      return 0.01 * (1 - part)
    })
    const { data, net } = await regression(30)
    const run = net.fit(data, {
      epochs: 3000,
      batchSize: 1,
      optimizer: sgd({ learningRate: counting }),
      until: { loss: 1e9 },
    })
    expect((await run).epochs[0]!.learningRate).toBeCloseTo(0.01, 6)
    expect(asked).toBe(3000)
    const negative = net.fit(data, { optimizer: sgd({ learningRate: schedule.custom(() => -1) }) })
    await expect(negative).rejects.toThrow('the rate of step 0 must be a number, finite and at least 0')
    const broken = schedule.custom(() => {
      throw new TypeError('mine')
    })
    await expect(net.fit(data, { optimizer: sgd({ learningRate: broken }) })).rejects.toThrow(TypeError)
  })

  test('that need a training are refused by update', async () => {
    const { data, net } = await regression(30)
    const { gradients } = await net.gradients(data)
    for (const learningRate of [
      schedule.cosine({ from: 0.1 }),
      schedule.step({ from: 0.1, factor: 0.5 }),
      schedule.plateau({ from: 0.1 }),
      schedule.constant(0.1, { warmup: 0.5 }),
      schedule.custom(() => 1),
    ]) {
      await expect(net.update(gradients, sgd({ learningRate }))).rejects.toThrow(
        'rate of each step as a number',
      )
    }
    await net.update(gradients, sgd({ learningRate: schedule.constant(0.1, { warmup: 5 }) }))
  })
})

test('a clipped gradient stays within the norm or the values', async () => {
  for (const clip of [{ norm: 0.25 }, { value: 0.01 }] as const) {
    const { data, net } = await regression(30)
    const before = await flat(net)
    const { epochs } = await net.fit(data, { batchSize: 30, optimizer: sgd({ learningRate: 1, clip }) })
    const steps = (await flat(net)).map((w, i) => Math.abs(w - before[i]!))
    if ('norm' in clip) {
      expect(Math.hypot(...steps)).toBeCloseTo(0.25, 5)
      const { gradients } = await (await regression(30)).net.gradients(data)
      const norm = Math.hypot(...Object.values(gradients).flatMap((tensor) => Array.from(tensor.data)))
      expect(norm).toBeGreaterThan(0.3)
      expect(epochs[0]!.gradientNorm).toBeCloseTo(norm, 5)
    } else {
      expect(Math.max(...steps)).toBeCloseTo(0.01, 5)
      expect(epochs[0]!.gradientNorm).toBeUndefined()
    }
  }
})

test.each([undefined, 'sumSquaredError', meanSquaredError({ reduction: 'elements' })] as const)(
  'accumulated minibatches step as one (%o)',
  async (loss) => {
    // 50 samples: the last minibatch of an epoch has 2 samples instead of 6.
    const options = { epochs: 3, shuffle: false, optimizer: adam({ learningRate: 0.01, clip: { norm: 5 } }) }
    const [one, two, other] = [await regression(50), await regression(50), await regression(50)]
    const more = loss === undefined ? {} : { loss }
    const accumulated = await one.net.fit(one.data, { ...options, ...more, batchSize: 6, accumulate: 3 })
    const large = await two.net.fit(two.data, { ...options, ...more, batchSize: 18 })
    await other.net.fit(other.data, { ...options, ...more, batchSize: 6 })
    expect(await apart(one.net, two.net)).toBeLessThan(2e-6)
    expect(await apart(one.net, other.net)).toBeGreaterThan(1e-3)
    expect(accumulated.epochs[2]!.loss).toBeCloseTo(large.epochs[2]!.loss, 4)
    expect(accumulated.epochs[2]!.gradientNorm! / large.epochs[2]!.gradientNorm!).toBeCloseTo(1, 4)
    await expect(one.net.fit(one.data, { accumulate: 0 })).rejects.toThrow('accumulate must be')
  },
)

describe('until', () => {
  const train = async (until: FitOptions['until'] & {}, more: FitOptions = {}) => {
    const { data, net } = await regression(30)
    const options = { epochs: 300, batchSize: 30, optimizer: adam({ learningRate: 0.02 }), ...more }
    return net.fit(data, { ...options, until })
  }

  test('a loss', async () => {
    const goal = (await train({})).epochs[49]!.loss
    const { epochs, stopReason } = await train({ loss: goal })
    expect(stopReason).toBe('loss')
    expect(epochs).toHaveLength(50)
  })

  test('a decrease', async () => {
    const { epochs, stopReason } = await train({ decrease: 1e-3 })
    expect(stopReason).toBe('decrease')
    const falls = epochs.slice(1).map(({ loss }, i) => epochs[i]!.loss - loss)
    expect(epochs.length).toBeLessThan(300)
    expect(falls.at(-1)).toBeLessThan(1e-3)
    expect(Math.min(...falls.slice(0, -1))).toBeGreaterThanOrEqual(1e-3)
  })

  test('a norm of the gradient', async () => {
    const { epochs, stopReason } = await train({ gradientNorm: 0.05 })
    expect(stopReason).toBe('gradientNorm')
    const norms = epochs.map(({ gradientNorm }) => gradientNorm!)
    expect(norms.at(-1)).toBeLessThanOrEqual(0.05)
    expect(Math.min(...norms.slice(0, -1))).toBeGreaterThan(0.05)
  })

  test('a time', async () => {
    const { data, net } = await regression(30)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const run = net.fit(data, { epochs: 1e9, until: { seconds: 0.3 } })
      await run.step()
      vi.advanceTimersByTime(299)
      await run.step()
      expect(run.paused).toBe(true)
      vi.advanceTimersByTime(1)
      expect((await run).stopReason).toBe('seconds')
      // An unused timer neither keeps the process alive nor ends another training.
      expect((await train({ seconds: 1000 }, { epochs: 2 })).stopReason).toBe('epochs')
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })

  test('the first goal that is reached, or the end', async () => {
    expect((await train({ loss: 1e9, gradientNorm: 1e9, seconds: 100 })).stopReason).toBe('loss')
    expect((await train({ loss: 1e-9, gradientNorm: 0, decrease: 0 }, { epochs: 3 })).stopReason).toBe(
      'epochs',
    )
    const { data, net } = await regression(30)
    for (const until of [{ seconds: 0 }, { decrease: -1 }, { gradientNorm: Number.NaN }, { losses: 1 }]) {
      await expect(net.fit(data, { until })).rejects.toMatchObject({ code: 'option' })
    }
  })
})

test('accumulation with dropout and convolutions is reproducible', async () => {
  const weights = []
  for (let i = 0; i < 2; i++) {
    const [net, data] = [await smallNetwork(), await quartersData(100)]
    await net.fit(data, { batchSize: 9, accumulate: 4, optimizer: nadam({ clip: { value: 0.1 } }) })
    weights.push(await fingerprint(net))
  }
  expect(weights[1]).toBe(weights[0])
})
