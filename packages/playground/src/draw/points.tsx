// Points of two classes on a plane, to be dragged, added, changed and removed, with the pointer or with keys.
import type { ComponentChildren } from 'preact'
import { useRef } from 'preact/hooks'
import { Graph, type Range, type View } from './graph'

/** x, y and the class, 0 or 1. */
export type Point = readonly [x: number, y: number, t: number]

interface Props {
  label: string
  points: readonly Point[]
  range: Range
  change: (points: readonly Point[]) => void
  /** The class of a point that is added by a click. */
  adding: number
  /** The number of a point to draw a ring around. */
  marked?: number | undefined
  names?: { x: string; y: string }
  /** The points are of no class, so that it cannot be changed. */
  classless?: boolean
  /** What lies under the points. */
  children: (view: View) => ComponentChildren
}

/** Pixels within which a press is a click and no drag. */
const STILL = 4
/** How far an arrow key moves a point, as a part of the range. */
const STRIDE = 0.02
const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
}

const NAMES = { x: 'x₁', y: 'x₂' }

export function Points(props: Props) {
  const { label, points, range, change, adding, marked, names = NAMES, classless = false, children } = props
  const drag = useRef<{ point: number; x: number; y: number; moved: boolean } | undefined>(undefined)
  // Rounded as in the address, so that a link shows the same numbers.
  const within = (value: number, [least, most]: readonly [number, number]) =>
    Number(Math.max(least, Math.min(most, value)).toPrecision(4))
  const inside = ([x, y]: readonly number[]): [number, number] => [within(x!, range.x), within(y!, range.y)]
  const replace = (i: number, point: Point) => change(points.map((own, j) => (j === i ? point : own)))
  const move = (i: number, to: readonly number[]) => replace(i, [...inside(to), points[i]![2]])
  const toggle = (i: number) => replace(i, [points[i]![0], points[i]![1], 1 - points[i]![2]])
  const remove = (i: number) => change(points.filter((_, j) => j !== i))

  const key = (event: KeyboardEvent, i: number) => {
    const arrow = ARROWS[event.key]
    const [x, y] = points[i]!
    if (arrow) {
      const [right, up] = arrow
      move(i, [x + right * STRIDE * (range.x[1] - range.x[0]), y + up * STRIDE * (range.y[1] - range.y[0])])
    } else if (!classless && (event.key === 'Enter' || event.key === ' ')) toggle(i)
    else if (event.key === 'Delete' || event.key === 'Backspace') remove(i)
    else return
    event.preventDefault()
  }
  return (
    <Graph label={label} range={range} names={names} interactive class="points">
      {(view) => {
        const at = (event: PointerEvent) => {
          const { left, top } = (event.currentTarget as SVGElement).ownerSVGElement!.getBoundingClientRect()
          return view.at(event.clientX - left, event.clientY - top)
        }
        return (
          <>
            {children(view)}
            <rect
              class="ground"
              x={view.x(range.x[0])}
              y={view.y(range.y[1])}
              width={view.x(range.x[1]) - view.x(range.x[0])}
              height={view.y(range.y[0]) - view.y(range.y[1])}
              onPointerDown={(event) => {
                if (event.isPrimary && event.button === 0) change([...points, [...inside(at(event)), adding]])
              }}
            />
            {points.map(([x, y, t], i) => (
              // biome-ignore lint/a11y/useSemanticElements: a button cannot lie in an SVG.
              <g
                key={i}
                class={`point class${t}`}
                tabindex={0}
                role="button"
                aria-label={`Point ${i + 1}${classless ? '' : ` of class ${t}`} at ${x.toFixed(2)}, ${y.toFixed(2)}. Arrows move it, ${classless ? '' : 'Enter changes its class, '}Delete removes it.`}
                transform={`translate(${view.x(x)} ${view.y(y)})`}
                onKeyDown={(event) => key(event, i)}
                onDblClick={() => remove(i)}
                onPointerDown={(event) => {
                  if (!event.isPrimary || event.button !== 0) return
                  event.currentTarget.setPointerCapture(event.pointerId)
                  drag.current = { point: i, x: event.clientX, y: event.clientY, moved: false }
                }}
                onPointerMove={(event) => {
                  const now = drag.current
                  if (now?.point !== i) return
                  now.moved ||= Math.hypot(event.clientX - now.x, event.clientY - now.y) > STILL
                  if (now.moved) move(i, at(event))
                }}
                onPointerUp={() => {
                  drag.current = undefined
                }}
              >
                {/* A finger needs more room than the mark. */}
                <circle class="reach" r={16} />
                {i === marked && <circle class="ring" r={13} />}
                {t === 1 ? (
                  <circle class="mark" r={7} />
                ) : (
                  <rect class="mark" x={-6} y={-6} width={12} height={12} />
                )}
              </g>
            ))}
          </>
        )
      }}
    </Graph>
  )
}
