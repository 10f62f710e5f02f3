import { HebbError } from '../errors'
import { checkKeys, checkWhole, pair, refuse } from '../options'
import type { Tensor } from '../tensor'
import { resize } from './resize'

/** Pixels as a canvas has them: an `ImageData`, or what looks like one. RGBA, four bytes a pixel. */
export interface Pixels {
  data: Uint8ClampedArray | Uint8Array
  width: number
  height: number
}

export interface ImageOptions {
  /** 3 for red, green and blue; 1 for their luma (Rec. 601: 0.299 R + 0.587 G + 0.114 B). Default 3. */
  channels?: 1 | 3
  /** `[height, width]`, or a number for both: what images of other sizes are resized to. Default: as they are. */
  size?: number | readonly [height: number, width: number]
}

const LUMA = [0.299, 0.587, 0.114] as const

/** Whether something has pixels. */
export function isPixels(image: unknown): image is Pixels {
  const { data, width, height } = (image ?? {}) as Pixels
  return ArrayBuffer.isView(data) && typeof width === 'number' && typeof height === 'number'
}

/** The options of images, checked; `size` as a pair. */
export function checkImageOptions(who: string, options: ImageOptions) {
  checkKeys(who, options, ['channels', 'size'])
  const channels = options.channels ?? 3
  if (channels !== 1 && channels !== 3) {
    refuse(who, 'channels', '1 or 3', channels)
  }
  const size = options.size === undefined ? undefined : pair(who, 'size', options.size, 1)
  return { channels, size } as const
}

/**
 * The pixels of an image as bytes `[C, H, W]`, each channel a plane: what a network of images takes, which reads
 * bytes as value / 255. Resizing is bilinear, and averages where the image becomes smaller, so that thin lines do
 * not vanish. Alpha is left out: a drawing on a transparent canvas needs a background first.
 *
 * @example await net.classify(datasets.imageToTensor(context.getImageData(0, 0, 280, 280), { channels: 1, size: 28 }))
 * @throws HebbError `data`, `option`
 */
export function imageToTensor(image: Pixels, options: ImageOptions = {}): Tensor<Uint8Array> {
  const { channels, size } = checkImageOptions('imageToTensor', options)
  checkPixels(image, 'the image')
  const { width, height } = image
  const [h, w] = size ?? [height, width]
  const data = new Uint8Array(channels * h * w)
  for (let channel = 0; channel < channels; channel++) {
    const plane = resize(planeOf(image, channels === 1 ? LUMA : unit(channel)), height, width, h, w)
    for (let i = 0; i < plane.length; i++) data[channel * h * w + i] = Math.round(plane[i]!)
  }
  return { data, shape: [channels, h, w] }
}

/** Refuses what has no pixels, or not as many as it says. */
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

/** One plane: a weighted sum of red, green and blue. */
function planeOf({ data, width, height }: Pixels, [r, g, b]: readonly number[]): Float64Array {
  const plane = new Float64Array(width * height)
  for (let i = 0, at = 0; i < plane.length; i++, at += 4) {
    plane[i] = r! * data[at]! + g! * data[at + 1]! + b! * data[at + 2]!
  }
  return plane
}
