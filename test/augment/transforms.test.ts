import { crop, flip, type Image } from 'hebb/augment'
import { expect, test } from 'vitest'
import { refused } from '../helpers/refused'

const image: Image = { data: Float32Array.from({ length: 24 }, (_, i) => i + 1), shape: [2, 3, 4] }

test('flip exchanges left and right', () => {
  const mirror = flip()
  expect(mirror(image, () => 0.5)).toBe(image)
  const { data, shape } = mirror(image, () => 0.49)
  expect(shape).toEqual([2, 3, 4])
  const expected = Array.from({ length: 6 }, (_, row) =>
    [4, 3, 2, 1].map((column) => 4 * row + column),
  ).flat()
  expect(Array.from(data)).toEqual(expected)
  expect(flip({ probability: 1 })(image, () => 0.999).data[0]).toBe(4)
  expect(flip({ probability: 0 })(image, () => 0)).toBe(image)
})

test('crop cuts a part out of all channels, at any place, with the padding around', () => {
  const seen = new Set<string>()
  const cut = crop({ size: [2, 3], padding: 1, fill: -1 })
  const at = (c: number, h: number, w: number) =>
    h < 0 || h > 2 || w < 0 || w > 3 ? -1 : image.data[(c * 3 + h) * 4 + w]!
  for (let i = 0; i < 4; i++) {
    for (let j = 0; j < 4; j++) {
      const draws = [i / 4 + 0.1, j / 4 + 0.1]
      const { data, shape } = cut(image, () => draws.shift()!)
      expect(shape).toEqual([2, 2, 3])
      const [top, left] = [i - 1, j - 1]
      const expected = [0, 1].flatMap((c) =>
        [0, 1].flatMap((h) => [0, 1, 2].map((w) => at(c, top + h, left + w))),
      )
      expect(Array.from(data)).toEqual(expected)
      seen.add(String(data))
    }
  }
  expect(seen.size).toBe(16)
  expect(crop({ size: [3, 4] })(image, () => 0.99).data).toEqual(image.data)
})

test('wrong options are refused', async () => {
  await refused('option', 'flip: probability must be a number, 0 to 1', async () => flip({ probability: 2 }))
  await refused(
    'option',
    'crop: size must be',
    async () => crop({ size: 0 }),
    async () => crop({} as never),
  )
  await refused('option', 'crop: padding must be', async () => crop({ size: 2, padding: -1 }))
  await refused('shape', 'crop: 5 × 5 pixels do not fit into an image [2, 3, 4]', async () =>
    crop({ size: 5 })(image, () => 0),
  )
})
