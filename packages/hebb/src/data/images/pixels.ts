// Images as pixels, and their channels.
import { HebbError } from '../../errors'
import { checkWhole } from '../../options'

/** The pixels of an `ImageData` or a similar object: RGBA, four bytes per pixel. */
export interface Pixels {
  data: Uint8ClampedArray | Uint8Array
  width: number
  height: number
}

/** Whether a value has pixels. */
export function isPixels(image: unknown): image is Pixels {
  const { data, width, height } = (image ?? {}) as Pixels
  return ArrayBuffer.isView(data) && typeof width === 'number' && typeof height === 'number'
}

/** Throws if a value has no pixels, or not as many as its size says. */
export function checkPixels(image: unknown, which: string): asserts image is Pixels {
  const { data, width, height } = (image ?? {}) as Pixels
  if (!(data instanceof Uint8ClampedArray || data instanceof Uint8Array)) {
    throw new HebbError(
      'data',
      `${which} must be an ImageData: { data: RGBA as Uint8ClampedArray or Uint8Array, width, height }`,
    )
  }
  checkWhole(which, 'width', width, 1)
  checkWhole(which, 'height', height, 1)
  if (data.length !== width * height * 4) {
    throw new HebbError(
      'data',
      `${which} of ${width} × ${height} pixels needs ${width * height * 4} bytes (RGBA), it has ${data.length}`,
    )
  }
}

/**
 * A plane of bytes per channel: red, green and blue, or luma, by the integers of Pillow's `convert('L')`. Transparent pixels
 * are refused.
 */
export function planesOf({ data, width, height }: Pixels, channels: 1 | 3, which: string): Uint8Array[] {
  const planes = Array.from({ length: channels }, () => new Uint8Array(width * height))
  const [red, green, blue] = planes
  for (let i = 0, at = 0; at < data.length; i++, at += 4) {
    const [r, g, b] = [data[at]!, data[at + 1]!, data[at + 2]!]
    if (data[at + 3] !== 255) {
      throw new HebbError(
        'data',
        `${which} has transparent pixels, the first in row ${Math.floor(i / width)}, column ${i % width}: give datasets.imageToTensor or fromImages a background: [255, 255, 255]`,
      )
    }
    if (green && blue) {
      red![i] = r
      green[i] = g
      blue[i] = b
    } else red![i] = (19_595 * r + 38_470 * g + 7471 * b + 32_768) >> 16
  }
  return planes
}

/** Planes one after another, in one array. */
export function joined(planes: readonly Uint8Array[]): Uint8Array {
  const [first] = planes
  const all = new Uint8Array(planes.length * first!.length)
  for (const [i, plane] of planes.entries()) all.set(plane, i * plane.length)
  return all
}
