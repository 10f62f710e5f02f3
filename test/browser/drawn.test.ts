// What a browser draws, and browsers that change what is read from a canvas.
import { datasets } from 'hebb'
import { afterEach, expect, test, vi } from 'vitest'
import { photographs, stagesOf } from '../helpers/photographs'

afterEach(() => {
  vi.restoreAllMocks()
})

const { imageToTensor, prepare } = datasets

/** A canvas of 3 × 2 pixels with a colour per column. */
function painted() {
  const canvas = new OffscreenCanvas(3, 2)
  const context = canvas.getContext('2d')!
  for (const [x, colour] of ['rgb(200, 100, 50)', 'rgb(0, 255, 3)', 'rgb(7, 8, 9)'].entries()) {
    context.fillStyle = colour
    context.fillRect(x, 0, 1, 2)
  }
  return canvas
}
const bytes = [200, 0, 7, 200, 0, 7, 100, 255, 8, 100, 255, 8, 50, 3, 9, 50, 3, 9]

test('canvases, bitmaps and frames of a video', async () => {
  const canvas = painted()
  const element = document.createElement('canvas')
  ;[element.width, element.height] = [3, 2]
  element.getContext('2d')!.drawImage(canvas, 0, 0)
  const frame = new VideoFrame(canvas, { timestamp: 0 })
  for (const image of [canvas, element, await createImageBitmap(canvas), frame]) {
    expect([...imageToTensor(image).data]).toEqual(bytes)
    const { data, shape } = await prepare(image, { scale: 255 })
    expect([[...data], shape]).toEqual([bytes, [3, 2, 3]])
    expect((await datasets.fromImages([image])).shape).toEqual([3, 2, 3])
  }
  frame.close()
  expect(() => imageToTensor(frame)).toThrow('has no pixels')
  await expect(prepare(document.createElement('video'), {})).rejects.toMatchObject({
    code: 'data',
    message: 'the image has no pixels (yet)',
  })
  expect(() => imageToTensor(new OffscreenCanvas(2, 2))).toThrow('transparent pixels')
})

test('a canvas of another origin cannot be read', async () => {
  const image = new Image()
  image.src = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><foreignObject width="9" height="9"/></svg>')}`
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.getContext('2d')!.drawImage(image, 0, 0)
  vi.spyOn(OffscreenCanvasRenderingContext2D.prototype, 'getImageData').mockImplementation(() => {
    throw new DOMException('The canvas has been tainted', 'SecurityError')
  })
  expect(() => imageToTensor(canvas)).toThrow(/cannot be read .*another origin.*tainted/)
})

test('files are the same in a browser that changes what is read from a canvas', async () => {
  const read = OffscreenCanvasRenderingContext2D.prototype.getImageData
  vi.spyOn(OffscreenCanvasRenderingContext2D.prototype, 'getImageData').mockImplementation(function (
    this: OffscreenCanvasRenderingContext2D,
    ...place
  ) {
    const image = read.apply(this, place)
    image.data[5]! ^= 1
    return image
  })
  for (const { own, expected } of await stagesOf(photographs[0]!)) expect(own).toEqual(expected)
})
