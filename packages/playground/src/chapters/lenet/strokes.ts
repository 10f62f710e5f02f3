// Lines of a pen, in the unit square.
import type { Codec } from '../../page/url'

export type Stroke = readonly { readonly x: number; readonly y: number }[]

/** Places are written as two characters for each coordinate. */
export const PLACES = 36 ** 2 - 1
/** The most places in an address. */
const MOST = 600

export const strokesCodec: Codec<readonly Stroke[]> = {
  write: (strokes) => {
    const one = (value: number) =>
      Math.round(value * PLACES)
        .toString(36)
        .padStart(2, '0')
    return strokes.map((stroke) => stroke.map(({ x, y }) => one(x) + one(y)).join('')).join('.')
  },
  read: (text) => {
    if (text === '') return []
    if (!/^([0-9a-z]{4})+(\.([0-9a-z]{4})+)*$/.test(text) || text.length > 4 * MOST) return undefined
    const one = (from: string) => Number.parseInt(from, 36) / PLACES
    return text
      .split('.')
      .map((stroke) => stroke.match(/.{4}/g)!.map((at) => ({ x: one(at.slice(0, 2)), y: one(at.slice(2)) })))
  },
}

/** A two to trace: what the page reads first. */
export const ghost: readonly Stroke[] = [
  [
    ...Array.from({ length: 15 }, (_, i) => {
      const angle = Math.PI * (1.05 + (i / 14) * 1.15)
      return { x: 0.5 + 0.2 * Math.cos(angle), y: 0.34 + 0.18 * Math.sin(angle) }
    }),
    { x: 0.56, y: 0.58 },
    { x: 0.31, y: 0.82 },
    { x: 0.73, y: 0.82 },
  ],
]
