// How a network's images are prepared: a plain object, so that it can be saved with the network.
import { checkFlag, checkKeys, checkName, checkNumber, pair, refuse } from '../../options'
import { checkBackground } from './background'

/** Beyond it there are no numbers of 32 bits. */
const MOST = 3.4e38

export interface PreprocessingOptions {
  /**
   * The length of the shorter side, to which an image is resized in its proportions (the longer one is rounded down), or its
   * size `[height, width]`. Default: no resizing.
   */
  resize?: number | readonly [height: number, width: number]
  /** Pillow's antialiased interpolation. Default `bilinear`. */
  interpolation?: 'bilinear' | 'bicubic'
  /** The size of the part that is cut out of the middle, or a number for both sides. Default: the whole image. */
  crop?: number | readonly [height: number, width: number]
  /**
   * Ten parts instead of the middle: the four corners (upper left, upper right, lower left, lower right) and the middle, and
   * the same of the mirrored image. Default false.
   */
  tenCrop?: boolean
  /** The order of the channels. Default `rgb`. */
  order?: 'rgb' | 'bgr'
  /** The value of white, before `mean` is subtracted: 1, or 255 for bytes as they are. Default 1. */
  scale?: 1 | 255
  /** What is subtracted from every value, or from each channel in its `order`. Default 0. */
  mean?: number | readonly [number, number, number]
  /** What values are then divided by, or each channel. Default 1. */
  deviation?: number | readonly [number, number, number]
  /** The background colour of transparent pixels: `[255, 255, 255]`. Default: transparent pixels are refused. */
  background?: readonly [red: number, green: number, blue: number]
}

/** A checked recipe, with its defaults. */
export interface Preprocessing {
  resize?: number | [number, number]
  interpolation: 'bilinear' | 'bicubic'
  crop?: [number, number]
  tenCrop: boolean
  order: 'rgb' | 'bgr'
  scale: 1 | 255
  mean: [number, number, number]
  deviation: [number, number, number]
  background?: [number, number, number]
}

/**
 * A recipe for `datasets.prepare`. Its result is a plain object, which may be saved as JSON.
 *
 * @example
 * const recipe = datasets.preprocessing({
 *   resize: 256,
 *   crop: 224,
 *   mean: [0.485, 0.456, 0.406],
 *   deviation: [0.229, 0.224, 0.225],
 * })
 * @throws HebbError `option`
 */
export function preprocessing(options: PreprocessingOptions): Preprocessing {
  const who = 'preprocessing'
  const names = ['resize', 'interpolation', 'crop', 'tenCrop', 'order', 'scale', 'mean', 'deviation']
  checkKeys(who, options, [...names, 'background'])
  const { resize, crop, scale = 1, background } = options
  if (scale !== 1 && scale !== 255) refuse(who, 'scale', '1 or 255', scale)
  checkBackground(who, background)
  const each = (name: 'mean' | 'deviation', otherwise: number, ok: (n: number) => boolean, range: string) => {
    const value = options[name] ?? otherwise
    const three = Array.isArray(value) ? value : [value, value, value]
    if (three.length !== 3) refuse(who, name, 'a number, or three', value)
    return [...three].map((one) => checkNumber(who, name, one, ok, range)) as [number, number, number]
  }
  const recipe: Preprocessing = {
    interpolation: checkName(who, 'interpolation', options.interpolation ?? 'bilinear', [
      'bilinear',
      'bicubic',
    ]),
    tenCrop: checkFlag(who, 'tenCrop', options.tenCrop ?? false),
    order: checkName(who, 'order', options.order ?? 'rgb', ['rgb', 'bgr']),
    scale,
    mean: each('mean', 0, (n) => Math.abs(n) < MOST, 'at most 3e38'),
    deviation: each('deviation', 1, (n) => n < MOST && Math.fround(n) > 0, 'above 0 in 32 bits'),
  }
  if (resize !== undefined) {
    const both = pair(who, 'resize', resize, 1)
    recipe.resize = Array.isArray(resize) ? both : both[0]
  }
  if (crop !== undefined) recipe.crop = pair(who, 'crop', crop, 1)
  if (recipe.tenCrop && !recipe.crop) refuse(who, 'crop', 'the size of the ten parts', crop)
  if (background !== undefined) recipe.background = [...background]
  const least = Array.isArray(recipe.resize) ? recipe.resize : [recipe.resize, recipe.resize]
  const tooSmall = recipe.crop?.some((side, i) => side > (least[i] ?? side))
  if (tooSmall) refuse(who, 'crop', `no larger than resize, ${recipe.resize}`, crop)
  return recipe
}
