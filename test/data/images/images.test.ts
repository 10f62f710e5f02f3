// Images: pixels, PNG and JPEG files.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Dataset, datasets, network, standardize } from 'hebb'
import { afterAll, expect, test } from 'vitest'
import { header, png, pngOf } from './pngFiles'

const { fromImages, imageToTensor } = datasets
const folder = mkdtempSync(join(tmpdir(), 'hebb-images-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** An image whose pixel at row h and column w is `colour(h, w)`. */
function paint(height: number, width: number, colour: (h: number, w: number) => number[]) {
  const pixels = Array.from({ length: height * width }, (_, i) => [
    ...colour(Math.floor(i / width), i % width),
    255,
  ])
  return { data: Uint8ClampedArray.from(pixels.flat()), width, height }
}

const grey = (height: number, width: number, value: (h: number, w: number) => number) =>
  paint(height, width, (h, w) => Array(3).fill(value(h, w)))

/** The samples as lists of bytes. */
async function bytesOf(data: Dataset) {
  const net = await network([data.shape.reduce((a, b) => a * b, 1)], [standardize({ mean: 0, deviation: 1 })])
  return Array.from((await net.predict(data)).data, (value) => Math.round(value * 255))
}

test('channels become planes, or luma', () => {
  const image = paint(1, 2, (_, w) => [w === 0 ? 200 : 0, 100, 50])
  expect(imageToTensor(image)).toEqual({
    data: Uint8Array.of(200, 0, 100, 100, 50, 50),
    shape: [3, 1, 2],
  })
  const luma = Math.round(0.299 * 200 + 0.587 * 100 + 0.114 * 50)
  expect(imageToTensor(image, { channels: 1 })).toEqual({
    data: Uint8Array.of(luma, Math.round(0.587 * 100 + 0.114 * 50)),
    shape: [1, 1, 2],
  })
  const white = grey(3, 2, () => 255)
  expect(imageToTensor(white, { channels: 1 }).data).toEqual(new Uint8Array(6).fill(255))
})

test('resizing interpolates, and averages when shrinking', () => {
  const one = { channels: 1 } as const
  const ramp = grey(1, 2, (_, w) => 100 * w)
  // Pixel centres at halves, as in PyTorch with align_corners=False: 0, 25, 75, 100.
  expect([...imageToTensor(ramp, { ...one, size: [1, 4] }).data]).toEqual([0, 25, 75, 100])
  const tall = imageToTensor(
    grey(2, 1, (h) => 100 * h),
    { ...one, size: [4, 2] },
  )
  expect([...tall.data]).toEqual([0, 0, 25, 25, 75, 75, 100, 100])
  // Four to two: weights 3 3 1 over 7; the triangle is cut off at the edge.
  const step = grey(1, 4, (_, w) => [70, 70, 0, 0][w]!)
  expect([...imageToTensor(step, { ...one, size: [1, 2] }).data]).toEqual([60, 10])
  // A line one pixel thick is kept.
  const line = grey(100, 100, (h) => (h === 43 ? 255 : 0))
  expect(Math.max(...imageToTensor(line, { ...one, size: 10 }).data)).toBeGreaterThan(15)
  const same = grey(7, 5, (h, w) => 30 * h + w)
  expect(imageToTensor(same, { size: [7, 5] })).toEqual(imageToTensor(same))
})

test('a data set of pixels', async () => {
  const images = [grey(2, 2, (h, w) => 10 * h + w), grey(2, 2, () => 7)]
  const data = await fromImages(images, [0, 1], { channels: 1 })
  expect([data.samples, ...data.shape]).toEqual([2, 1, 2, 2])
  expect(await bytesOf(data)).toEqual([0, 1, 10, 11, 7, 7, 7, 7])
  const colours = await fromImages(images)
  expect(colours.shape).toEqual([3, 2, 2])
  const different = [images[0]!, grey(4, 4, () => 9)]
  await expect(fromImages(different, [0, 1])).rejects.toMatchObject({
    code: 'shape',
    message: expect.stringContaining('image 0 has the size [2, 2], image 1 has [4, 4]'),
  })
  const resized = await fromImages(different, [0, 1], { channels: 1, size: [2, 2] })
  expect((await bytesOf(resized)).slice(4)).toEqual([9, 9, 9, 9])
})

test('files by path, address and bytes', async () => {
  const image = paint(8, 8, (h, w) => [20 * h, 20 * w, 100])
  const path = join(folder, 'image.png')
  writeFileSync(path, pngOf(image))
  const expected = [...imageToTensor(image).data]
  const data = await fromImages([path, pathToFileURL(path), pngOf(image)])
  expect(await bytesOf(data)).toEqual([...expected, ...expected, ...expected])
})

test('invalid images are refused', async () => {
  const refused = (images: unknown[], code: string, message: string | RegExp, options = {}) =>
    expect(fromImages(images as never, undefined, options)).rejects.toMatchObject({
      name: 'HebbError',
      code,
      message: expect.stringMatching(message),
    })
  const image = grey(4, 4, () => 1)
  const good = pngOf(image)
  await refused([], 'data', 'list of images')
  await refused([image, 5], 'data', 'image 1 must be an ImageData')
  await refused([{ ...image, width: 5 }], 'data', '5 × 4 pixels needs 80 bytes .RGBA., it has 64')
  await refused([{ ...image, data: new Float32Array(64) }], 'data', 'Uint8ClampedArray')
  await refused([image], 'option', 'channels must be 1 or 3', { channels: 4 })
  await refused([image], 'option', 'size', { size: [0, 4] })
  await refused([image], 'option', 'it knows channels, size', { resize: 4 })
  await refused([good.subarray(0, 20)], 'file', 'image 0 is cut off at byte 20')
  await refused([good.subarray(0, -20)], 'file', 'image 0 is not a usable PNG')
  await refused([png(header(100_000, 100_000, 8, 0), Buffer.alloc(9))], 'file', '100000 × 100000 pixels')
  await refused([Uint8Array.of(0xff, 0xd8, 0xff, 0)], 'file', 'not a usable JPEG')
  await refused([Uint8Array.of(71, 73, 70)], 'file', 'neither a PNG nor a JPEG')
  await refused([join(folder, 'none.png')], 'file', 'none.png.*ENOENT')
})

test('an image needs a width and a height', async () => {
  const data = new Uint8ClampedArray(0)
  await expect(async () => imageToTensor({ data, width: 1, height: 0 } as never)).rejects.toThrow('height')
  await expect(async () => imageToTensor({ data, width: 0, height: 1 } as never)).rejects.toThrow('width')
})
