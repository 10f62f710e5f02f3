import { builtin } from '../engine/platform'
import { HebbError } from '../errors'
import type { Input } from '../tensor'
import { type Dataset, fromArrays, type TypedClasses } from './dataset'
import { decodeImage } from './decode'
import { checkImageOptions, checkPixels, type ImageOptions, imageToTensor, type Pixels } from './images'
import { bytesOf, nameOf } from './source'

/**
 * A data set from images, as bytes `[C, H, W]` that are read as value / 255. Each is an `ImageData` (or
 * `{ data: RGBA bytes, width, height }`) or, in Node, the path, the address or the bytes of a PNG or JPEG file: for
 * these install the packages `pngjs` and `jpeg-js`. Images of several sizes need `size`.
 *
 * `t` are class numbers `[N]` (integers) or target values `[N, outputs]`. {@link imageToTensor} makes of an image
 * what a network takes that was trained with the same options.
 *
 * @example await datasets.fromImages(['cat.png', 'dog.jpg'], [0, 1], { size: [64, 64] })
 * @throws HebbError `file`, `data`, `shape`, `option`
 */
export async function fromImages(
  images: readonly (Pixels | string | URL | Uint8Array)[],
  t?: Input | TypedClasses,
  options: ImageOptions = {},
): Promise<Dataset> {
  const who = 'datasets.fromImages'
  const { channels, size } = checkImageOptions(who, options)
  if (!Array.isArray(images) || images.length === 0) {
    throw new HebbError('data', `${who} takes a list of images`)
  }
  let all: Uint8Array | undefined
  let shape: readonly number[] = []
  let first = ''
  // One after another: decoded, an image is many times its file.
  for (const [i, source] of images.entries()) {
    const { image, name } = await open(source, i)
    const tensor = imageToTensor(image, { channels, ...(size && { size }) })
    if (!all) {
      shape = tensor.shape
      first = name
      all = new Uint8Array(images.length * tensor.data.length)
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
  return fromArrays({ data: all!, shape: [images.length, ...shape] }, t)
}

async function open(
  source: Pixels | string | URL | Uint8Array,
  i: number,
): Promise<{ image: Pixels; name: string }> {
  if (typeof source === 'string' || source instanceof URL || source instanceof Uint8Array) {
    const name = nameOf(source, `image ${i}`)
    if (!builtin('node:fs')) {
      throw new HebbError(
        'data',
        `${name}: in a browser draw the image to a canvas, and give its ImageData (getImageData)`,
      )
    }
    return { image: decodeImage(await bytesOf(source, name), name), name }
  }
  checkPixels(source, `image ${i}`)
  return { image: source, name: `image ${i}` }
}
