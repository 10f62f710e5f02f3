import { HebbError } from '../../errors'
import { checkWhole } from '../../options'
import type { Input } from '../../tensor'
import { type Dataset, fromArrays, type TypedClasses } from '../dataset'
import { onBackground } from './background'
import { type ImageOptions, type ImageReading, readImageOptions, toBytes } from './imageToTensor'
import { type ImageSource, MOST_PIXELS, openImage } from './openImage'

/** The most bytes of all images: the size of the engine's memory. */
const MAX_TOTAL_BYTES = 2 ** 32

export interface FileImageOptions extends ImageOptions {
  /** The most pixels of a file: decoding takes up to 20 bytes per pixel. Default 33,554,432 (2²⁵). */
  maxPixels?: number
}

/**
 * Makes a data set from images, as bytes `[C, H, W]` that are read as value / 255. An image is an `ImageData` (or
 * `{ data: RGBA bytes, width, height }`), a PNG or JPEG file (its path in Node, its URL, its bytes, or a browser's `File`), or
 * in a browser a canvas, a bitmap or a video.
 * The pixels of a file are those of Pillow, in Node and in every browser, turned as its Exif data says. Images of different
 * sizes need `size`, transparent ones `background`. 16 bits per channel are rounded to 8 with a warning.
 *
 * `t` holds class numbers `[N]` (integers) or target values `[N, outputs]`. For a network trained on the result,
 * {@link imageToTensor} with the same options converts an image. For a folder see `datasets.fromImageFolder`.
 *
 * @example await datasets.fromImages(['cat.png', 'dog.jpg'], [0, 1], { size: [64, 64] })
 * @throws HebbError `file`, `data`, `shape`, `option`
 */
export async function fromImages(
  images: readonly ImageSource[],
  t?: Input | TypedClasses,
  options: FileImageOptions = {},
): Promise<Dataset> {
  const who = 'datasets.fromImages'
  const reading = readFileOptions(who, options)
  if (!Array.isArray(images) || images.length === 0) {
    const hint = typeof images === 'string' ? '; for a folder use datasets.fromImageFolder' : ''
    throw new HebbError('data', `${who} takes a list of images${hint}`)
  }
  return fromArrays(await readImages(who, images, reading), t)
}

export interface FileReading extends ImageReading {
  mostPixels: number
}

/** Checks the options of image files; `others` are further keys. */
export function readFileOptions(
  who: string,
  options: FileImageOptions,
  others: readonly string[] = [],
): FileReading {
  const reading = readImageOptions(who, options, ['maxPixels', ...others])
  return { ...reading, mostPixels: checkWhole(who, 'maxPixels', options.maxPixels ?? MOST_PIXELS, 1) }
}

/** Images as one array `[N, C, H, W]` of bytes. */
export async function readImages(
  who: string,
  images: readonly ImageSource[],
  reading: FileReading,
): Promise<{ data: Uint8Array; shape: number[] }> {
  let all: Uint8Array | undefined
  let shape: readonly number[] = []
  let first = ''
  let deep = ''
  // Images are decoded one after another, because a decoded image is many times as large as its file.
  for (const [i, source] of images.entries()) {
    const { image, depth, name } = await openImage(source, `image ${i}`, reading.mostPixels)
    if (depth > 8) deep ||= name
    const tensor = toBytes(onBackground(image, reading.background), reading, name)
    if (!all) {
      shape = tensor.shape
      first = name
      all = allocate(who, images.length, shape)
    }
    if (String(tensor.shape) !== String(shape)) {
      const sizes = [shape, tensor.shape].map(([, h, w]) => `[${h}, ${w}]`)
      throw new HebbError(
        'shape',
        `${first} has the size ${sizes[0]}, ${name} has ${sizes[1]}: give ${who} a size to resize to`,
      )
    }
    all.set(tensor.data, i * tensor.data.length)
  }
  if (deep) console.warn(`hebb: ${deep} has 16 bits per channel, which are rounded to 8`)
  return { data: all!, shape: [images.length, ...shape] }
}

function allocate(who: string, images: number, shape: readonly number[]): Uint8Array {
  const bytes = shape.reduce((a, b) => a * b, images)
  try {
    if (bytes <= MAX_TOTAL_BYTES) return new Uint8Array(bytes)
  } catch {
    // The host has less memory.
  }
  throw new HebbError('memory', `${who}: ${images} images of [${shape}] do not fit into memory: give a size`)
}
