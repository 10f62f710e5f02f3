// Readers of arguments: commander prints what they throw, and ends with the exit code of wrong usage.
import { InvalidArgumentError } from 'commander'

/** A reader of whole numbers from `least` on. */
export function whole(least: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (Number.isSafeInteger(value) && value >= least) return value
    throw new InvalidArgumentError(`It must be a whole number of at least ${least}.`)
  }
}

/** The number of a TCP port. */
export function portNumber(text: string): number {
  const value = whole(0)(text)
  if (value < 2 ** 16) return value
  throw new InvalidArgumentError('It must be below 65536.')
}

/** A number above 0; with `most` also below that. */
export function positive(most = Number.POSITIVE_INFINITY): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text)
    if (value > 0 && value < most) return value
    const between = most === Number.POSITIVE_INFINITY ? 'above 0' : `between 0 and ${most}`
    throw new InvalidArgumentError(`It must be a number ${between}.`)
  }
}

/** Names between commas. */
export function names(text: string): string[] {
  const all = text.split(',').map((name) => name.trim())
  if (all.every(Boolean)) return all
  throw new InvalidArgumentError('It must be names between commas.')
}

/** Whole numbers between commas. */
export const sizes = (text: string): number[] => names(text).map(whole(1))

/** A shape: `28x28`. */
export const shape = (text: string): number[] => text.split('x').map(whole(1))

/** The height and the width of images, as `28x32` or one number for both. */
export function imageSize(text: string): [number, number] {
  const [height, width = height, ...more] = shape(text)
  if (more.length === 0) return [height!, width!]
  throw new InvalidArgumentError('It must be a height and a width, as 28x32, or one number for both.')
}
