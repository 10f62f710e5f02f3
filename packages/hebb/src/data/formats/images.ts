import { HebbError } from '../../errors'
import { checkKeys, checkWhole, pair, refuse } from '../../options'
import type { Tensor } from '../../tensor'
import { resize } from './resize'

/** The pixels of an `ImageData` or a similar object: RGBA, four bytes per pixel. */
export interface Pixels {
  data: Uint8ClampedArray | Uint8Array
  width: number
  height: number
}

export interface ImageOptions {
  /** 3 for red, green and blue; 1 for the luma (Rec. 601: 0.299 R + 0.587 G + 0.114 B). Default 3. */
  channels?: 1 | 3
  /** The size `[height, width]`, or a number for both, to which images are resized. Default: no resizing. */
  size?: number | readonly [height: number, width: number]
  /** The background colour of transparent pixels, 0 to 255 each: `[255, 255, 255]`. Default: transparent pixels are refused. */
  background?: readonly [red: number, green: number, blue: number]
}

/** The checked options of images. */
export interface ImageReading {
  channels: 1 | 3
  size: readonly [number, number] | undefined
  background: readonly number[] | undefined
}

/** The most pixels of a resized image, which needs 2 GiB while it is averaged. */
const MAX_RESIZED_PIXELS = 2 ** 28

const LUMA = [0.299, 0.587, 0.114] as const

/** Whether a value has pixels. */
export function isPixels(image: unknown): image is Pixels {
  const { data, width, height } = (image ?? {}) as Pixels
  return ArrayBuffer.isView(data) && typeof width === 'number' && typeof height === 'number'
}

/** Checks the options of images; `others` are further keys. */
export function readImageOptions(
  who: string,
  options: ImageOptions,
  others: readonly string[] = [],
): ImageReading {
  checkKeys(who, options, ['channels', 'size', 'background', ...others])
  const { channels = 3, size, background } = options
  if (channels !== 1 && channels !== 3) refuse(who, 'channels', '1 or 3', channels)
  const isByte = (value: unknown) => typeof value === 'number' && value >= 0 && value <= 255
  if (
    background !== undefined &&
    !(Array.isArray(background) && background.length === 3 && background.every(isByte))
  ) {
    refuse(who, 'background', 'three numbers from 0 to 255: [red, green, blue]', background)
  }
  return { channels, size: size === undefined ? undefined : pair(who, 'size', size, 1), background }
}

/**
 * Converts the pixels of an image to bytes `[C, H, W]`, one plane per channel, which networks read as value / 255. Resizing
 * is bilinear and averages if the image becomes smaller, so that thin lines do not vanish. Transparent pixels need a
 * `background`, because their own colour is black or arbitrary.
 *
 * @example await net.classify(datasets.imageToTensor(context.getImageData(0, 0, 280, 280), { channels: 1, size: 28 }))
 * @throws HebbError `data`, `option`
 */
export function imageToTensor(image: Pixels, options: ImageOptions = {}): Tensor<Uint8Array> {
  const reading = readImageOptions('imageToTensor', options)
  checkPixels(image, 'the image')
  return toBytes(image, reading, 'the image')
}

/** {@link imageToTensor} with checked arguments; `which` is the name of the image in messages. */
export function toBytes(image: Pixels, reading: ImageReading, which: string): Tensor<Uint8Array> {
  const { channels, size, background } = reading
  const { width, height } = image
  if (!background) checkOpaque(image, which)
  const [h, w] = size ?? [height, width]
  if (h * w > MAX_RESIZED_PIXELS)
    throw new HebbError('memory', `an image of the size [${h}, ${w}] is too large`)
  const data = new Uint8Array(channels * h * w)
  for (let channel = 0; channel < channels; channel++) {
    const plane = resize(
      planeOf(image, channels === 1 ? LUMA : unit(channel), background),
      height,
      width,
      h,
      w,
    )
    for (let i = 0; i < plane.length; i++) data[channel * h * w + i] = Math.round(plane[i]!)
  }
  return { data, shape: [channels, h, w] }
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

function unit(channel: number): readonly number[] {
  return LUMA.map((_, i) => Number(i === channel))
}

/** One plane: a weighted sum of red, green and blue, over the background. */
function planeOf(
  { data, width, height }: Pixels,
  [r, g, b]: readonly number[],
  background: readonly number[] | undefined,
): Float64Array {
  const plane = new Float64Array(width * height)
  for (let i = 0, at = 0; i < plane.length; i++, at += 4) {
    plane[i] = r! * data[at]! + g! * data[at + 1]! + b! * data[at + 2]!
  }
  if (!background) return plane
  const behind = r! * background[0]! + g! * background[1]! + b! * background[2]!
  for (let i = 0; i < plane.length; i++) {
    const alpha = data[4 * i + 3]! / 255
    plane[i] = alpha * plane[i]! + (1 - alpha) * behind
  }
  return plane
}
