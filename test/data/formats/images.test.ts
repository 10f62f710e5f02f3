// Images: pixels, PNG and JPEG files.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Dataset, datasets, network, standardize } from 'hebb'
import { afterAll, expect, test } from 'vitest'
import { root } from '../../helpers/root'

const { fromImages, imageToTensor } = datasets
const folder = mkdtempSync(join(tmpdir(), 'hebb-images-'))
afterAll(() => rmSync(folder, { recursive: true }))

const require = createRequire(import.meta.url)
const { PNG } = require('pngjs')
const jpeg = require('jpeg-js')

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

const png = (image: ReturnType<typeof paint>): Buffer =>
  PNG.sync.write({ ...image, data: Buffer.from(image.data) })

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

test('PNG and JPEG files', async () => {
  const image = paint(8, 8, (h, w) => [20 * h, 20 * w, 100])
  const path = join(folder, 'image.png')
  writeFileSync(path, png(image))
  const expected = [...imageToTensor(image).data]
  const data = await fromImages([path, pathToFileURL(path), png(image)])
  expect(await bytesOf(data)).toEqual([...expected, ...expected, ...expected])

  const file = join(folder, 'image.jpg')
  writeFileSync(file, jpeg.encode({ ...image, data: Buffer.from(image.data) }, 100).data)
  const values = await bytesOf(await fromImages([file]))
  const error = values.reduce((sum, value, i) => sum + Math.abs(value - expected[i]!), 0) / values.length
  expect(error).toBeLessThan(4)
})

test('invalid images are refused', async () => {
  const refused = (images: unknown[], code: string, message: string | RegExp, options = {}) =>
    expect(fromImages(images as never, undefined, options)).rejects.toMatchObject({
      name: 'HebbError',
      code,
      message: expect.stringMatching(message),
    })
  const image = grey(4, 4, () => 1)
  const good = png(image)
  await refused([], 'data', 'list of images')
  await refused([image, 5], 'data', 'image 1 must be an ImageData')
  await refused([{ ...image, width: 5 }], 'data', '5 × 4 pixels needs 80 bytes .RGBA., it has 64')
  await refused([{ ...image, data: new Float32Array(64) }], 'data', 'Uint8ClampedArray')
  await refused([image], 'option', 'channels must be 1 or 3', { channels: 4 })
  await refused([image], 'option', 'size', { size: [0, 4] })
  await refused([image], 'option', 'it knows channels, size', { resize: 4 })
  await refused([good.subarray(0, 20)], 'file', 'image 0 is cut off at byte 20')
  await refused([good.subarray(0, -20)], 'file', 'image 0 is not a usable PNG')
  const huge = Buffer.from(good)
  huge.writeUInt32BE(100_000, 16)
  huge.writeUInt32BE(100_000, 20)
  await refused([huge], 'file', '100000 × 100000 pixels')
  await refused([Uint8Array.of(0xff, 0xd8, 0xff, 0)], 'file', 'not a usable JPEG')
  await refused([Uint8Array.of(71, 73, 70)], 'file', 'neither a PNG nor a JPEG')
  await refused([join(folder, 'none.png')], 'file', 'none.png.*ENOENT')
})

test('without the library the error says what to install', () => {
  // Outside of the repository pngjs is not found, provided that Hebb is not installed next to it either.
  const home = mkdtempSync(join(tmpdir(), 'hebb-alone-'))
  try {
    const dist = join(root, 'packages', 'hebb', 'dist')
    execFileSync('cp', ['-r', dist, join(home, 'hebb')])
    const code = `
      import { datasets } from './hebb/index.js'
      await datasets.fromImages([Uint8Array.from(Buffer.from('${png(grey(2, 2, () => 1)).toString('hex')}', 'hex'))])
        .catch(({ code, message }) => console.log(code, message))`
    writeFileSync(join(home, 'main.mjs'), code)
    const output = execFileSync(process.execPath, ['main.mjs'], { cwd: home, encoding: 'utf8' })
    expect(output).toMatch(/^file image 0 is a PNG file.*npm install pngjs/)
  } finally {
    rmSync(home, { recursive: true })
  }
})

test('an image needs a width and a height', async () => {
  const data = new Uint8ClampedArray(0)
  await expect(async () => imageToTensor({ data, width: 1, height: 0 } as never)).rejects.toThrow('height')
  await expect(async () => imageToTensor({ data, width: 0, height: 1 } as never)).rejects.toThrow('width')
})

test("a JPEG's segment APP14 is used only if it is Adobe's", async () => {
  const [height, width] = [8, 8]
  const pixels = Buffer.alloc(4 * height * width)
  for (let i = 0; i < pixels.length; i++) pixels[i] = i % 4 === 3 ? 255 : [200, 60, 20][i % 4]!
  const plain = jpeg.encode({ data: pixels, width, height }, 95).data as Buffer
  const other = (name: string) =>
    Buffer.from([0xff, 0xee, 0, 14, ...Buffer.from(name), 0, 100, 0, 0, 0, 0, 0])
  const withSegment = (name: string) =>
    new Uint8Array(Buffer.concat([plain.subarray(0, 2), other(name), plain.subarray(2)]))
  const pixel = async (bytes: Uint8Array) =>
    (await bytesOf((await fromImages([bytes])) as Dataset)).slice(0, 3)
  expect(await pixel(withSegment('Other'))).toEqual(await pixel(new Uint8Array(plain)))
})

test("a JPEG's sampling must be 1 to 4", async () => {
  const pixels = Buffer.alloc(4 * 64, 255)
  const bytes = new Uint8Array(jpeg.encode({ data: pixels, width: 8, height: 8 }, 95).data as Buffer)
  const frame = bytes.findIndex((one, at) => one === 0xff && bytes[at + 1] === 0xc0)
  for (const sampling of [0x15, 0x51, 0x01, 0x10]) {
    const damaged = bytes.slice()
    damaged[frame + 11] = sampling
    await expect(fromImages([damaged])).rejects.toThrow('sampling')
  }
})
