// Files that lie about their size are refused, and use no more memory than the declared size and the limits allow.
import { deflateSync } from 'node:zlib'
import { datasets } from 'hebb'
import { expect, test } from 'vitest'
import { bombs, explode, pngWithText } from './bombs'
import { chunk, header, IEND, SIGNATURE } from './pngFiles'

/** The largest declares 50 MB; libraries need some more. */
const MOST_MEBIBYTES = 200

test.each(Object.keys(bombs))('%s', async (name) => {
  const { outcome, before, peak } = await explode(name, datasets)
  expect(outcome).toContain(bombs[name]!.message)
  expect(outcome).toMatch(/^file: /)
  expect(peak - before).toBeLessThan(MOST_MEBIBYTES)
})

test('texts in a PNG are not unpacked', async () => {
  // image-png #696: 1 GB of an unused text.
  const { maxRSS } = process.resourceUsage()
  expect((await datasets.fromImages([pngWithText()])).samples).toBe(1)
  expect((process.resourceUsage().maxRSS - maxRSS) / 1024).toBeLessThan(MOST_MEBIBYTES)
})

test('maxPixels is the limit, for files only', async () => {
  const pixels = chunk('IDAT', deflateSync(Buffer.alloc(21 * 10)))
  const file = Buffer.concat([SIGNATURE, header(20, 10, 8, 0), pixels, IEND])
  expect((await datasets.fromImages([file], undefined, { maxPixels: 200 })).shape).toEqual([3, 10, 20])
  await expect(datasets.fromImages([file], undefined, { maxPixels: 199 })).rejects.toMatchObject({
    code: 'file',
    message: 'image 0 claims 20 × 10 pixels, more than 199: say maxPixels if that is right',
  })
  const image = { data: new Uint8Array(800).fill(255), width: 20, height: 10 }
  expect((await datasets.fromImages([image], undefined, { maxPixels: 199 })).samples).toBe(1)
  for (const maxPixels of [0, 1.5, '9', Number.NaN]) {
    const options = { maxPixels } as never
    await expect(datasets.fromImages([file], undefined, options)).rejects.toMatchObject({ code: 'option' })
  }
})

test('sizes that do not fit into memory are an error', async () => {
  const image = { data: new Uint8Array(4).fill(255), width: 1, height: 1 }
  const refused = (images: (typeof image)[], size: [number, number]) =>
    expect(datasets.fromImages(images, undefined, { size })).rejects.toMatchObject({ code: 'memory' })
  await refused([image], [60_000, 60_000])
  await refused(Array(20_000).fill(image), [1000, 1000])
})
