/** An image of a sample: `[C, H, W]`, row by row. */
export interface Image {
  data: Float32Array
  shape: readonly [number, number, number]
}

/** Random numbers, at least 0 and below 1. */
export type Random = () => number

/** Makes another image of an image, which it leaves as it is. One of your own is a function of these two arguments. */
export type Transform = (image: Image, random: Random) => Image

/** Whether a 32-bit float can hold a number. */
export const inFloats = (n: number): boolean => Number.isFinite(Math.fround(n))

/** A range to draw from: from −a to a, or from the first to the second number. */
export type Range = number | readonly [from: number, to: number]
