// What a stream must not contain: invalid samples; and options that do not apply to streams.
import { type Dataset, datasets, dense, gru, network, type Sample, schedule, sgd, shutdown } from 'hebb'
import { afterEach, describe, expect, test } from 'vitest'
import { fingerprint, smallNetwork, twins } from '../helpers/recipe'
import { stream } from '../helpers/stream'

afterEach(shutdown)

const optimizer = sgd({ learningRate: 0.1, momentum: 0.9 })
const options = { epochs: 3, batchSize: 20, seed: 5, optimizer }

describe('an invalid sample is refused with its number, and the weights are unchanged', () => {
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
    // With shuffling the fifth sample has another place in its minibatch.
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

test('unknown options are refused', async () => {
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

describe('a class for each time step', () => {
  const layers = [gru({ units: 4, returns: 'all' }), dense({ units: 3, activation: 'softmax' })] as const
  const made = () => network([5, 1], layers, { seed: 2 })
  const sequence = (i: number) => Array.from({ length: 5 }, (_, t) => [Math.sin(i * 5 + t)])
  const classes = (i: number) => sequence(i).map(([x]) => (x! < -0.4 ? 0 : x! < 0.4 ? 1 : 2))

  test('trains and is measured as the same data set', async () => {
    const samples = Array.from({ length: 40 }, (_, i) => ({ x: sequence(i), t: classes(i) }))
    const [own, other] = [await made(), await made()]
    await own.fit(samples, { ...options, shuffleBuffer: 1 })
    const set = await datasets.fromArrays(
      samples.map(({ x }) => x),
      samples.map(({ t }) => t.map((one) => [0, 1, 2].map((k) => Number(k === one)))),
    )
    await other.fit(set, { ...options, shuffle: false })
    expect(await fingerprint(own)).toBe(await fingerprint(other))
    expect(await own.evaluate(samples)).toEqual(await other.evaluate(set))
  })

  test('that the output does not have is refused', async () => {
    const samples = [{ x: sequence(0), t: Uint8Array.of(0, 1, 2, 3, 0) }]
    await expect((await made()).fit(samples, options)).rejects.toThrow(
      'sample 0 of the stream: the class of time step 3 is 3; a network with 3 outputs per step has classes 0 to 2',
    )
  })
})
