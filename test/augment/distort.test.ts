import { readFileSync } from 'node:fs'
import { distort, type Image } from 'hebb/augment'
import { expect, test } from 'vitest'
import { refused } from '../helpers/refused'

interface Case {
  shape: [number, number, number]
  shift: [number, number]
  rotate: number
  scale: number
  shear: number
  fill: number
  image: number[]
  expected: number[]
}

const CASES: Case[] = JSON.parse(
  readFileSync(new URL('../fixtures/scipy/distort.json', import.meta.url), 'utf8'),
)

/** A sequence of numbers to draw from, again and again. */
const given = (...values: number[]) => {
  let next = 0
  return () => values[next++ % values.length]!
}

test.each(CASES)(
  'SciPy: shift $shift, rotate $rotate, scale $scale, shear $shear on $shape',
  ({ shape, shift: [right, down], rotate, scale, shear, fill, image, expected }) => {
    const fixed = (value: number) => [value, value] as const
    const options = { rotate: fixed(rotate), scale: fixed(scale), shear: fixed(shear), fill }
    const original = { data: Float32Array.from(image), shape }
    // The shift to the right is drawn first, that down second; all the others are fixed.
    const reach = Math.max(Math.abs(right), Math.abs(down), 1)
    const random = given((right / reach + 1) / 2, (down / reach + 1) / 2, 0.5, 0.5, 0.5)
    const { data, shape: same } = distort({ ...options, shift: reach })(original, random)
    expect(same).toEqual(shape)
    for (const [i, value] of expected.entries()) expect(data[i]).toBeCloseTo(value, 4)
    expect(original.data).toEqual(Float32Array.from(image))
  },
)

test('an elastic distortion moves pixels by smoothed noise, in all channels alike', () => {
  const [height, width, sigma, alpha] = [60, 70, 3, 20]
  // Channels that say where they are, and one that does not.
  const data = new Float32Array(3 * height * width)
  for (let i = 0; i < height * width; i++) {
    data[i] = i % width
    data[height * width + i] = Math.floor(i / width)
    data[2 * height * width + i] = Math.sin(i * i)
  }
  const image: Image = { data, shape: [3, height, width] }
  let state = 1
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  const { data: moved } = distort({ elastic: { alpha, sigma } })(image, random)
  const place = (row: number, column: number) => row * width + column
  // The variance of uniform noise is ⅓, and smoothing along a dimension leaves Σk² ≈ 1 / (2σ√π) of it.
  let [square, difference, count] = [0, 0, 0]
  for (let row = 15; row < height - 15; row++) {
    for (let column = 15; column < width - 15; column++) {
      const at = place(row, column)
      const [x, y] = [moved[at]!, moved[height * width + at]!]
      square += (x - column) ** 2 + (y - row) ** 2
      difference += (moved[at + 1]! - x - 1) ** 2
      count++
      const [left, top] = [Math.floor(x), Math.floor(y)]
      const pixel = (h: number, w: number) => data[2 * height * width + place(h, w)]!
      const [u, v] = [x - left, y - top]
      const upper = (1 - u) * pixel(top, left) + u * pixel(top, left + 1)
      const lower = (1 - u) * pixel(top + 1, left) + u * pixel(top + 1, left + 1)
      expect(moved[2 * height * width + at]).toBeCloseTo((1 - v) * upper + v * lower, 3)
    }
  }
  const expected = (alpha * Math.sqrt(1 / 3)) / (2 * sigma * Math.sqrt(Math.PI))
  const deviation = Math.sqrt(square / count / 2)
  expect(deviation).toBeGreaterThan(0.7 * expected)
  expect(deviation).toBeLessThan(1.3 * expected)
  // Neighbours move alike: the difference of a smoothed field is its deviation / (σ√2).
  expect(Math.sqrt(difference / count)).toBeLessThan((1.3 * 1.3 * expected) / (sigma * Math.SQRT2))
})

test('wrong options are refused', async () => {
  await refused('option', 'distort has no option "angle"', async () => distort({ angle: 3 } as never))
  await refused('option', 'distort: scale must be above −1', async () => distort({ scale: 1 }))
  await refused(
    'option',
    'distort: rotate must be a number',
    async () => distort({ rotate: Number.NaN }),
    async () => distort({ rotate: '3' as never }),
    async () => distort({ rotate: ['a', 'b'] as never }),
  )
  await refused('option', 'distort: shift must be a number or [from, to]', async () =>
    distort({ shift: [1] as never }),
  )
  await refused('option', 'distort: sigma must be a number, 0.01 to 1000', async () =>
    distort({ elastic: { alpha: 1, sigma: 0 } }),
  )
  await refused('option', 'distort: elastic has no option "size"', async () =>
    distort({ elastic: { alpha: 1, sigma: 1, size: 2 } as never }),
  )
})
