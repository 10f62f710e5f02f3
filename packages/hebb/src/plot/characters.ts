// Curves and points as characters.
import { type Limits, part } from './axis'

export interface Curve {
  points: readonly (readonly [x: number, y: number])[]
  line: boolean
  mark: string
  colour: number
}

export interface Frame {
  x: Limits
  y: Limits
  logX: boolean
  log: boolean
  columns: number
  rows: number
}

type Place = readonly [column: number, row: number]

/** The part of the way between two places, from 0 to 1, that lies in the frame; empty if `end` is below `start`. */
function within(from: Place, to: Place, limits: Place): [start: number, end: number] {
  let [start, end] = [0, 1]
  for (const axis of [0, 1] as const) {
    const way = to[axis] - from[axis]
    const [a, b] = [(-0.5 - from[axis]) / way, (limits[axis] - 0.5 - from[axis]) / way]
    if (way === 0) continue
    start = Math.max(start, Math.min(a, b))
    end = Math.min(end, Math.max(a, b))
  }
  return [start, end]
}

/** The cells of a curve: those of its points, and for a line those between them. */
function cells({ points, line }: Curve, { x, y, logX, log, columns, rows }: Frame): Place[] {
  const places = points.map(
    ([a, b]): Place => [part(a, x, logX) * (columns - 1), (1 - part(b, y, log)) * (rows - 1)],
  )
  const between = places.flatMap((to, i): Place[] => {
    const from = places[i - 1]
    if (!line || !from) return [to]
    const [start, end] = within(from, to, [columns, rows])
    const [across, down] = [to[0] - from[0], to[1] - from[1]]
    const steps = Math.ceil((end - start) * Math.max(Math.abs(across), Math.abs(down)))
    if (!(steps > 0 && steps < Number.POSITIVE_INFINITY)) return [to]
    return Array.from({ length: steps + 1 }, (_, step) => {
      const done = start + ((end - start) * step) / steps
      return [from[0] + across * done, from[1] + down * done]
    })
  })
  return between.map(([column, row]) => [Math.round(column), Math.round(row)])
}

/**
 * Rows of characters. Curves that share a cell take turns, from column to column, so that none hides another;
 * a single point would never be seen, and goes first. Where there is none, `ground` is seen, from 0 to 1 in both directions.
 */
export function characters(
  curves: readonly Curve[],
  frame: Frame,
  paint: (text: string, colour: number) => string,
  ground: (x: number, y: number) => string = () => ' ',
): string[] {
  const shared = Array.from({ length: frame.rows }, () =>
    Array.from({ length: frame.columns }, () => new Set<Curve>()),
  )
  for (const curve of curves)
    for (const [column, row] of cells(curve, frame)) shared[row]?.[column]?.add(curve)
  return shared.map((row, n) => {
    const text = row.map((here, column) => {
      const single = [...here].find(({ points }) => points.length === 1)
      const one = single ?? [...here][column % (here.size || 1)]
      const behind = () => ground(column / (frame.columns - 1), 1 - n / (frame.rows - 1))
      return one ? paint(one.mark, one.colour) : behind()
    })
    return text.join('').trimEnd()
  })
}
