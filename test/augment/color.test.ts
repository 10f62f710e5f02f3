import { datasets } from 'hebb'
import {
  augmented,
  type ColorJitterOptions,
  colorComponents,
  colorJitter,
  type Image,
  pcaColor,
} from 'hebb/augment'
import { expect, test } from 'vitest'
import fixture from '../fixtures/torchvision/jitter.json'
import { values } from '../helpers/radial'
import { refused } from '../helpers/refused'

const COLOURS = [
  [0.3, 0.3, 0.3],
  [0, 0, 0],
  [0.9, 0.9, 0.2],
  [0.1, 0.6, 0.6],
  [0.7, 0.2, 0.7],
  [1, 1, 1],
]

/** The image of the fixture. */
function image(channels: number): Image {
  const data = Float32Array.from(values(11, channels * 21), (value) => value + 0.5)
  for (const [at, colour] of COLOURS.entries()) {
    for (let c = 0; c < channels; c++) data[21 * c + at] = colour[c]!
  }
  return { data, shape: [channels, 3, 7] }
}

const distance = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)))

test('each change is torchvision’s', () => {
  for (const { shape, change, factor, result } of fixture.singles) {
    const own = image(shape[0]!)
    const { data } = colorJitter({ [change]: [factor, factor] })(own, () => 0.7)
    expect(distance(data, result), `${change} ${factor} of [${shape}]`).toBeLessThan(2e-6)
    expect(own).toEqual(image(shape[0]!))
  }
})

test('the order is any of all 24', () => {
  const { brightness: b, contrast: c, saturation: s, hue: h } = fixture.factors
  const jitter = colorJitter({ brightness: [b, b], contrast: [c, c], saturation: [s, s], hue: [h, h] })
  const seen = new Set<string>()
  for (let number = 0; number < 24; number++) {
    // Four factors, then a place for the last, the third and the second change.
    const draws = [
      0,
      0,
      0,
      0,
      (number % 4) / 4,
      (Math.floor(number / 4) % 3) / 3,
      Math.floor(number / 12) / 2,
    ]
    const { data } = jitter(image(3), () => draws.shift()! + 0.01)
    const near = fixture.orders.filter(({ result }) => distance(data, result) < 3e-6)
    expect(near.length).toBe(1)
    seen.add(near[0]!.order.join())
  }
  expect(seen.size).toBe(24)
})

test('factors are drawn about 1, the hue about 0', () => {
  const grey: Image = { data: Float32Array.of(0.25, 0.5), shape: [1, 1, 2] }
  const ends = (options: ColorJitterOptions, draw: number) =>
    Array.from(colorJitter(options)(grey, () => draw).data, (value) => Math.round(1000 * value) / 1000)
  expect(ends({ brightness: 0.4 }, 0)).toEqual([0.15, 0.3])
  expect(ends({ brightness: 0.4 }, 0.5)).toEqual([0.25, 0.5])
  expect(ends({ brightness: 3 }, 0)).toEqual([0, 0])
  expect(ends({ brightness: [3, 2] }, 0)).toEqual([0.5, 1])
  expect(ends({ contrast: 1 }, 0)).toEqual([0.375, 0.375])
  expect(colorJitter({})(grey, () => 0.3)).toBe(grey)
  expect(ends({ saturation: 0.9, hue: 0.5 }, 0.2)).toEqual([0.25, 0.5])
})

test('the components of the colours are those of their covariance', async () => {
  for (const bytes of [false, true]) {
    const [samples, pixels] = [5, 12]
    const x = Array.from({ length: samples }, (_, n) => {
      const light = values(20 + n, pixels)
      const noise = values(40 + n, 3 * pixels)
      return [1, 0.8, 0.5].flatMap((part, c) =>
        light.map((value, i) => 0.5 + 0.6 * part * value + 0.1 * noise[3 * i + c]!),
      )
    })
    const flat = x.flat()
    const data = bytes ? Uint8Array.from(flat, (value) => 255 * value) : Float32Array.from(flat)
    const set = await datasets.fromArrays({ data, shape: [samples, 3, 3, 4] }, [0, 1, 0, 1, 0])
    const found = await colorComponents(set)
    const colours = Array.from({ length: samples * pixels }, (_, i) => {
      const [n, at] = [Math.floor(i / pixels), i % pixels]
      return [0, 1, 2].map((c) => data[(3 * n + c) * pixels + at]! / (bytes ? 255 : 1))
    })
    const mean = [0, 1, 2].map((c) => colours.reduce((sum, one) => sum + one[c]!, 0) / colours.length)
    const covariance = (i: number, j: number) =>
      colours.reduce((sum, one) => sum + (one[i]! - mean[i]!) * (one[j]! - mean[j]!), 0) / colours.length
    for (const [n, vector] of found.vectors.entries()) {
      for (let i = 0; i < 3; i++) {
        const product = [0, 1, 2].reduce((sum, j) => sum + covariance(i, j) * vector[j]!, 0)
        expect(product).toBeCloseTo(found.values[n]! * vector[i]!, 12)
      }
      for (const [m, other] of found.vectors.entries()) {
        const product = vector.reduce((sum, value, i) => sum + value * other[i]!, 0)
        expect(product).toBeCloseTo(Number(n === m), 12)
      }
    }
    const [a, b, c] = found.values as [number, number, number]
    expect(a > b && b > c && c > 0).toBe(true)
  }
})

test('grey images have one component, black ones none', async () => {
  const grey = Float32Array.from({ length: 12 }, (_, i) => (i % 4) / 4)
  const { values, vectors } = await colorComponents(
    await datasets.fromArrays({ data: grey, shape: [1, 3, 2, 2] }, [0]),
  )
  expect(vectors[0]!.map(Math.abs)).toEqual(Array(3).fill(expect.closeTo(Math.sqrt(1 / 3), 6)))
  expect(values[0]).toBeCloseTo((3 * 5) / 64, 10)
  expect(values[1]).toBeCloseTo(0, 10)
  const black = await datasets.fromArrays({ data: new Uint8Array(12), shape: [1, 3, 2, 2] }, [0])
  const none = (await colorComponents(black)).values
  for (const value of none) expect(value).toBeCloseTo(0, 12)
})

test('colours shift along the components, by a normal deviation', () => {
  const own: Image = { data: new Float32Array(12).fill(0.5), shape: [3, 2, 2] }
  const components = {
    values: [0.5, 0.1, 0],
    vectors: [
      [1, 0, 0],
      [0, 0.6, 0.8],
      [0, -0.8, 0.6],
    ],
  }
  const shift = pcaColor({ deviation: 0.2, components })
  const seen = []
  let state = 1
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  for (let i = 0; i < 4000; i++) {
    const { data } = shift(own, random)
    const [red, green, blue] = [0, 4, 8].map((at) => data[at]! - 0.5) as [number, number, number]
    for (let at = 0; at < 12; at++) expect(data[at]).toBe(data[at - (at % 4)])
    expect(green - 0.75 * blue).toBeCloseTo(0, 6)
    seen.push([red / 0.1, blue / 0.016])
  }
  for (const c of [0, 1]) {
    const mean = seen.reduce((sum, one) => sum + one[c]!, 0) / seen.length
    const square = seen.reduce((sum, one) => sum + one[c]! ** 2, 0) / seen.length
    expect(Math.abs(mean)).toBeLessThan(0.06)
    expect(Math.abs(square - 1)).toBeLessThan(0.1)
  }
  // ImageNet's first component is the light.
  const draws = [1 - Math.exp(-0.5), 0, 0, 0.25, 0, 0.25]
  const { data } = pcaColor()(own, () => draws.shift()!)
  for (const [at, p] of [
    [0, -0.5675],
    [4, -0.5808],
    [8, -0.5836],
  ] as const) {
    expect(data[at]).toBeCloseTo(0.5 + 0.1 * 0.2175 * p, 5)
  }
})

test('the same seed gives the same colours', async () => {
  const set = await datasets.fromArrays(
    { data: new Uint8Array(96).map((_, i) => 2 * i), shape: [2, 3, 4, 4] },
    [0, 1],
  )
  const all = async () => {
    const rows = []
    for await (const { x } of augmented(set, [colorJitter({ brightness: 0.5, hue: 0.2 }), pcaColor()], {
      seed: 3,
    })()) {
      rows.push(Array.from((x as Image).data))
    }
    return rows
  }
  const first = await all()
  expect(await all()).toEqual(first)
  expect(first[0]).not.toEqual(first[1])
})

test('wrong options and images are refused', async () => {
  const of = (shape: readonly [number, number, number]): Image => ({
    data: new Float32Array(shape[0] * 4),
    shape,
  })
  await refused('option', 'colorJitter: hue must be a number, 0 to 0.5, or [from, to]', async () =>
    colorJitter({ hue: 0.6 }),
  )
  await refused('option', 'colorJitter: hue must be a number, -0.5 to 0.5', async () =>
    colorJitter({ hue: [-1, 0] }),
  )
  await refused('option', 'colorJitter: contrast must be a number', async () => colorJitter({ contrast: -1 }))
  await refused('option', 'colorJitter: contrast must be a number', async () =>
    colorJitter({ contrast: [NaN, 1] }),
  )
  await refused('option', 'colorJitter has no option', async () => colorJitter({ gamma: 1 } as never))
  await refused('shape', 'colorJitter takes images [3, H, W] or [1, H, W], got [2,2,2]', async () =>
    colorJitter({})(of([2, 2, 2]), () => 0),
  )
  await refused('shape', 'pcaColor takes images [3, H, W], got [1,2,2]', async () =>
    pcaColor()(of([1, 2, 2]), () => 0),
  )
  await refused('option', 'pcaColor: deviation must be', async () => pcaColor({ deviation: -1 }))
  await refused('option', 'pcaColor: components.values must be three numbers', async () =>
    pcaColor({ components: { values: [1, 2], vectors: [] } }),
  )
  await refused('option', 'pcaColor: components.vectors must be three lists', async () =>
    pcaColor({
      components: {
        values: [1, 2, 3],
        vectors: [
          [1, 0, 0],
          [0, 1, 0],
          [0, NaN, 1],
        ],
      },
    }),
  )
  const digits = await datasets.fromArrays({ data: new Uint8Array(4), shape: [1, 1, 2, 2] }, [0])
  await refused('shape', 'colorComponents takes images [3, H, W], these samples are [1,2,2]', () =>
    colorComponents(digits),
  )
  await refused('option', 'colorComponents takes a data set', () => colorComponents([] as never))
})
