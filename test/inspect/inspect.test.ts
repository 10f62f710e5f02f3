import { batchNorm, concat, conv2d, datasets, dense, dropout, flatten, maxPool2d, network } from 'hebb'
import { activationStatistics, featureMaps, filters, saliency } from 'hebb/inspect'
import { lenet5 } from 'hebb/zoo'
import { describe, expect, test } from 'vitest'
import digits from '../fixtures/mnist/digits.json'
import { refused } from '../helpers/refused'

const pixels = digits.map(({ pixels }) => Uint8Array.from(Buffer.from(pixels, 'base64')))
const image = (digit: number) => ({ data: pixels[digit]!, shape: [1, 28, 28] })

/** The grey values of a picture. */
const grey = ({ data }: { data: Uint8ClampedArray }) =>
  Array.from({ length: data.length / 4 }, (_, i) => {
    expect([data[4 * i + 1], data[4 * i + 2], data[4 * i + 3]]).toEqual([data[4 * i], data[4 * i], 255])
    return data[4 * i]
  })

describe('filters', () => {
  test('0 is grey, the largest weight in size white or black', async () => {
    const net = await network([2, 4, 4], [conv2d({ filters: 2, kernel: [1, 2] })])
    const data = Float32Array.of(0, 1, -1, 0.5, 2, -2, 0, 0)
    await net.setWeights({ 'conv1.weight': { data, shape: [2, 2, 1, 2] } }, { partial: true })
    const pictures = await filters(net)
    expect(pictures.map((channels) => channels.map(grey))).toEqual([
      [
        [128, 191],
        [64, 159],
      ],
      [
        [255, 0],
        [128, 128],
      ],
    ])
    expect(pictures[0]![0]).toMatchObject({ width: 2, height: 1 })
  })

  test('of three channels in colour', async () => {
    const net = await network([3, 4, 4], [conv2d({ filters: 1, kernel: 1, bias: false })])
    await net.setWeights({ 'conv1.weight': { data: Float32Array.of(1, -1, 0), shape: [1, 3, 1, 1] } })
    expect(await filters(net, 'conv1')).toEqual([
      [{ data: Uint8ClampedArray.of(255, 0, 128, 255), width: 1, height: 1 }],
    ])
  })

  test('of a table of connections', async () => {
    const net = await lenet5({ variant: 'original', weights: 'mnist' })
    const pictures = await filters(net, 'C3')
    expect(pictures.map(({ length }) => length)).toEqual([...Array(6).fill(3), ...Array(9).fill(4), 6])
    expect(pictures[15]![5]).toMatchObject({ width: 5, height: 5 })
  })

  test('of no convolution', async () => {
    const net = await network([2], [dense({ units: 1 })])
    await refused('option', 'it has none', () => filters(net))
    const other = await network([1, 4, 4], [conv2d({ filters: 1, kernel: 2, name: 'first' })])
    await refused('option', 'they are first', () => filters(other, 'second'))
  })
})

test('feature maps: a picture of each channel, from its smallest to its largest value', async () => {
  const net = await lenet5({ weights: 'mnist' })
  const maps = await featureMaps(net, image(4))
  expect(Object.entries(maps).map(([name, { length }]) => [name, length])).toEqual([
    ['standardize1', 1],
    ['conv1', 6],
    ['pool1', 6],
    ['conv2', 16],
    ['pool2', 16],
  ])
  expect(grey(maps.standardize1![0]!)).toEqual(Array.from(pixels[4]!))
  for (const map of maps.conv1!) {
    expect([map.width, map.height]).toEqual([28, 28])
    expect([Math.min(...grey(map)), Math.max(...grey(map))]).toEqual([0, 255])
  }
  await refused('shape', 'featureMaps takes one image', () =>
    featureMaps(net, { data: new Uint8Array(2 * 784), shape: [2, 1, 28, 28] }),
  )
})

describe('saliency', () => {
  test('of a linear network its weights', async () => {
    const net = await network([3], [dense({ units: 2, activation: 'softmax' })], { seed: 1 })
    const weights = (await net.weights())['dense1.weight']!.data
    for (const index of [0, 1]) {
      const { data, shape } = await saliency(net, [0.5, -1, 2], index)
      expect(shape).toEqual([3])
      for (const [i, value] of data.entries()) expect(value).toBeCloseTo(weights[3 * index + i]!, 6)
    }
  })

  test('as differences of the score, without dropout', async () => {
    const layers = (activation: 'softmax' | 'identity') =>
      [
        conv2d({ filters: 3, kernel: 3, activation: 'tanh', from: 'input', name: 'a' }),
        maxPool2d({ kernel: 2 }),
        flatten(),
        dropout({ rate: 0.5 }),
        dense({ units: 4, activation }),
      ] as const
    const net = await network([1, 6, 6], layers('softmax'), { seed: 2 })
    const scores = await network([1, 6, 6], layers('identity'), { seed: 2 })
    const x = Float32Array.from({ length: 36 }, (_, i) => Math.sin(i * i))
    const score = async (data: Float32Array, index: number) =>
      (await scores.predict({ data, shape: [1, 6, 6] })).data[index]!
    const all = Array.from((await scores.predict({ data: x, shape: [1, 6, 6] })).data)
    const chosen = all.indexOf(Math.max(...all))
    const own = await saliency(net, { data: x, shape: [1, 6, 6] })
    expect(own.shape).toEqual([1, 6, 6])
    for (const i of [0, 7, 14, 22, 35]) {
      const [more, less] = [x.slice(), x.slice()]
      more[i]! += 1e-2
      less[i]! -= 1e-2
      const slope = ((await score(more, chosen)) - (await score(less, chosen))) / 2e-2
      expect(own.data[i]).toBeCloseTo(slope, 2)
    }
    expect((await saliency(net, { data: x, shape: [1, 6, 6] }, (chosen + 1) % 4)).data).not.toEqual(own.data)
  })

  test('a small step along it makes a digit more like another one', async () => {
    for (const variant of ['modern', 'original'] as const) {
      const net = await lenet5({ variant, weights: 'mnist' })
      const { data } = await saliency(net, image(0), 6)
      const size = Math.hypot(...data)
      const moved = (step: number) =>
        net.predict({
          data: Float32Array.from(pixels[0]!, (byte, i) => byte / 255 + (step * data[i]!) / size),
          shape: [1, 28, 28],
        })
      const [before, after, away] = [await moved(0), await moved(0.3), await moved(-0.3)]
      expect(after.data[6]).toBeGreaterThan(before.data[6]!)
      expect(away.data[6]).toBeLessThan(before.data[6]!)
    }
  })

  test('of other networks', async () => {
    const net = await network([1, 4, 4], [conv2d({ filters: 1, kernel: 2 }), batchNorm(), flatten()])
    await refused('option', 'saliency takes a network without batchNorm', () =>
      saliency(net, { data: new Float32Array(16), shape: [1, 4, 4] }),
    )
    const two = await network({ a: [2], b: [2] }, [concat({ from: ['a', 'b'] }), dense({ units: 1 })])
    await refused('option', 'with one input and one output', () => saliency(two, [1, 2]))
    const flat = await network([2], [dense({ units: 3 })])
    await refused('shape', 'saliency takes one sample', () => saliency(flat, [[1, 2]]))
    await refused('option', 'saliency: the class must be a whole number', () => saliency(flat, [1, 2], 3))
  })
})

test('statistics of each layer', async () => {
  const net = await network([2], [dense({ units: 3, activation: 'relu' }), dense({ units: 1 })])
  const [weight, bias] = [Float32Array.of(1, 0, 0, 1, 0, 0), Float32Array.of(0, 0, -1)]
  await net.setWeights(
    { 'dense1.weight': { data: weight, shape: [3, 2] }, 'dense1.bias': { data: bias, shape: [3] } },
    { partial: true },
  )
  const [first, second] = await activationStatistics(net, [
    [1, 2],
    [3, -2],
  ])
  // [1, 2, 0] and [3, 0, 0].
  expect(first).toEqual({
    name: 'dense1',
    mean: 1,
    deviation: expect.closeTo(Math.sqrt(8 / 6), 9),
    least: 0,
    most: 3,
    zeros: 3 / 6,
    constant: expect.closeTo(1 / 3, 9),
  })
  expect(second!.name).toBe('dense2')
  const data = await datasets.fromArrays([[1]])
  await refused('option', 'takes a network', () => activationStatistics(data as never, [1]))
})
