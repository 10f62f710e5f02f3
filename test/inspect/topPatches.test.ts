import {
  activation,
  add,
  averagePool2d,
  batchNorm,
  concat,
  conv2d,
  datasets,
  dense,
  flatten,
  localResponseNorm,
  maxPool2d,
  network,
  shared,
  subsample2d,
  zeroPadding2d,
} from 'hebb'
import { topPatches } from 'hebb/inspect'
import { lenet5 } from 'hebb/zoo'
import { expect, test } from 'vitest'
import digits from '../fixtures/mnist/digits.json'
import { refused } from '../helpers/refused'

/** Two samples of 4 × 5 pixels: the first has a bright pixel at row 1, column 3, the second a brighter one in the corner. */
const bright = () => {
  const data = new Uint8Array(40)
  data[8] = 100
  data[39] = 200
  return datasets.fromArrays({ data, shape: [2, 1, 4, 5] }, [0, 1])
}

test('the strongest places of two filters', async () => {
  const net = await network([1, 4, 5], [conv2d({ filters: 2, kernel: [2, 3], bias: false })])
  // The first filter adds the middle of its upper row, the second subtracts the right end of its lower row.
  const data = Float32Array.of(0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1)
  await net.setWeights({ 'conv1.weight': { data, shape: [2, 1, 2, 3] } })
  const [sum, difference] = await topPatches(net, await bright(), { layer: 'conv1', count: 2 })
  expect(sum!.map(({ sample, place, region }) => ({ sample, place, region }))).toEqual([
    {
      sample: 0,
      place: [1, 2],
      region: [
        [1, 2],
        [2, 4],
      ],
    },
    // The corner is no middle of a window.
    {
      sample: 1,
      place: [0, 0],
      region: [
        [0, 1],
        [0, 2],
      ],
    },
  ])
  expect(sum!.map(({ value }) => value)).toEqual([expect.closeTo(100 / 255, 6), 0])
  const { picture } = sum![0]!
  expect([picture.width, picture.height]).toEqual([3, 2])
  expect(Array.from({ length: 6 }, (_, i) => picture.data[4 * i])).toEqual([0, 100, 0, 0, 0, 0])
  expect(difference!.map(({ value }) => value === 0)).toEqual([true, true])
  const one = await topPatches(net, await bright(), { layer: 'conv1', count: 1 })
  expect(one).toEqual([[sum![0]], [difference![0]]])
})

test('padding is cut off, and a stream gives the same', async () => {
  const net = await network([1, 4, 5], [conv2d({ filters: 1, kernel: 3, padding: 'same' })])
  await net.setWeights({
    'conv1.weight': { data: Float32Array.of(0, 0, 0, 0, 1, 0, 0, 0, 0), shape: [1, 1, 3, 3] },
    'conv1.bias': { data: Float32Array.of(-1), shape: [1] },
  })
  const data = await bright()
  const [patches] = await topPatches(net, data, { layer: 'conv1' })
  expect(patches!.map(({ sample, place, region }) => ({ sample, place, region }))).toEqual([
    {
      sample: 1,
      place: [3, 4],
      region: [
        [2, 3],
        [3, 4],
      ],
    },
    {
      sample: 0,
      place: [1, 3],
      region: [
        [0, 2],
        [2, 4],
      ],
    },
  ])
  expect([patches![0]!.picture.width, patches![0]!.picture.height]).toEqual([2, 2])
  async function* stream() {
    for await (const { x } of datasets.batches(data, { batchSize: 1, shuffle: false })) {
      yield { x: { data: x.data.slice(), shape: [1, 4, 5] } }
    }
  }
  expect(await topPatches(net, stream(), { layer: 'conv1' })).toEqual([patches])
})

test('the region is what the output depends on', async () => {
  const block = [
    zeroPadding2d({
      padding: [
        [1, 0],
        [0, 2],
      ],
    }),
    conv2d({ filters: 2, kernel: [3, 2], stride: [1, 2], activation: 'relu', name: 'a' }),
    batchNorm({ name: 'norm' }),
    conv2d({ filters: 2, kernel: [2, 2], dilation: [2, 1], padding: 'same', name: 'b' }),
    add({ from: ['b', 'norm'], name: 'sum' }),
    conv2d({ filters: 2, kernel: 3, padding: 1, name: 'c' }),
    shared('c', { name: 'again' }),
    concat({ from: ['c', 'again'], name: 'both' }),
    conv2d({ filters: 1, kernel: 1, name: 'last' }),
  ] as const
  for (const layers of [
    [
      conv2d({
        filters: 2,
        kernel: 5,
        stride: 3,
        padding: [
          [2, 1],
          [0, 3],
        ],
      }),
      maxPool2d({ kernel: 2, stride: 1, ceilMode: true }),
    ],
    [averagePool2d({ kernel: [2, 3], padding: [1, 1] }), activation('tanh'), subsample2d({ kernel: 2 })],
    [
      conv2d({ filters: 2, kernel: 3, stride: 2, padding: 'same' }),
      localResponseNorm({ size: 1, alpha: 1e-9, beta: 1 }),
    ],
    block,
  ]) {
    const net = await network([1, 9, 10], layers as unknown as [(typeof block)[1]], { seed: 2 })
    const weights = Object.entries(await net.weights()).map(([name, { data, shape }]) => {
      const positive = data.map((value) => Math.abs(value) / 8 + 0.01)
      return [name, { data: name.endsWith('var') ? data : positive, shape }] as const
    })
    await net.setWeights(Object.fromEntries(weights))
    const { name, output } = net.description.layers.at(-1)!
    const width = output[2]!
    // Images of one bright pixel, and a black one: what they change is what an output depends on.
    const x = new Float32Array(91 * 90)
    for (let i = 0; i < 90; i++) x[91 * i] = 0.5
    const samples = { data: x, shape: [91, 1, 9, 10] }
    const answers = (await net.activations(samples))[name]!.data
    const size = answers.length / 91
    const data = await datasets.fromArrays(samples, Array(91).fill(0))
    const [patches] = await topPatches(net, data, { layer: name, count: 91 })
    expect(patches!.length).toBe(91)
    for (const { value, sample, place, region } of patches!) {
      const at = place[0] * width + place[1]
      expect(value).toBe(answers[sample * size + at])
      const seen = [...Array(90).keys()].filter((i) => answers[i * size + at] !== answers[90 * size + at])
      const rows = seen.map((i) => Math.floor(i / 10))
      const columns = seen.map((i) => i % 10)
      expect(region, `${name}, ${place}`).toEqual([
        [Math.min(...rows), Math.max(...rows)],
        [Math.min(...columns), Math.max(...columns)],
      ])
    }
  }
})

test('what C1 of LeNet-5 answers to', async () => {
  const net = await lenet5({ variant: 'original', weights: 'mnist' })
  const pixels = digits.flatMap(({ pixels }) => [...Buffer.from(pixels, 'base64')])
  const data = await datasets.fromArrays(
    { data: Uint8Array.from(pixels), shape: [digits.length, 1, 28, 28] },
    Array(digits.length).fill(0),
  )
  const all = await topPatches(net, data, { layer: 'C1', count: 3 })
  expect(all.length).toBe(6)
  for (const patches of all) {
    const values = patches.map(({ value }) => value)
    expect(values).toEqual(values.toSorted((a, b) => b - a))
    expect(new Set(patches.map(({ sample }) => sample)).size).toBe(3)
    for (const { region, picture } of patches) {
      const [[top, bottom], [left, right]] = region
      expect([picture.height, picture.width]).toEqual([bottom - top + 1, right - left + 1])
      expect(picture.height <= 5 && picture.width <= 5).toBe(true)
    }
  }
  const [deep] = await topPatches(net, data, { layer: 'C3', count: 1 })
  const [[top, bottom]] = deep![0]!.region
  expect(bottom - top + 1).toBeLessThanOrEqual(14)
})

test('colours, and floats of any range', async () => {
  const net = await network([3, 2, 2], [conv2d({ filters: 1, kernel: 1, bias: false })])
  await net.setWeights({ 'conv1.weight': { data: Float32Array.of(1, 1, 1), shape: [1, 3, 1, 1] } })
  const data = Float32Array.of(0, 0.5, 3, -1, 0, 0.5, 1, -1, 0, 0.5, -1, -1)
  const [patches] = await topPatches(net, [{ x: { data, shape: [3, 2, 2] } }], { layer: 'conv1' })
  const patch = patches![0]!
  expect(patch.value).toBe(3)
  // Black is −1, white 3.
  expect(Array.from(patch.picture.data)).toEqual([255, 128, 0, 255])
})

test('wrong calls are refused', async () => {
  const net = await network([1, 4, 4], [conv2d({ filters: 1, kernel: 2 }), flatten(), dense({ units: 1 })])
  const data = await datasets.fromArrays({ data: new Uint8Array(16), shape: [1, 1, 4, 4] }, [0])
  const why = 'topPatches: layer must be one whose output is [C, H, W]: conv1'
  await refused('option', why, () => topPatches(net, data, { layer: 'dense1' }))
  await refused('option', why, () => topPatches(net, data, {} as never))
  await refused('option', 'topPatches: count must be a whole number', () =>
    topPatches(net, data, { layer: 'conv1', count: 0 }),
  )
  await refused('option', 'topPatches has no option "channel"', () =>
    topPatches(net, data, { layer: 'conv1', channel: 0 } as never),
  )
  await refused('option', 'topPatches takes a network', () =>
    topPatches({} as never, data, { layer: 'conv1' }),
  )
  const two = await network([2, 4, 4], [conv2d({ filters: 1, kernel: 2 })])
  await refused('shape', 'a network that reads one image', () => topPatches(two, data, { layer: 'conv1' }))
  const other = await datasets.fromArrays({ data: new Uint8Array(9), shape: [1, 1, 3, 3] }, [0])
  await refused('shape', 'shape', () => topPatches(net, other, { layer: 'conv1' }))
})
