// From an image to what a network reads, as by torchvision's transforms.
import { HebbError } from '../../errors'
import type { Tensor } from '../../tensor'
import { onBackground } from './background'
import { type ImageSource, MOST_PIXELS, openImage } from './openImage'
import { joined, type Pixels, planesOf } from './pixels'
import { type Preprocessing, type PreprocessingOptions, preprocessing } from './preprocessing'
import { bicubic, bilinear, checkSize, resize } from './resize'

/** The results of the stages of {@link prepare}. */
export interface Stages {
  /** `[3, H, W]`: red, green and blue. */
  resized: Tensor<Uint8Array>
  /** `[3, h, w]`, or ten of them. */
  cropped: Tensor<Uint8Array>
  tensor: Tensor
}

/**
 * Prepares an image for a network by a recipe: opens it, turns it as its Exif data says, resizes, cuts and scales it. The
 * result has the shape `[3, height, width]`, or `[10, 3, height, width]` of ten parts, and is the same in Node and every
 * browser, to the bit: that of torchvision's `Resize`, `CenterCrop` or `TenCrop`, `ToTensor` and `Normalize` on Pillow's image.
 *
 * @example await net.predict(await datasets.prepare('cat.jpg', { resize: 256, crop: 224 }))
 * @throws HebbError `file`, `data`, `option`, `shape` (an image smaller than `crop`), `memory`
 */
export async function prepare(
  image: ImageSource,
  recipe: PreprocessingOptions | Preprocessing,
): Promise<Tensor> {
  const checked = preprocessing(recipe)
  const { image: pixels, name } = await openImage(image, 'the image', MOST_PIXELS)
  return stagesOf(pixels, checked, name).tensor
}

/** The stages after an image was opened; `which` is its name in messages. */
export function stagesOf(image: Pixels, recipe: Preprocessing, which: string): Stages {
  const own = [image.height, image.width] as const
  const size = resizedSize(own, recipe.resize)
  checkSize(size)
  const filter = recipe.interpolation === 'bicubic' ? bicubic : bilinear
  const planes = planesOf(onBackground(image, recipe.background), 3, which).map((plane) =>
    resize(plane, own, size, filter),
  )
  const resized = { data: joined(planes), shape: [3, ...size] }
  const cropped = recipe.crop ? cut(planes, size, recipe.crop, recipe.tenCrop, which) : resized
  return { resized, cropped, tensor: scaled(cropped, recipe) }
}

function resizedSize(own: readonly [number, number], to: Preprocessing['resize']): readonly [number, number] {
  if (to === undefined) return own
  if (typeof to !== 'number') return to
  const [h, w] = own
  return w <= h ? [Math.trunc((to * h) / w), to] : [to, Math.trunc((to * w) / h)]
}

/** The middle of the planes, or ten parts. */
function cut(
  planes: readonly Uint8Array[],
  [height, width]: readonly [number, number],
  [h, w]: readonly [number, number],
  isTen: boolean,
  which: string,
): Tensor<Uint8Array> {
  if (height < h || width < w) {
    throw new HebbError(
      'shape',
      `${which} is resized to [${height}, ${width}], smaller than the crop [${h}, ${w}]: give a larger resize`,
    )
  }
  const [below, right] = [height - h, width - w]
  const middle = [halved(below), halved(right)] as const
  if (!isTen)
    return { data: joined(planes.map((plane) => part(plane, width, middle, h, w))), shape: [3, h, w] }
  const places = [[0, 0], [0, right], [below, 0], [below, right], middle] as const
  const mirrored = planes.map((plane) => mirror(plane, width))
  const parts = [planes, mirrored].flatMap((all) =>
    places.flatMap((place) => all.map((plane) => part(plane, width, place, h, w))),
  )
  return { data: joined(parts), shape: [10, 3, h, w] }
}

/** Half of a whole number, rounded to an even one, as Python does. */
function halved(n: number): number {
  const half = Math.floor(n / 2)
  return half + (n % 2 && half % 2)
}

/** The rectangle `[h, w]` of a plane at a row and a column. */
function part(
  plane: Uint8Array,
  width: number,
  [top, left]: readonly [number, number],
  h: number,
  w: number,
): Uint8Array {
  const answer = new Uint8Array(h * w)
  for (let row = 0; row < h; row++) {
    const from = (top + row) * width + left
    answer.set(plane.subarray(from, from + w), row * w)
  }
  return answer
}

function mirror(plane: Uint8Array, width: number): Uint8Array {
  const answer = plane.slice()
  for (let at = 0; at < answer.length; at += width) answer.subarray(at, at + width).reverse()
  return answer
}

/** Bytes as numbers: each step is rounded to 32 bits, as PyTorch computes it. */
function scaled(
  { data, shape }: Tensor<Uint8Array>,
  { order, scale, mean, deviation }: Preprocessing,
): Tensor {
  const plane = shape.at(-1)! * shape.at(-2)!
  const tensor = new Float32Array(data.length)
  const { fround } = Math
  for (let channel = 0; channel < 3; channel++) {
    const shift = fround(mean[channel]!)
    const divisor = fround(deviation[channel]!)
    const values = Float32Array.from({ length: 256 }, (_, byte) => {
      const value = scale === 1 ? fround(byte / 255) : byte
      return fround(value - shift) / divisor
    })
    const source = order === 'bgr' ? 2 - channel : channel
    for (let image = 0; image < data.length; image += 3 * plane) {
      const to = image + channel * plane
      const from = image + source * plane
      for (let i = 0; i < plane; i++) tensor[to + i] = values[data[from + i]!]!
    }
  }
  return { data: tensor, shape }
}
