import { conv2d, datasets, dense, flatten, network, sgd } from 'hebb'
import { augmented, distort, flip, type Transform } from 'hebb/augment'
import { expect, test } from 'vitest'
import { refused } from '../helpers/refused'

const images = (count: number) =>
  datasets.fromArrays(
    { data: Uint8Array.from({ length: count * 50 }, (_, i) => (i * 37) % 256), shape: [count, 2, 5, 5] },
    Uint32Array.from({ length: count }, (_, i) => i % 3),
  )

const all = async <T>(stream: AsyncIterable<T>) => {
  const samples: T[] = []
  for await (const sample of stream) samples.push(sample)
  return samples
}

test('without transforms a stream trains to the bits of the data set', async () => {
  const data = await images(300)
  const train = async (stream: boolean) => {
    const net = await network(
      [2, 5, 5],
      [conv2d({ filters: 2, kernel: 3 }), flatten(), dense({ units: 3, activation: 'softmax' })],
      {
        seed: 1,
      },
    )
    const options = { epochs: 2, batchSize: 32, seed: 7, optimizer: sgd({ learningRate: 0.1 }) }
    if (stream) await net.fit(augmented(data, [], { seed: 7 }), { ...options, shuffleBuffer: 1 })
    else await net.fit(data, options)
    return net.weights()
  }
  expect(await train(true)).toEqual(await train(false))
})

test('a seed gives the same images; each pass has others, as many of each class', async () => {
  const data = await images(40)
  const transforms = [distort({ shift: 1, rotate: 20, elastic: { alpha: 5, sigma: 2 } }), flip()]
  const passes = async (seed: number) => {
    const open = augmented(data, transforms, { seed })
    return [await all(open()), await all(open())]
  }
  const [one, again, other] = [await passes(3), await passes(3), await passes(4)]
  expect(one).toEqual(again)
  expect(one[0]).not.toEqual(one[1])
  expect(one[0]).not.toEqual(other[0])
  for (const pass of one) {
    expect(pass.map(({ t }) => t).sort()).toEqual(Array.from({ length: 40 }, (_, i) => i % 3).sort())
  }
})

test('transforms follow each other, on numbers from 0 to 1, with the targets that were given', async () => {
  const targets = { data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] }
  const floats = { data: Float32Array.of(5, 6, 7, 8), shape: [2, 1, 1, 2] }
  const data = await datasets.fromArrays(floats, targets)
  const plus: Transform = ({ data, shape }) => ({ data: data.map((value) => value + 1), shape })
  const times: Transform = ({ data, shape }) => ({ data: data.map((value) => value * 10), shape })
  const samples = await all(augmented(data, [plus, times])())
  const byTarget = samples.sort((a, b) => (a.t as Float32Array)[0]! - (b.t as Float32Array)[0]!)
  expect(byTarget).toEqual([
    { x: { data: Float32Array.of(60, 70), shape: [1, 1, 2] }, t: Float32Array.of(1, 2) },
    { x: { data: Float32Array.of(80, 90), shape: [1, 1, 2] }, t: Float32Array.of(3, 4) },
  ])
  const bytes = await datasets.fromArrays({ data: Uint8Array.of(0, 51, 255), shape: [1, 1, 1, 3] })
  const [{ x } = { x: undefined }] = await all(augmented(bytes, [])())
  expect(x).toEqual({ data: Float32Array.of(0, 51 * Math.fround(1 / 255), 1), shape: [1, 1, 3] })
})

test('what is no set of images, or no transform, is refused', async () => {
  const data = await images(3)
  await refused(
    'option',
    'augmented takes a list of transforms',
    async () => augmented(data, flip() as never),
    async () => augmented(data, [{}] as never),
  )
  await refused('option', 'augmented takes a data set', async () => augmented([] as never, []))
  await refused('option', 'augmented has no option "epoch"', async () =>
    augmented(data, [], { epoch: 1 } as never),
  )
  await refused('shape', 'augmented takes images [C, H, W], these samples are [2]', async () =>
    augmented(await datasets.fromArrays([[1, 2]]), []),
  )
})
