import { HebbError } from '../errors'
import type { Limits } from './axis'

/** The centers of the cells of a grid between limits, row by row from below. */
export function gridOf([left, right]: Limits, [low, high]: Limits, count: number): [number, number][] {
  const at = (from: number, to: number, i: number) => from + ((to - from) * (i + 0.5)) / count
  return Array.from({ length: count * count }, (_, i) => [
    at(left, right, i % count),
    at(low, high, Math.floor(i / count)),
  ])
}

/** Levels that part finite values into so many parts with as many of them each. */
export function quantiles(values: ArrayLike<number>, parts: number): number[] {
  const sorted = Array.from(values)
    .filter(Number.isFinite)
    .sort((a, b) => a - b)
  if (sorted.length === 0) throw new HebbError('data', 'no point of the surface has a finite value')
  const levels = Array.from(
    { length: parts - 1 },
    (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / parts)]!,
  )
  return [...new Set(levels)]
}
