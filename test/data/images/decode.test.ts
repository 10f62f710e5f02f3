// PNG and JPEG files: the same pixels as Pillow, and clear errors for all other files.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { type Dataset, datasets, network, standardize } from 'hebb'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { root } from '../../helpers/root'
import { chunk, header, IEND, png, SIGNATURE } from './pngFiles'

const { fromImages, imageToTensor } = datasets
afterEach(() => {
  vi.restoreAllMocks()
})

interface Case {
  name: string
  file: string
  width: number
  height: number
  /** RGB, row by row. */
  pixels: number[]
  tolerance: number
  background?: [number, number, number]
}
const pillow: Case[] = JSON.parse(readFileSync(join(root, 'test/fixtures/pillow/images.json'), 'utf8')).cases
const fileOf = ({ file }: Case) => Buffer.from(file, 'base64')
const named = (name: string) => fileOf(pillow.find((one) => one.name === name)!)

/** The bytes of a data set of one image, RGB row by row. */
async function pixelsOf(data: Dataset): Promise<number[]> {
  const [channels, height, width] = data.shape as [number, number, number]
  const net = await network([channels * height * width], [standardize({ mean: 0, deviation: 1 })])
  const planes = (await net.predict(data)).data
  const size = height * width
  return Array.from(planes, (_, i) =>
    Math.round(planes[(i % channels) * size + Math.floor(i / channels)]! * 255),
  )
}

const refused = (file: Uint8Array, message: string, options = {}) =>
  expect(fromImages([file], undefined, options)).rejects.toMatchObject({
    name: 'HebbError',
    code: expect.stringMatching(/^(file|data)$/),
    message: expect.stringContaining(message),
  })

describe('Pillow', () => {
  // jpeg-js #23 and #115: RGB was read as YCbCr; jpeg-decoder #249 and Pillow #3953: the reverse.
  test.each(pillow)('$name', async (one) => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { background } = one
    const data = await fromImages([fileOf(one)], undefined, background ? { background } : {})
    expect(data.shape).toEqual([3, one.height, one.width])
    const pixels = await pixelsOf(data)
    const most = pixels.reduce((worst, value, i) => Math.max(worst, Math.abs(value - one.pixels[i]!)), 0)
    expect(most).toBeLessThanOrEqual(one.tolerance)
  })
})

describe('transparency', () => {
  test('is refused unless a background is given', async () => {
    // DIGITS #85, img2dataset #67: it became black. transformers #49003: a colour key was ignored.
    for (const { file } of pillow.filter(({ background }) => background)) {
      await refused(Buffer.from(file, 'base64'), 'image 0 has transparent pixels, the first in row 0, column')
    }
    await refused(named('grey PNG with alpha on [255, 255, 255]'), 'background: [255, 255, 255]')
  })

  test('of a canvas', async () => {
    // Black ink on a transparent canvas.
    const data = Uint8ClampedArray.from([0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 0, 51])
    const image = { data, width: 3, height: 1 }
    expect(() => imageToTensor(image)).toThrow('row 0, column 1')
    const white = { background: [255, 255, 255], channels: 1 } as const
    expect([...imageToTensor(image, white).data]).toEqual([0, 255, 204])
    // Colours are blended before averaging: transparent pixels have no colour of their own.
    expect([...imageToTensor(image, { ...white, size: [1, 1] }).data]).toEqual([
      Math.round((0 * 2 + 255 * 3 + 204 * 2) / 7),
    ])
    const net = await network([1, 1, 3], [standardize({ mean: 0, deviation: 1 })])
    await expect(net.predict(image)).rejects.toThrow('background')
  })

  test('the background is checked', async () => {
    const image = { data: new Uint8Array(4), width: 1, height: 1 }
    for (const background of ['white', 255, [255, 255], [0, 0, 256], [0, 0, Number.NaN], [0, 0, '0']]) {
      expect(() => imageToTensor(image, { background } as never)).toThrow('background must be three numbers')
    }
  })
})

test('16 bits per channel give one warning', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  await fromImages([named('grey PNG of 16 bits'), named('grey PNG of 16 bits')])
  expect(warn.mock.calls).toEqual([['hebb: image 0 has 16 bits per channel, which are rounded to 8']])
  await fromImages([named('grey PNG of 8 bits')])
  expect(warn).toHaveBeenCalledTimes(1)
})

describe('a PNG file', () => {
  const grey = (width: number, height: number) =>
    png(header(width, height, 8, 0), Buffer.alloc((width + 1) * height))

  test('may have anything after its end', async () => {
    expect((await fromImages([Buffer.concat([grey(2, 2), Buffer.from('and more')])])).shape).toEqual([
      3, 2, 2,
    ])
  })

  test('must have one header, pixels, and an end', async () => {
    const head = header(2, 2, 8, 0)
    const pixels = chunk('IDAT', deflateSync(Buffer.alloc(6)))
    const file = (...chunks: Buffer[]) => Buffer.concat([SIGNATURE, ...chunks])
    expect((await fromImages([file(head, pixels, IEND)])).samples).toBe(1)
    await refused(file(head, IEND, pixels), 'it has no pixels (IDAT)')
    await refused(file(head, IEND), 'it has no pixels (IDAT)')
    await refused(file(head, pixels), 'it is cut off')
    await refused(file(head, header(1, 1, 8, 0), pixels, IEND), 'two chunks IHDR')
    await refused(file(pixels, head, IEND), 'does not begin with a header')
    await refused(file(chunk('IHDR', Buffer.alloc(14)), pixels, IEND), 'does not begin with a header')
    await refused(file(header(0, 2, 8, 0), pixels, IEND), 'claims 0 × 2 pixels')
    await refused(file(head, chunk('PLTE', Buffer.alloc(771)), pixels, IEND), 'palette has 771 bytes')
    await refused(file(head, chunk('WXYZ', Buffer.alloc(0)), pixels, IEND), 'not a usable PNG')
    for (const [depth, colour] of [
      [3, 0],
      [4, 2],
      [16, 3],
      [8, 1],
      [8, 7],
    ] as const) {
      await refused(file(header(2, 2, depth, colour), pixels, IEND), `depth ${depth}, colour type ${colour}`)
    }
    await refused(file(header(2, 2, 8, 0, 2), pixels, IEND), 'methods 0, 0, 2')
  })

  test('must have as many pixels as its header says', async () => {
    const file = (rows: number, interlace = 0) => png(header(4, 4, 8, 0, interlace), Buffer.alloc(rows))
    expect((await fromImages([file(20)])).samples).toBe(1)
    for (const size of [0, 1, 19]) await refused(file(size), `pixels end after ${size} of 20 bytes`)
    await refused(file(21), 'more pixels than the 4 × 4 of its header')
    // The interlaced passes have 1, 0, 0, 1, 2, 4 and 8 pixels, in 1, 0, 0, 1, 1, 2 and 2 rows.
    expect((await fromImages([file(23, 1)])).samples).toBe(1)
    await refused(file(22, 1), 'pixels end after 22 of 23 bytes')
    await refused(file(24, 1), 'more pixels than the 4 × 4 of its header')
    const whole = png(
      header(40, 40, 8, 0),
      Buffer.from(Array.from({ length: 41 * 40 }, (_, i) => (i % 41 ? i % 97 : 0))),
    )
    for (let length = 0; length < whole.length; length += 7) {
      await expect(fromImages([whole.subarray(0, length)])).rejects.toMatchObject({ code: 'file' })
    }
    const damaged = Buffer.from(whole)
    damaged[60]! ^= 255
    await refused(damaged, 'not a usable PNG')
  })
})

describe('a JPEG file', () => {
  const good = named('JPEG')
  const changed = (change: (bytes: Buffer, frame: number) => void) => {
    const bytes = Buffer.from(good)
    change(bytes, bytes.indexOf(Buffer.of(0xff, 0xc0)))
    return bytes
  }

  test('is refused if cut off anywhere', async () => {
    // torchvision #138, unpackai #1: truncated downloads.
    for (let length = 3; length < good.length - 1; length += 11) {
      await expect(fromImages([good.subarray(0, length)])).rejects.toMatchObject({ code: 'file' })
    }
    expect((await fromImages([Buffer.concat([good, good])])).shape).toEqual([3, 8, 16])
  })

  test('must have a decodable frame', async () => {
    await refused(
      changed((bytes, at) => bytes.writeUInt8(12, at + 4)),
      'it has 12 bits per channel',
    )
    await refused(
      changed((bytes, at) => bytes.writeUInt8(0xc9, at + 1)),
      'its coding (SOF9)',
    )
    await refused(
      changed((bytes, at) => bytes.writeUInt8(0xc3, at + 1)),
      'its coding (SOF3)',
    )
    await refused(
      changed((bytes, at) => bytes.writeUInt16BE(0, at + 5)),
      'says 16 × 0 pixels',
    )
    await refused(
      changed((bytes, at) => bytes.writeUInt8(2, at + 9)),
      'another length than it says',
    )
    for (const sampling of [0x50, 0x15, 0x51, 0x01, 0x10]) {
      const damaged = changed((bytes, at) => bytes.writeUInt8(sampling, at + 11))
      await refused(damaged, 'its sampling is not 1 to 4')
    }
    await refused(Buffer.of(0xff, 0xd8, 0xff, 0xd9), 'it has no image')
    const frame = good.indexOf(Buffer.of(0xff, 0xc0))
    const again = good.subarray(frame, frame + 19)
    await refused(Buffer.concat([good.subarray(0, frame), again, good.subarray(frame)]), 'two frames')
  })

  test("uses the segment APP14 only if it is Adobe's", async () => {
    const plain = await pixelsOf(await fromImages([good]))
    const other = Buffer.from([0xff, 0xee, 0, 14, ...Buffer.from('Other'), 0, 100, 0, 0, 0, 0, 0])
    const file = Buffer.concat([good.subarray(0, 2), other, good.subarray(2)])
    expect(await pixelsOf(await fromImages([file]))).toEqual(plain)
  })
})
