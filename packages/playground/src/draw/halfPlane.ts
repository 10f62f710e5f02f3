import type { Range } from './graph'

export interface HalfPlane {
  /** The corners of the part of the range in which w·x + b ≥ 0. */
  fires: readonly [number, number][]
  /** The ends of the line w·x + b = 0 inside the range, if it crosses it. */
  line: readonly [number, number][]
}

/** Cuts a range along the line w·x + b = 0. */
export function halfPlane({ x, y }: Range, [w1, w2, b]: readonly [number, number, number]): HalfPlane {
  const corners: [number, number][] = [
    [x[0], y[0]],
    [x[1], y[0]],
    [x[1], y[1]],
    [x[0], y[1]],
  ]
  const net = ([x, y]: [number, number]) => w1 * x + w2 * y + b
  const fires: [number, number][] = []
  const line: [number, number][] = []
  for (const [i, from] of corners.entries()) {
    const to = corners[(i + 1) % 4]!
    const [before, after] = [net(from), net(to)]
    if (before >= 0) fires.push(from)
    if (before >= 0 === after >= 0) continue
    const share = before / (before - after)
    const cut: [number, number] = [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])]
    fires.push(cut)
    line.push(cut)
  }
  return { fires, line }
}
