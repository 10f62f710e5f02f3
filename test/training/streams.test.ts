// fit, evaluate and predict on streams of samples: the same bits as on a data set.
import {
  concat,
  conv2d,
  datasets,
  dense,
  dropout,
  type FitProgress,
  flatten,
  network,
  type Sample,
  schedule,
  sgd,
  shutdown,
} from 'hebb'
import { afterEach, describe, expect, test } from 'vitest'
import { fingerprint, quarters, smallNetwork, twins } from '../helpers/recipe'
import { script } from '../helpers/script'
import { stream } from '../helpers/stream'

afterEach(shutdown)

const optimizer = sgd({ learningRate: 0.1, momentum: 0.9 })
const options = { epochs: 3, batchSize: 20, seed: 5, optimizer }

describe('the same bits as from memory', () => {
  test('a convolutional network with dropout, momentum and a cosine schedule, over 3 epochs with a remainder', async () => {
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
    // Another order gives another result.
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
    // Targets are ignored.
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
  // A repeatable source serves several epochs; any other is refused before the first epoch.
  const net = await smallNetwork()
  for (const again of [samples, readable, { [Symbol.asyncIterator]: source }]) {
    expect((await net.fit(again, options)).epochs).toHaveLength(3)
  }
  for (const once of [source(), readable(), samples.values()]) {
    await expect(net.fit(once, options)).rejects.toMatchObject({
      code: 'option',
      message: expect.stringContaining('function that opens it again'),
    })
  }
  const same = source()
  await expect(net.fit(() => same, options)).rejects.toMatchObject({
    code: 'data',
    message: expect.stringContaining('epoch 2'),
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
  // Names count, not their order.
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

test("with thread: 'here'", () => {
  const output = script(
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
  )
  expect(output.split('\n')).toEqual(['50 true', 'stopped 100'])
})
