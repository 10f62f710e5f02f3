// fit, evaluate and predict on samples that arrive one by one: as on a data set, and as robust.
import { execFileSync } from 'node:child_process'
import {
  concat,
  conv2d,
  type Dataset,
  datasets,
  dense,
  dropout,
  type EpochReport,
  type FitProgress,
  flatten,
  loadNetwork,
  type Network,
  network,
  type Sample,
  schedule,
  sgd,
  shutdown,
} from 'hebb'
import { afterEach, describe, expect, test } from 'vitest'
import { fingerprint, quarters, quartersData, smallNetwork } from './recipe'

afterEach(shutdown)

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** The samples of {@link quartersData}, in passes whose beginnings, samples and ends are counted. */
function stream(samples: number, change: (sample: Sample, number: number) => unknown = (sample) => sample) {
  const { x, t } = quarters(samples)
  const state = { begun: 0, pulled: 0, closed: 0 }
  async function* source(): AsyncGenerator<Sample> {
    state.begun++
    try {
      // One array for all: what is handed over need not be kept.
      const data = new Uint8Array(144)
      for (let i = 0; i < samples; i++) {
        state.pulled++
        data.set(x.subarray(i * 144, (i + 1) * 144))
        yield change({ x: { data, shape: [1, 12, 12] }, t: t[i]! }, i) as Sample
      }
    } finally {
      state.closed++
    }
  }
  return { state, source }
}

/** The same network twice, and the data. */
async function twins(samples: number, make = () => smallNetwork()): Promise<[Network, Network, Dataset]> {
  return Promise.all([make(), make(), quartersData(samples)])
}

const optimizer = sgd({ learningRate: 0.1, momentum: 0.9 })
const options = { epochs: 3, batchSize: 20, seed: 5, optimizer }

/** Waits until a training is under way. */
async function underway(run: AsyncIterable<unknown>) {
  for await (const _ of run) return
}

describe('the same bits as from memory', () => {
  test('a conv net with dropout, momentum and a cosine, over 3 epochs with a remainder', async () => {
    const make = () =>
      network(
        [1, 12, 12],
        [
          conv2d({ filters: 5, kernel: 3, activation: 'tanh' }),
          flatten(),
          dropout({ rate: 0.4 }),
          dense({ units: 20, activation: 'tanh' }),
          dense({ units: 4, activation: 'softmax' }),
        ],
        { seed: 2 },
      )
    const [a, b, data] = await twins(110, make)
    const cosine = {
      ...options,
      optimizer: sgd({ learningRate: schedule.cosine({ from: 0.1, warmup: 0.2 }), momentum: 0.9 }),
    }
    const seen: FitProgress[][] = [[], []]
    const [inMemory, streamed] = [
      await a.fit(data, { ...cosine, onBatch: (progress) => void seen[0]!.push(progress) }),
      await b.fit(stream(110).source, {
        ...cosine,
        stepsPerEpoch: 6,
        shuffleBuffer: 110,
        onBatch: (progress) => void seen[1]!.push(progress),
      }),
    ]
    expect(await fingerprint(b)).toBe(await fingerprint(a))
    const untimed = ({ epochs }: typeof inMemory) =>
      epochs.map(({ seconds, samplesPerSecond, ...report }) => report)
    expect(untimed(streamed)).toEqual(untimed(inMemory))
    const ends = seen.map((events) => events.filter(({ batch }) => batch === 6))
    expect(ends[1]).toEqual(ends[0])
    expect(ends[1]!.map(({ samples }) => samples)).toEqual([110, 110, 110])
    // Another order is another training.
    const c = await make()
    await c.fit(stream(110).source, { ...cosine, stepsPerEpoch: 6, shuffleBuffer: 50 })
    expect(await fingerprint(c)).not.toBe(await fingerprint(a))
  })

  test('in the order of the source', async () => {
    const [a, b, data] = await twins(50)
    await a.fit(data, { ...options, shuffle: false })
    await b.fit(stream(50).source, { ...options, shuffle: false })
    expect(await fingerprint(b)).toBe(await fingerprint(a))
  })

  test('evaluate and predict', async () => {
    const [net, , data] = await twins(600)
    const whole = await net.evaluate(data)
    const { state, source } = stream(600)
    const streamed = await net.evaluate(source)
    expect(streamed).toEqual({ ...whole, loss: expect.closeTo(whole.loss, 12) })
    const outputs = await net.predict(source())
    expect(outputs).toEqual(await net.predict(data))
    expect(outputs.shape).toEqual([600, 4])
    expect(state).toEqual({ begun: 2, pulled: 1200, closed: 2 })
    // Targets are not looked at.
    const without = stream(600, ({ x }, i) => (i % 2 ? { x } : { x, t: 99 }))
    expect(await net.predict(without.source)).toEqual(outputs)
  })
})

test('every kind of source', async () => {
  const [expected, , data] = await twins(60)
  await expected.fit(data, { ...options, epochs: 1 })
  const { x, t } = quarters(60)
  const samples = Array.from(t, (t, i): Sample => {
    return { x: { data: x.slice(i * 144, (i + 1) * 144), shape: [1, 12, 12] }, t }
  })
  async function* source() {
    yield* samples
  }
  const readable = () => {
    const inner = source()
    return new ReadableStream<Sample>({
      async pull(controller) {
        const { done, value } = await inner.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
    })
  }
  const bare = () => ({ getReader: () => inner.getReader() }) as unknown as ReadableStream<Sample>
  const inner = readable()
  const sources = [
    source(),
    source,
    async () => source(),
    readable(),
    readable,
    bare(),
    samples,
    new Set(samples),
  ]
  for (const one of [...sources, () => samples, { [Symbol.asyncIterator]: source }]) {
    const net = await smallNetwork()
    await net.fit(one, { ...options, epochs: 1 })
    expect(await fingerprint(net)).toBe(await fingerprint(expected))
  }
  // What can be iterated over again serves several epochs, what cannot is refused before the first.
  const net = await smallNetwork()
  for (const again of [samples, readable, { [Symbol.asyncIterator]: source }]) {
    expect((await net.fit(again, options)).epochs).toHaveLength(3)
  }
  for (const once of [source(), readable(), samples.values()]) {
    await expect(net.fit(once, options)).rejects.toMatchObject({
      code: 'option',
      message: expect.stringContaining('function that begins it anew'),
    })
  }
  const same = source()
  await expect(net.fit(() => same, options)).rejects.toMatchObject({
    code: 'data',
    message: expect.stringContaining('epoch 2'),
  })
})

describe('a bad sample is refused by its number, and the weights stay', () => {
  const wrong = (fifth: object) => stream(30, (sample, i) => (i === 4 ? { ...sample, ...fifth } : sample))
  const nan = Float32Array.from({ length: 144 }, (_, i) => (i === 100 ? Number.NaN : 0))
  test.each([
    ['another shape', { x: { data: new Uint8Array(121), shape: [1, 11, 11] } }, 'shape', '[1,11,11]'],
    ['no regular shape', { x: [[1, 2], [3]] }, 'shape', 'regular'],
    ['floats among bytes', { x: new Float32Array(144) }, 'shape', 'numbers'],
    ['NaN', { x: nan }, 'data', 'NaN'],
    ['no target', { t: undefined }, 'data', 'no target'],
    ['a class out of range', { t: 4 }, 'data', 'classes 0 to 3'],
    ['half a class', { t: 0.5 }, 'data', '0.5'],
    ['too many values', { t: [0, 0, 0, 0, 1] }, 'shape', '5 target values'],
    ['no sample', { x: undefined }, 'data', '{ x, t }'],
  ])('%s', async (_, fifth, code, message) => {
    const net = await smallNetwork()
    const before = await fingerprint(net)
    const { state, source } = wrong(fifth)
    const refused = {
      name: 'HebbError',
      code,
      message: expect.stringMatching(/^sample 4 of the stream\b/),
    }
    // Shuffled, the fifth sample is another one in its minibatch.
    const run = net.fit(source, options)
    await expect(run).rejects.toMatchObject(refused)
    await expect(run).rejects.toThrow(message)
    await expect(net.evaluate(source)).rejects.toMatchObject(refused)
    expect(state.closed).toBe(2)
    expect(await fingerprint(net)).toBe(before)
  })

  test('NaN among targets', async () => {
    const net = await network([1], [dense({ units: 2 })])
    const samples = [
      { x: [1], t: [0, 1] },
      { x: [1], t: [0, Number.POSITIVE_INFINITY] },
    ]
    await expect(net.fit(samples)).rejects.toThrow('sample 1 of the stream: Infinity')
  })
})

test('several inputs and outputs by name', async () => {
  const make = () =>
    network(
      { image: [1, 12, 12], age: [2] },
      [
        flatten({ from: 'image', name: 'pixels' }),
        concat({ from: ['pixels', 'age'], name: 'all' }),
        dense({ units: 4, activation: 'softmax', from: 'all', name: 'quarter' }),
        dense({ units: 1, from: 'all', name: 'older' }),
      ],
      { outputs: ['quarter', 'older'], seed: 4 },
    )
  const count = 70
  const { x, t } = quarters(count)
  const ages = Array.from({ length: count }, (_, i) => [(i % 7) / 7, (i % 3) / 3])
  const hot = Array.from(t, (t) => [0, 1, 2, 3].map((i) => Number(i === t)))
  const data = await datasets.fromArrays(
    { image: { data: x, shape: [count, 1, 12, 12] }, age: ages },
    { quarter: hot, older: ages.map(([a]) => [a! + 1]) },
  )
  // Names decide, not their order.
  const samples = ages.map((age, i) => ({
    t: { older: [age[0]! + 1], quarter: hot[i]! },
    x: { age, image: { data: x.slice(i * 144, (i + 1) * 144), shape: [1, 12, 12] } },
  }))
  const [a, b] = await Promise.all([make(), make()])
  await a.fit(data, options)
  await b.fit(samples, options)
  expect(await fingerprint(b)).toBe(await fingerprint(a))
  expect(await b.predictAll(() => samples)).toEqual(await a.predictAll(data))
  const { loss, accuracy } = await a.evaluate(data)
  expect(await b.evaluate(samples)).toEqual({
    loss: expect.closeTo(loss, 12),
    regularization: 0,
    accuracy,
    samples: count,
  })

  const refused = (change: object, message: string) =>
    expect(b.evaluate([samples[0]!, { ...samples[1]!, ...change }])).rejects.toThrow(message)
  const { image } = samples[1]!.x
  await refused(
    { x: { image } },
    'sample 1 of the stream: the network\'s inputs are image, age: "age" is missing',
  )
  await refused({ x: { image, age: [1] } }, '"age" has shape [1]')
  await refused({ x: { image, age: [1, Number.NaN] } }, 'NaN')
  await refused({ t: { quarter: hot[0]! } }, '"older" is missing')
  await refused({ t: 3 }, 'a class number')
})

test('options are exact', async () => {
  const [net, , data] = await twins(40)
  const refused = (source: unknown, wrong: object, message: string) =>
    expect(net.fit(source as Dataset, wrong)).rejects.toMatchObject({
      code: 'option',
      message: expect.stringContaining(message),
    })
  const { state, source } = stream(40)
  await refused(data, { shuffleBuffer: 10 }, 'shuffleBuffer is for streams')
  await refused(data, { stepsPerEpoch: 10 }, 'stepsPerEpoch is for streams')
  await refused(source, { shuffleBuffer: 0 }, 'shuffleBuffer')
  await refused(source, { stepsPerEpoch: 0 }, 'stepsPerEpoch')
  await refused(source, { stepsPerEpoch: 1.5 }, 'stepsPerEpoch')
  await refused(source, { selection: 0.2 }, 'a data set of its own')
  await refused(source, { shuffle: false, shuffleBuffer: 10 }, 'no shuffleBuffer')
  const cosine = sgd({ learningRate: schedule.cosine({ from: 0.1 }) })
  await refused(source, { optimizer: cosine }, 'give stepsPerEpoch')
  expect(state.begun).toBe(0)
  const halving = sgd({ learningRate: schedule.step({ from: 0.5, factor: 0.5 }) })
  const { epochs } = await net.fit(source, { epochs: 2, optimizer: halving })
  expect(epochs.map(({ learningRate }) => learningRate)).toEqual([0.5, 0.25])
  for (const none of [undefined, 3, {}, 'text']) {
    await expect(net.fit(none as never)).rejects.toMatchObject({ name: 'HebbError' })
    await expect(net.evaluate(none as never)).rejects.toMatchObject({ name: 'HebbError' })
  }
  await expect(net.fit([])).rejects.toMatchObject({ code: 'data' })
  await expect(net.evaluate([])).rejects.toMatchObject({ code: 'data' })
  await expect(net.predict(new Set<Sample>())).rejects.toMatchObject({ code: 'data' })
})

describe('steering', () => {
  test('pause, step and resume are exact, and a paused training asks for nothing', async () => {
    const [a, b] = await twins(200)
    await a.fit(stream(200).source, { ...options, shuffleBuffer: 40 })
    const { state, source } = stream(200)
    const events: FitProgress[] = []
    const run = b.fit(source, { ...options, shuffleBuffer: 40, onBatch: (event) => void events.push(event) })
    run.pause()
    const seen = new Set([await fingerprint(b)])
    for (let batch = 1; batch <= 12; batch++) {
      await run.step()
      expect(events.at(-1)).toMatchObject({ epoch: batch > 10 ? 2 : 1, batch: ((batch - 1) % 10) + 1 })
      seen.add(await fingerprint(b))
    }
    expect(seen.size).toBe(13)
    await sleep(20)
    const { pulled } = state
    const still = await fingerprint(b)
    await sleep(50)
    expect(state.pulled).toBe(pulled)
    expect(await fingerprint(b)).toBe(still)
    run.resume()
    expect(await run).toMatchObject({ stopReason: 'epochs', epochs: { length: 3 } })
    expect(await fingerprint(b)).toBe(await fingerprint(a))
    expect(state).toEqual({ begun: 3, pulled: 600, closed: 3 })
  })

  test('a slow training holds the source back', async () => {
    const { state, source } = stream(10_000)
    const net = await smallNetwork()
    const run = net.fit(source, { batchSize: 10, shuffleBuffer: 50 })
    run.pause()
    while (state.pulled <= 50) await sleep(1)
    await sleep(100)
    // Two minibatches on their way, the rest of their block, the block ahead; one more that is waited for.
    expect(state.pulled).toBeLessThanOrEqual(101)
    run.stop()
    await run
    expect(state.closed).toBe(1)
  })

  test('stepsPerEpoch ends the epochs of an endless source, and closes it', async () => {
    const state = { begun: 0, closed: 0 }
    async function* endless(): AsyncGenerator<Sample> {
      state.begun++
      try {
        for (let i = 0; ; i++) yield { x: [i % 7, i % 3], t: [i % 5] }
      } finally {
        state.closed++
      }
    }
    const net = await network([2], [dense({ units: 1 })])
    const ends: FitProgress[] = []
    const { epochs } = await net.fit(endless, {
      epochs: 4,
      batchSize: 8,
      stepsPerEpoch: 5,
      optimizer: sgd({ learningRate: schedule.cosine({ from: 0.01 }) }),
      onBatch: (event) => void (event.batch === event.batches && ends.push(event)),
    })
    expect(ends.map(({ samples, batches }) => [samples, batches])).toEqual(
      [40, 40, 40, 40].map((n) => [n, 5]),
    )
    expect(epochs.at(-1)!.learningRate).toBeCloseTo(0, 6)
    expect(state).toEqual({ begun: 4, closed: 4 })
  })

  test('stop, abort and errors close the source, and nothing is lost', async () => {
    const { state, source } = stream(1e5)
    const net = await smallNetwork()
    const stopped = net.fit(source, { batchSize: 10 })
    await underway(stopped)
    stopped.stop()
    expect((await stopped).stopReason).toBe('stopped')
    expect(state).toMatchObject({ begun: 1, closed: 1 })

    const controller = new AbortController()
    const aborted = net.fit(source, { batchSize: 10, signal: controller.signal })
    await underway(aborted)
    controller.abort()
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError' })
    expect(state).toMatchObject({ begun: 2, closed: 2 })

    const mine = new Error('mine')
    const onBatch = () => {
      throw mine
    }
    await expect(net.fit(source, { batchSize: 10, onBatch })).rejects.toBe(mine)
    expect(state).toMatchObject({ begun: 3, closed: 3 })

    const linear = await network([1, 12, 12], [flatten(), dense({ units: 4 })])
    const diverging = linear.fit(source, { optimizer: sgd({ learningRate: 1e30 }) })
    await expect(diverging).rejects.toMatchObject({ code: 'diverged' })
    expect((await linear.weights())['dense1.weight']!.data.every(Number.isFinite)).toBe(true)
    expect(state).toMatchObject({ begun: 4, closed: 4 })

    const disposed = linear.fit(source, { batchSize: 10, optimizer: sgd({ learningRate: 1e-3 }) })
    await underway(disposed)
    linear.dispose()
    await expect(disposed).rejects.toMatchObject({ code: 'disposed' })
    expect(state).toMatchObject({ begun: 5, closed: 5 })

    const lost = net.fit(source, { batchSize: 10 })
    await underway(lost)
    await shutdown()
    await expect(lost).rejects.toMatchObject({ code: 'engineLost' })
    expect(state).toMatchObject({ begun: 6, closed: 6 })
  })

  test('an error of the source rejects the run, the weights being those of the steps before', async () => {
    const mine = new Error('mine')
    const failing = (at: number) =>
      stream(200, (sample, i) => {
        if (i === at) throw mine
        return sample
      })
    const [a, b] = await twins(200)
    await a.fit(stream(40).source, { ...options, epochs: 1, shuffle: false })
    await expect(b.fit(failing(50).source, { ...options, shuffle: false })).rejects.toBe(mine)
    expect(await fingerprint(b)).toBe(await fingerprint(a))
    await expect(b.evaluate(failing(50).source)).rejects.toBe(mine)
    await expect(b.predict(failing(50).source)).rejects.toBe(mine)
    await expect(b.fit(() => Promise.reject(mine))).rejects.toBe(mine)
    // The network is free again.
    expect((await b.fit(stream(40).source)).stopReason).toBe('epochs')
  })

  test.each(['next', 'begin'])('a source whose %s never answers can be left', async (where) => {
    const never = () => new Promise<never>(() => {})
    const hung = { [Symbol.asyncIterator]: () => ({ next: never, return: never }) }
    const source = where === 'next' ? hung : never
    const net = await smallNetwork()
    const run = net.fit(source)
    await sleep(20)
    run.stop()
    expect((await run).epochs).toEqual([])
    const signal = AbortSignal.timeout(20)
    await expect(net.fit(source, { signal })).rejects.toMatchObject({ name: 'TimeoutError' })
    expect((await net.fit(stream(40).source)).stopReason).toBe('epochs')
  })

  test('patience, selection, checkpoint and onEpochEnd', async () => {
    const [a, b, data] = await twins(60)
    const selection = await quartersData(90)
    const train = async (net: Network, source: Dataset | (() => AsyncGenerator<Sample>)) => {
      const reports: EpochReport[] = []
      const kept: Uint8Array[] = []
      const history = await net.fit(source, {
        ...options,
        epochs: 40,
        optimizer: sgd({ learningRate: 0.5, momentum: 0.9 }),
        selection,
        patience: 2,
        checkpoint: (bytes) => void kept.push(bytes),
        onEpochEnd: (report) => void reports.push(report),
      })
      expect(reports).toEqual(history.epochs)
      const { stopReason, bestEpoch } = history
      const best = await loadNetwork(kept.at(-1)!)
      return { stopReason, bestEpoch, kept: kept.length, best: await fingerprint(best) }
    }
    const streamed = await train(b, stream(60).source)
    expect(streamed).toEqual(await train(a, data))
    expect(await fingerprint(b)).toBe(await fingerprint(a))
  })

  test('two networks train side by side, each as it does alone', async () => {
    const [alone, a, data] = await twins(200)
    const b = await smallNetwork(3)
    const other = await smallNetwork(3)
    await alone.fit(data, options)
    await other.fit(data, options)
    await Promise.all([a.fit(stream(200).source, options), b.fit(data, options)])
    expect(await fingerprint(a)).toBe(await fingerprint(alone))
    expect(await fingerprint(b)).toBe(await fingerprint(other))
  })
})

test("with thread: 'here'", () => {
  const output = execFileSync(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { dense, init, network } from 'hebb'
      await init({ thread: 'here' })
      const net = await network([1], [dense({ units: 1 })])
      async function* source() {
        for (let i = 0; i < 100; i++) yield { x: [i / 100], t: [i / 50] }
      }
      const run = net.fit(source, { epochs: 50 })
      await run.step(3)
      run.resume()
      const { epochs } = await run
      console.log(epochs.length, epochs.at(-1).loss < epochs[0].loss / 10)
      const stopped = net.fit(source, { epochs: 1e6 })
      await stopped.step(10)
      stopped.stop()
      console.log((await stopped).stopReason, (await net.evaluate(source)).samples)`,
    ],
    { cwd: import.meta.dirname, encoding: 'utf8', timeout: 20_000 },
  )
  expect(output.trim().split('\n')).toEqual(['50 true', 'stopped 100'])
})
