// How an image is prepared: as in training, or with a mistake.
import type { PreprocessingOptions } from 'hebb'

export const MEAN = [0.485, 0.456, 0.406] as const
export const DEVIATION = [0.229, 0.224, 0.225] as const
export const SIDE = 224

export const ORDERS = { rgb: 'red, green, blue', bgr: 'blue, green, red' } as const
export type Order = keyof typeof ORDERS
export const SCALINGS = {
  normalized: 'normalised',
  plain: 'from 0 to 1',
  bytes: 'from 0 to 255',
} as const
export type Scaling = keyof typeof SCALINGS

export const recipe = (order: Order, scaling: Scaling): PreprocessingOptions => ({
  resize: 256,
  crop: SIDE,
  order,
  ...(scaling === 'normalized' && { mean: MEAN, deviation: DEVIATION }),
  ...(scaling === 'bytes' && { scale: 255 }),
})

/** The picture that the network takes the values for, if it was trained with normalised ones. */
export const asSeen = (values: Float32Array) => {
  const size = values.length / 3
  return values.map((x, i) => {
    const c = Math.floor(i / size)
    return Math.max(0, Math.min(1, x * DEVIATION[c]! + MEAN[c]!))
  })
}
