// Axes with a grid, as wide as its place; what is drawn on them is the caller's.
import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import { useWidth } from './width'

export interface Range {
  x: readonly [number, number]
  y: readonly [number, number]
}

/** Where values lie on the picture, in pixels. */
export interface View {
  x: (value: number) => number
  y: (value: number) => number
  /** The values at a place of the picture. */
  at: (x: number, y: number) => [x: number, y: number]
  width: number
  height: number
  /** The `clip-path` of what must not leave the axes. */
  clip: string
}

/** The corners of a line, for `points` of a polyline. Places far outside are brought nearer, as SVG's numbers are short. */
export function pathOf(view: View, places: readonly (readonly number[])[]): string {
  const near = (pixels: number) =>
    Math.max(-1e5, Math.min(1e5, Number.isNaN(pixels) ? 1e5 : pixels)).toFixed(1)
  return places.map(([x, y]) => `${near(view.x(x!))},${near(view.y(y!))}`).join(' ')
}

interface Props {
  class?: string
  label: string
  range: Range
  /** Height by width, of the area within the axes. */
  aspect?: number
  names?: { x: string; y: string }
  /** Room for the numbers of the vertical axis. */
  left?: number
  /** Keys and pointers act on what is drawn. */
  interactive?: boolean
  children: (view: View) => ComponentChildren
}

/** The height that the axes of a narrow page keep, in pixels. */
const LOWEST = 150

const MARGIN = { right: 10, top: 10, bottom: 30 }
/** The same with names of the axes, which lie outside: nothing that is drawn may cover them. */
const NAMED = { right: 10, top: 26, bottom: 44 }

export function Graph({
  label,
  range,
  aspect = 0.7,
  names,
  left = 40,
  interactive,
  children,
  ...rest
}: Props) {
  const [place, width] = useWidth()
  const id = useId()
  const margin = names ? NAMED : MARGIN
  const across = width - left - margin.right
  const inner = { width: across, height: Math.max(LOWEST, Math.round(across * aspect)) }
  const height = inner.height + margin.top + margin.bottom
  const [x0, x1] = range.x
  const [y0, y1] = range.y
  const view: View = {
    x: (value) => left + ((value - x0) / (x1 - x0)) * inner.width,
    y: (value) => margin.top + ((y1 - value) / (y1 - y0)) * inner.height,
    at: (x, y) => [
      x0 + ((x - left) / inner.width) * (x1 - x0),
      y1 - ((y - margin.top) / inner.height) * (y1 - y0),
    ],
    width,
    height,
    clip: `url(#${id})`,
  }
  return (
    <div class="graph" ref={place} style={{ height: `${height}px` }}>
      {width > 0 && (
        <svg width={width} height={height} role={interactive ? 'group' : 'img'} aria-label={label} {...rest}>
          <clipPath id={id}>
            <rect x={left} y={margin.top} width={inner.width} height={inner.height} />
          </clipPath>
          {ticks(x0, x1, width / 90).map((value) => (
            <g key={`x${value}`} class="tick">
              <line x1={view.x(value)} x2={view.x(value)} y1={margin.top} y2={margin.top + inner.height} />
              <text x={view.x(value)} y={margin.top + inner.height + 18} text-anchor="middle">
                {text(value)}
              </text>
            </g>
          ))}
          {ticks(y0, y1, height / 60).map((value) => (
            <g key={`y${value}`} class="tick">
              <line x1={left} x2={left + inner.width} y1={view.y(value)} y2={view.y(value)} />
              <text x={left - 6} y={view.y(value) + 4} text-anchor="end">
                {text(value)}
              </text>
            </g>
          ))}
          {children(view)}
          {names && (
            <g class="name">
              <text x={width - margin.right} y={height - 6} text-anchor="end">
                {names.x}
              </text>
              <text x={left} y={margin.top - 10} text-anchor="middle">
                {names.y}
              </text>
            </g>
          )}
        </svg>
      )}
    </div>
  )
}

const text = (value: number) => String(Number(value.toPrecision(6))).replace('-', '−')

/** Round values between `from` and `to`, about `count` of them. */
export function ticks(from: number, to: number, count: number): number[] {
  const rough = (to - from) / Math.max(2, count)
  const size = 10 ** Math.floor(Math.log10(rough))
  const stride = size * ([1, 2, 5, 10].find((step) => step * size >= 0.7 * rough) ?? 10)
  const first = Math.ceil(from / stride - 1e-9)
  const last = Math.floor(to / stride + 1e-9)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * stride)
}

/** The range of some points, with room around them; `least` is always inside. */
export function rangeOf(points: readonly (readonly number[])[], least: Range): Range {
  const span = (axis: 0 | 1, [from, to]: readonly [number, number]): [number, number] => {
    const all = points.map((point) => point[axis]!)
    const [low, high] = [Math.min(...all), Math.max(...all)]
    if (low >= from && high <= to) return [from, to]
    const room = 0.08 * (high - low || 1)
    return [Math.min(low - room, from), Math.max(high + room, to)]
  }
  return { x: span(0, least.x), y: span(1, least.y) }
}
