import { HebbError } from '../errors'
import { checkKeys, checkNumber, refuse } from '../options'
import { elasticField } from './elasticField'
import { inFloats, type Random, type Range, type Transform } from './transform'
import { warp } from './warp'

export interface DistortOptions {
  /** To the right and down, in pixels. Default 0. */
  shift?: Range
  /** Clockwise, in degrees. Default 0. */
  rotate?: Range
  /** The change of size: 0.1 is 10 % larger, −0.1 smaller. Default 0. */
  scale?: Range
  /** Pixels to the right per pixel up: the slant of handwriting. Default 0. */
  shear?: Range
  /** A smooth random field of displacements, of σ `sigma` and factor `alpha`, in pixels. Default: none. */
  elastic?: { alpha: number; sigma: number }
  /** The value outside the image. Default 0. */
  fill?: number
}

const DEGREE = Math.PI / 180
/** The most pixels, degrees and so on. */
const MOST = 1e6

/**
 * Shifts, turns, scales and slants an image about its middle, all by random amounts, and distorts it elastically (Simard, Steinkraus
 * and Platt, "Best practices for convolutional neural networks", 2003; for digits of 28 × 28 α 34 and σ 4). All are one map of
 * places, by which the pixels are interpolated linearly once.
 *
 * @example distort({ shift: 2, rotate: 10, scale: 0.1, elastic: { alpha: 20, sigma: 4 } })
 * @throws HebbError `option`
 */
export function distort(options: DistortOptions): Transform {
  const who = 'distort'
  checkKeys(who, options, ['shift', 'rotate', 'scale', 'shear', 'elastic', 'fill'])
  const shift = range(who, 'shift', options.shift)
  const rotate = range(who, 'rotate', options.rotate)
  const scale = range(who, 'scale', options.scale)
  const shear = range(who, 'shear', options.shear)
  if (scale[0] <= -1)
    throw new HebbError('option', 'distort: scale must be above −1, where the image has no size')
  const fill = checkNumber(who, 'fill', options.fill ?? 0, inFloats, '32 bits can hold')
  const { elastic } = options
  if (elastic !== undefined) {
    checkKeys('distort: elastic', elastic, ['alpha', 'sigma'])
    checkNumber(who, 'alpha', elastic.alpha, (n) => n >= 0 && n <= MOST, `0 to ${MOST}`)
    checkNumber(who, 'sigma', elastic.sigma, (n) => n >= 0.01 && n <= 1000, '0.01 to 1000')
  }
  return (image, random) => {
    const [right, down] = [draw(shift, random), draw(shift, random)]
    const angle = draw(rotate, random) * DEGREE
    const size = 1 + draw(scale, random)
    const slant = draw(shear, random)
    const [, height, width] = image.shape
    const field = elastic && elasticField(height, width, elastic, random)
    // The place in the image that a place of the result shows: the inverse of slanting, scaling, turning and shifting.
    const [cos, sin] = [Math.cos(angle) / size, Math.sin(angle) / size]
    const [middleX, middleY] = [(width - 1) / 2, (height - 1) / 2]
    return warp(image, fill, (column, row, at) => {
      const [x, y] = [column - middleX - right, row - middleY - down]
      const [u, v] = [cos * x + sin * y, cos * y - sin * x]
      const [dx, dy] = field ? [field.x[at]!, field.y[at]!] : [0, 0]
      return [u + slant * v + middleX + dx, v + middleY + dy]
    })
  }
}

/** The checked ends of a range. */
function range(who: string, name: string, value: Range = 0): readonly [number, number] {
  const ends = typeof value === 'number' ? [-value, value] : value
  if (!Array.isArray(ends) || ends.length !== 2) refuse(who, name, 'a number or [from, to]', value)
  const usable = (n: number) => Math.abs(n) <= MOST
  const [from, to] = [...ends].map((end) =>
    checkNumber(who, name, end, usable, `at most ${MOST}, or [from, to]`),
  )
  return from! <= to! ? [from!, to!] : [to!, from!]
}

function draw([from, to]: readonly [number, number], random: Random): number {
  return from + (to - from) * random()
}
