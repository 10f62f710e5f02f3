// Resizing as Pillow's (`Image.resize`), bit by bit: antialiased, so that no pixel is left out when an image becomes smaller.
// Along the rows and along the columns, each rounded to bytes; weights are integers of 22 bits after the point.
import { HebbError } from '../../errors'

/** Bits after the point: a sum of products with bytes is less than 2³¹. */
const PRECISION = 22

/** The most pixels of a resized plane. */
const MAX_RESIZED_PIXELS = 2 ** 28

export interface Filter {
  /** How far it reaches. */
  radius: number
  weight(distance: number): number
}

export const bilinear: Filter = {
  radius: 1,
  weight: (x) => Math.max(0, 1 - Math.abs(x)),
}

/** R. Keys, "Cubic convolution interpolation for digital image processing", 1981, with a = −0.5. */
export const bicubic: Filter = {
  radius: 2,
  weight(signed) {
    const x = Math.abs(signed)
    if (x < 1) return (1.5 * x - 2.5) * x * x + 1
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * -0.5 : 0
  },
}

/** Throws if an image of a size would be too large. */
export function checkSize([h, w]: readonly [number, number]): void {
  if (h * w > MAX_RESIZED_PIXELS)
    throw new HebbError('memory', `an image of the size [${h}, ${w}] is too large`)
}

/** Resizes a plane of bytes `[h, w]` to `[toH, toW]`. Along a side whose length stays nothing changes. */
export function resize(
  plane: Uint8Array,
  [h, w]: readonly [number, number],
  [toH, toW]: readonly [number, number],
  filter: Filter,
): Uint8Array {
  const across = (from: Uint8Array, rows: number) =>
    w === toW ? from : acrossRows(from, rows, w, toW, filter)
  const down = (from: Uint8Array, columns: number) =>
    h === toH ? from : downColumns(from, h, columns, toH, filter)
  // The order matters for the last bit. Pillow 13 begins with the columns if these lose more than twice what the rows lose,
  // which was found by comparing sizes; Pillow 12 always begins with the rows.
  const isDownFirst = h > toH && h - toH > 2 * (w - toW)
  return isDownFirst ? across(down(plane, w), toH) : down(across(plane, h), toW)
}

/** For each of `to` samples: the first of those of which it is a sum, how many these are, and their weights. */
function weightsOf(length: number, to: number, { radius, weight }: Filter) {
  const scale = length / to
  const wide = Math.max(scale, 1)
  const reach = radius * wide
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale
    const from = Math.max(0, centre - reach + 0.5) | 0
    const end = Math.min(length, centre + reach + 0.5) | 0
    const values = Array.from({ length: end - from }, (_, k) =>
      weight((k + from - centre + 0.5) * (1 / wide)),
    )
    const sum = values.reduce((a, b) => a + b, 0)
    // The array cuts fractions off.
    const rounded = (value: number) => (value / sum) * 2 ** PRECISION + (value < 0 ? -0.5 : 0.5)
    return { from, weights: Int32Array.from(values, rounded) }
  })
}

function acrossRows(plane: Uint8Array, rows: number, length: number, to: number, filter: Filter) {
  const answer = new Uint8ClampedArray(rows * to)
  const all = weightsOf(length, to, filter)
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < to; i++) {
      const { from, weights } = all[i]!
      const at = row * length + from
      let sum = 1 << (PRECISION - 1)
      for (let k = 0; k < weights.length; k++) sum = (sum + weights[k]! * plane[at + k]!) | 0
      answer[row * to + i] = sum >> PRECISION
    }
  }
  return new Uint8Array(answer.buffer)
}

function downColumns(plane: Uint8Array, length: number, columns: number, to: number, filter: Filter) {
  const answer = new Uint8ClampedArray(to * columns)
  const sums = new Int32Array(columns)
  for (const [i, { from, weights }] of weightsOf(length, to, filter).entries()) {
    sums.fill(1 << (PRECISION - 1))
    for (let k = 0; k < weights.length; k++) {
      const weight = weights[k]!
      const at = (from + k) * columns
      for (let column = 0; column < columns; column++)
        sums[column] = (sums[column]! + weight * plane[at + column]!) | 0
    }
    for (let column = 0; column < columns; column++) answer[i * columns + column] = sums[column]! >> PRECISION
  }
  return new Uint8Array(answer.buffer)
}
