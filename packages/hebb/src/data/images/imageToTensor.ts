// An image as a tensor of bytes.
import { checkKeys, pair, refuse } from '../../options'
import type { Tensor } from '../../tensor'
import { checkBackground, onBackground } from './background'
import { type Drawable, toPixels } from './drawn'
import { checkPixels, joined, type Pixels, planesOf } from './pixels'
import { bilinear, checkSize, resize } from './resize'

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

/** Checks the options of images; `others` are further keys. */
export function readImageOptions(
  who: string,
  options: ImageOptions,
  others: readonly string[] = [],
): ImageReading {
  checkKeys(who, options, ['channels', 'size', 'background', ...others])
  const { channels = 3, size, background } = options
  if (channels !== 1 && channels !== 3) refuse(who, 'channels', '1 or 3', channels)
  checkBackground(who, background)
  const to = size === undefined ? undefined : pair(who, 'size', size, 1)
  if (to) checkSize(to)
  return { channels, size: to, background }
}

/**
 * Converts the pixels of an image, or in a browser of a canvas, a bitmap or a video's frame, to bytes `[C, H, W]`, one plane per channel, which networks read as value / 255. Resizing
 * is Pillow's bilinear one, bit by bit: it averages if the image becomes smaller, so that thin lines do not vanish. Transparent
 * pixels need a `background`, because their own colour is black or arbitrary.
 *
 * @example await net.classify(datasets.imageToTensor(context.getImageData(0, 0, 280, 280), { channels: 1, size: 28 }))
 * @throws HebbError `data`, `option`
 */
export function imageToTensor(image: Pixels | Drawable, options: ImageOptions = {}): Tensor<Uint8Array> {
  const reading = readImageOptions('imageToTensor', options)
  const pixels = toPixels(image, 'the image')
  checkPixels(pixels, 'the image')
  return toBytes(onBackground(pixels, reading.background), reading, 'the image')
}

/** {@link imageToTensor} with checked arguments, of opaque pixels; `which` is the name of the image in messages. */
export function toBytes(
  image: Pixels,
  { channels, size }: Pick<ImageReading, 'channels' | 'size'>,
  which: string,
): Tensor<Uint8Array> {
  const own = [image.height, image.width] as const
  const to = size ?? own
  const planes = planesOf(image, channels, which).map((plane) => resize(plane, own, to, bilinear))
  return { data: joined(planes), shape: [channels, ...to] }
}
