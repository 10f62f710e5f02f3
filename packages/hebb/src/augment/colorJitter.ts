import { HebbError } from '../errors'
import { checkKeys, checkNumber, refuse } from '../options'
import { turnHue } from './hue'
import type { Image, Random, Transform } from './transform'

/** A factor's range: from 1 − a (at least 0) to 1 + a, or from the first to the second number. */
export type Factors = number | readonly [from: number, to: number]

export interface ColorJitterOptions {
  /** The factor of all values. Default 0: none. */
  brightness?: Factors
  /** The factor of the differences from the image's mean luma. Default 0: none. */
  contrast?: Factors
  /** The factor of the differences from each pixel's luma: 0 is grey. Default 0: none. */
  saturation?: Factors
  /** The part of the circle of hues by which they turn: from −a to a, or a range, within −½ and ½. Default 0: none. */
  hue?: Factors
}

/** Changes an image, by a factor. */
type Change = (image: Image, factor: number) => Float32Array

/** The most that a factor can be. */
const MOST = 1e6

/**
 * Changes brightness, contrast, saturation and hue of images of values 0 to 1, `[3, H, W]` or grey `[1, H, W]`, by random factors
 * and in random order, as torchvision's `ColorJitter`. The results are kept within 0 and 1; grey has no saturation and no hue.
 *
 * @example colorJitter({ brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1 })
 * @throws HebbError `option`; `shape` for images of other channels
 */
export function colorJitter(options: ColorJitterOptions): Transform {
  const who = 'colorJitter'
  checkKeys(who, options, ['brightness', 'contrast', 'saturation', 'hue'])
  const factors = (name: 'brightness' | 'contrast' | 'saturation') =>
    range(name, options[name] ?? 0, 1, 0, MOST)
  const steps: (readonly [Change, readonly [number, number]])[] = [
    [brighten, factors('brightness')],
    [contrast, factors('contrast')],
    [saturate, factors('saturation')],
    [turn, range('hue', options.hue ?? 0, 0, -0.5, 0.5)],
  ]
  return (image, random) => {
    const { shape } = image
    if (shape[0] !== 1 && shape[0] !== 3) {
      throw new HebbError('shape', `${who} takes images [3, H, W] or [1, H, W], got [${shape}]`)
    }
    const drawn = steps.map(([change, [from, to]]) => [change, from + (to - from) * random()] as const)
    let result = image
    for (const [change, factor] of shuffled(drawn, random)) {
      if (factor !== (change === turn ? 0 : 1)) result = { data: change(result, factor), shape }
    }
    return result
  }
}

/** The checked ends of a range about `usual`. */
function range(name: string, value: Factors, usual: number, least: number, most: number) {
  const who = 'colorJitter'
  const within = (n: number) => n >= least && n <= most
  if (typeof value === 'number') {
    checkNumber(who, name, value, (n) => n >= 0 && n <= most, `0 to ${most}, or [from, to]`)
    return [Math.max(least, usual - value), Math.min(most, usual + value)] as const
  }
  if (!Array.isArray(value) || value.length !== 2) refuse(who, name, 'a number or [from, to]', value)
  const [from, to] = [...value].map((end) => checkNumber(who, name, end, within, `${least} to ${most}`))
  return from! <= to! ? ([from!, to!] as const) : ([to!, from!] as const)
}

/** The same in random order (Fisher and Yates). */
function shuffled<T>(all: T[], random: Random): T[] {
  for (let i = all.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    ;[all[i], all[j]] = [all[j]!, all[i]!]
  }
  return all
}

const clamped = (value: number) => Math.min(1, Math.max(0, value))

const brighten: Change = ({ data }, factor) => data.map((value) => clamped(factor * value))

const contrast: Change = (image, factor) => {
  const luma = lumaOf(image)
  const mean = luma.reduce((sum, value) => sum + value, 0) / luma.length
  return image.data.map((value) => clamped(factor * value + (1 - factor) * mean))
}

const saturate: Change = (image, factor) => {
  const { data, shape } = image
  if (shape[0] === 1) return data
  const luma = lumaOf(image)
  return data.map((value, i) => clamped(factor * value + (1 - factor) * luma[i % luma.length]!))
}

const turn: Change = ({ data, shape }, by) => {
  if (shape[0] === 1) return data
  const [plane, result] = [data.length / 3, new Float32Array(data.length)]
  for (let i = 0; i < plane; i++) {
    const turned = turnHue([data[i]!, data[i + plane]!, data[i + 2 * plane]!], by)
    for (const [c, value] of turned.entries()) result[i + c * plane] = value
  }
  return result
}

/** The luma of each pixel, by torchvision's weights of red, green and blue. */
function lumaOf({ data, shape }: Image): Float32Array {
  if (shape[0] === 1) return data
  const plane = data.length / 3
  return Float32Array.from(
    { length: plane },
    (_, i) => 0.2989 * data[i]! + 0.587 * data[i + plane]! + 0.114 * data[i + 2 * plane]!,
  )
}
