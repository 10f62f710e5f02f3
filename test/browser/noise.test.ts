// A browser that changes pixels that are read from a canvas is warned of, once.
import { datasets } from 'hebb'
import { expect, test, vi } from 'vitest'

test('noise of a canvas gives one warning, files none', async () => {
  const read = OffscreenCanvasRenderingContext2D.prototype.getImageData
  vi.spyOn(OffscreenCanvasRenderingContext2D.prototype, 'getImageData').mockImplementation(function (
    this: OffscreenCanvasRenderingContext2D,
    ...place
  ) {
    const image = read.apply(this, place)
    // One of many pixels.
    image.data[1000]! ^= 1
    return image
  })
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  const bare = { data: new Uint8Array(4).fill(255), width: 1, height: 1 }
  expect(datasets.imageToTensor(bare).shape).toEqual([3, 1, 1])
  expect(warn).not.toHaveBeenCalled()
  const image = new ImageData(2, 2)
  image.data.fill(255)
  for (let i = 0; i < 3; i++) datasets.imageToTensor(image)
  await datasets.prepare(await createImageBitmap(image), {})
  expect(warn.mock.calls).toEqual([[expect.stringMatching(/^hebb: this browser changes pixels/)]])
})
