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
  if (!isPixels(image)) {
    throw new HebbError('data', `${which} must be an ImageData: { data: RGBA bytes, width, height }`)
  }
  const { data, width, height } = image
  if (!(data instanceof Uint8ClampedArray || data instanceof Uint8Array)) {
    throw new HebbError('data', `${which} must have its pixels in a Uint8ClampedArray or Uint8Array`)
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

/** Throws if there are transparent pixels. */
function checkOpaque({ data, width }: Pixels, which: string): void {
  for (let at = 3; at < data.length; at += 4) {
    if (data[at] === 255) continue
    const pixel = (at - 3) / 4
    throw new HebbError(
      'data',
      `${which} has transparent pixels, the first in row ${Math.floor(pixel / width)}, column ${pixel % width}: give their background colour (datasets.imageToTensor, fromImages), background: [255, 255, 255]`,
    )
  }
}

/**
 * A plane of bytes per channel: red, green and blue, or luma, by the integers of Pillow's `convert('L')`. Transparent pixels
 * lie on `background`, as by Pillow's `alpha_composite`; without one they are refused.
 */
export function planesOf(
  image: Pixels,
  channels: 1 | 3,
  background: readonly number[] | undefined,
  which: string,
): Uint8Array[] {
  if (!background) checkOpaque(image, which)
  const { data, width, height } = image
  const planes = Array.from({ length: channels }, () => new Uint8Array(width * height))
  const [red, green, blue] = planes
  const behind = background?.map(Math.round)
  for (let i = 0, at = 0; at < data.length; i++, at += 4) {
    let [r, g, b] = [data[at]!, data[at + 1]!, data[at + 2]!]
    const opacity = data[at + 3]!
    if (behind && opacity < 255) {
      r = blend(r, behind[0]!, opacity)
      g = blend(g, behind[1]!, opacity)
      b = blend(b, behind[2]!, opacity)
    }
    if (green && blue) {
      red![i] = r
      green[i] = g
      blue[i] = b
    } else {
      red![i] = (19_595 * r + 38_470 * g + 7471 * b + 32_768) >> 16
    }
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

/** A value over another, by an opacity from 0 to 255, rounded to seven bits more and then to none. */
function blend(value: number, behind: number, opacity: number): number {
  const share = opacity << 7
  const sum = value * share + behind * ((255 << 7) - share) + (128 << 7)
  return ((sum >> 8) + sum) >> 15
}
