import type { mark } from './drawing'
import { COLOURS } from './palette'

const ROW = 20
/** A path of each symbol's shape around its place. */
const SHAPES: Record<string, string> = {
  circle: 'm-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0',
  square: 'm-3-3h6v6h-6z',
  triangle: 'm0-4.2l4 7h-8z',
  diamond: 'm0-5l3.5 5l-3.5 5l-3.5-5z',
  star: 'm0-5l1.2 3.3h3.5l-2.8 2.1l1 3.4l-2.9-2l-2.9 2l1-3.4l-2.8-2.1h3.5z',
  cross: 'm-1.5-4.5h3v3h3v3h-3v3h-3v-3h-3v-3h3z',
}

/** The names of the series, below a chart in as many rows as they need. */
export function legend(
  series: readonly { name?: string; line?: boolean }[],
  width: number,
): { height: number; draw(symbols: readonly string[]): Parameters<typeof mark>[0] } {
  const entries: { name: string; line: boolean; i: number; x: number; row: number }[] = []
  let [x, row] = [64, 0]
  for (const [i, { name, line = false }] of series.entries()) {
    if (!name) continue
    const size = 44 + 7.8 * name.length
    if (x > 64 && x + size > width) [x, row] = [64, row + 1]
    entries.push({ name, line, i, x, row })
    x += size
  }
  const height = entries.length > 0 ? ROW * (row + 1) + 6 : 0
  const draw =
    (symbols: readonly string[]): Parameters<typeof mark>[0] =>
    (create, _place, size) =>
      entries.flatMap(({ name, line, i, x, row }) => {
        const y = size.height - height + ROW * row + 12
        const colour = COLOURS[i % COLOURS.length]!
        const dashed: Record<string, string> = i >= COLOURS.length ? { 'stroke-dasharray': '6 3' } : {}
        const look = line
          ? create('path', {
              d: `M${x} ${y - 4}h18`,
              stroke: colour,
              'stroke-width': 2,
              fill: 'none',
              ...dashed,
            })
          : create('path', { d: `M${x + 9} ${y - 4}${SHAPES[symbols[i % symbols.length]!]}`, fill: colour })
        return [look, create('text', { x: x + 24, y, fill: 'currentColor', 'text-anchor': 'start' }, name)]
      })
  return { height, draw }
}
