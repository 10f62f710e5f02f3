// Recipes: what they accept, and what they make of images.
import { datasets, network, standardize } from 'hebb'
import { expect, test } from 'vitest'

const { prepare, preprocessing } = datasets

/** An image of some columns and rows whose red is the column, green the row, and blue 200. */
function picture(width: number, height: number) {
  const data = Uint8Array.from({ length: 4 * width * height }, (_, i) => {
    const pixel = Math.floor(i / 4)
    return [pixel % width, Math.floor(pixel / width), 200, 255][i % 4]!
  })
  return { data, width, height }
}

test('a recipe is a plain object with its defaults, and a recipe of itself', () => {
  const defaults = { interpolation: 'bilinear', tenCrop: false, order: 'rgb', scale: 1 }
  expect(preprocessing({})).toEqual({ ...defaults, mean: [0, 0, 0], deviation: [1, 1, 1] })
  const recipe = preprocessing({
    resize: 256,
    crop: 224,
    mean: 0.5,
    deviation: [1, 2, 3],
    background: [1, 2, 3],
  })
  expect(recipe).toEqual({
    ...defaults,
    resize: 256,
    crop: [224, 224],
    mean: [0.5, 0.5, 0.5],
    deviation: [1, 2, 3],
    background: [1, 2, 3],
  })
  expect(preprocessing(JSON.parse(JSON.stringify(recipe)))).toEqual(recipe)
})

test('a wrong recipe is refused', () => {
  const wrong: [object, string][] = [
    [{ size: 3 }, 'no option "size"'],
    [{ resize: 0 }, 'resize'],
    [{ resize: [1, 2, 3] }, 'resize'],
    [{ resize: 1.5 }, 'resize'],
    [{ interpolation: 'nearest' }, 'interpolation'],
    [{ crop: -1 }, 'crop'],
    [{ crop: 20, resize: 10 }, 'crop must be no larger than resize, 10'],
    [{ crop: [10, 11], resize: [20, 10] }, 'crop must be no larger than resize'],
    [{ tenCrop: true }, 'crop must be the size of the ten parts'],
    [{ tenCrop: 1, crop: 3 }, 'tenCrop must be true or false'],
    [{ order: 'rbg' }, 'order'],
    [{ scale: 2 }, 'scale must be 1 or 255'],
    [{ mean: [1, 2] }, 'mean must be a number, or three'],
    [{ mean: Number.NaN }, 'mean'],
    [{ deviation: 0 }, 'deviation'],
    [{ deviation: [1, 1, -1] }, 'deviation'],
    [{ background: 'white' }, 'background must be three numbers'],
  ]
  for (const [recipe, message] of wrong) {
    expect(() => preprocessing(recipe)).toThrow(message)
    expect(() => preprocessing(recipe)).toThrow(expect.objectContaining({ code: 'option' }))
  }
  expect(() => preprocessing(null as never)).toThrow('takes an object of options')
})

test('the middle is cut out, rounded to even', async () => {
  const corner = async (width: number, height: number) => {
    const { data, shape } = await prepare(picture(width, height), { crop: [2, 3], scale: 255 })
    expect(shape).toEqual([3, 2, 3])
    return [data[0], data[6]]
  }
  // Columns and rows beside it, left and above: of 1 and 5 half is rounded down, of 3 and 7 up.
  expect(await corner(3, 2)).toEqual([0, 0])
  expect(await corner(4, 5)).toEqual([0, 2])
  expect(await corner(8, 9)).toEqual([2, 4])
  await expect(prepare(picture(3, 1), { crop: [2, 3] })).rejects.toMatchObject({
    code: 'shape',
    message: 'the image is resized to [1, 3], smaller than the crop [2, 3]: give a larger resize',
  })
})

test('the longer side is rounded down', async () => {
  expect((await prepare(picture(7, 3), { resize: 5 })).shape).toEqual([3, 5, 11])
  expect((await prepare(picture(3, 7), { resize: 5 })).shape).toEqual([3, 11, 5])
  expect((await prepare(picture(4, 4), { resize: 5 })).shape).toEqual([3, 5, 5])
  expect((await prepare(picture(7, 3), { resize: [2, 9] })).shape).toEqual([3, 2, 9])
})

test('order, scale, mean and deviation', async () => {
  const options = { order: 'bgr', scale: 255, mean: [10, 20, 30], deviation: [1, 2, 4] } as const
  expect([...(await prepare(picture(1, 1), options)).data]).toEqual([190, -10, -7.5])
  const { fround } = Math
  const red = (await prepare(picture(201, 1), { mean: 0.485, deviation: 0.229 })).data[200]
  expect(red).toBe(fround(fround(fround(200 / 255) - fround(0.485)) / fround(0.229)))
})

test('transparent pixels need a background', async () => {
  const image = { data: Uint8Array.of(0, 0, 0, 51), width: 1, height: 1 }
  await expect(prepare(image, {})).rejects.toMatchObject({ code: 'data' })
  expect([...(await prepare(image, { background: [255, 100, 0], scale: 255 })).data]).toEqual([204, 80, 0])
})

test('a network reads it', async () => {
  const net = await network([3, 2, 2], [standardize({ mean: 0, deviation: 1 })])
  const tensor = await prepare(picture(2, 2), { scale: 255 })
  expect([...(await net.predict(tensor)).data]).toEqual([0, 1, 0, 1, 0, 0, 1, 1, 200, 200, 200, 200])
  const ten = await prepare(picture(4, 4), { crop: 2, tenCrop: true, scale: 255 })
  expect(ten.shape).toEqual([10, 3, 2, 2])
  const firsts = Array.from({ length: 10 }, (_, i) => [ten.data[12 * i], ten.data[12 * i + 4]])
  expect(firsts).toEqual([
    ...[
      [0, 0],
      [2, 0],
      [0, 2],
      [2, 2],
      [1, 1],
    ],
    ...[
      [3, 0],
      [1, 0],
      [3, 2],
      [1, 2],
      [2, 1],
    ],
  ])
  expect((await net.predict(ten)).shape).toEqual([10, 3, 2, 2])
})
