// Three dimensions, seen from the side: the lifted points, the surface on which they lie, and the plane between them.
import { useRef } from 'preact/hooks'
import type { Range } from '../../draw/graph'
import type { Point } from '../../draw/points'
import { useWidth } from '../../draw/width'
import { contour } from './contour'

type Place = readonly [x: number, y: number, z: number]

interface Props {
  label: string
  points: readonly Point[]
  range: Range
  height: (x: number, y: number) => number
  /** The plane w·p + b = 0. */
  plane: { w: readonly number[]; b: number } | undefined
  /** Degrees. */
  turn: number
  tilt: number
  look: (turn: number, tilt: number) => void
}

/** The height of the box in units of x, for z from 0 to 1. */
const [LIFT, TOP] = [2.8, 1.05]
const ASPECT = 0.72
/** Degrees for a pixel of a drag. */
const SPEED = 0.5

export function Space({ label, points, range, height, plane, turn, tilt, look }: Props) {
  const [place, width] = useWidth()
  const drag = useRef<{ x: number; y: number; turn: number; tilt: number } | undefined>(undefined)
  const scale = width / 7.4
  const [middle, center] = [width / 2, width * ASPECT * 0.5]
  const [yaw, pitch] = [(turn * Math.PI) / 180, (tilt * Math.PI) / 180]

  const project = ([x, y, z]: Place): [number, number] => {
    const across = x * Math.cos(yaw) - y * Math.sin(yaw)
    const away = x * Math.sin(yaw) + y * Math.cos(yaw)
    const up = away * Math.sin(pitch) + LIFT * (z - TOP / 2) * Math.cos(pitch)
    return [middle + scale * across, center - scale * up]
  }
  const line = (places: readonly Place[]) =>
    places
      .map(project)
      .map((at) => at.map((pixels) => pixels.toFixed(1)).join(','))
      .join(' ')
  const lifted = (x: number, y: number): Place => [x, y, height(x, y)]
  const value = ([x, y, z]: Place) => plane!.w[0]! * x + plane!.w[1]! * y + plane!.w[2]! * z + plane!.b
  /** Whether a place is on the same side of the plane as who looks. */
  const near = (place: Place) => {
    if (!plane) return true
    const eye: Place = [
      -Math.sin(yaw) * Math.cos(pitch),
      -Math.cos(yaw) * Math.cos(pitch),
      Math.sin(pitch) / LIFT,
    ]
    return value(place) * (value(eye) - plane.b) > 0
  }
  const mark = ([x, y, t]: Point, i: number) => {
    const [right, down] = project(lifted(x, y))
    const [, foot] = project([x, y, 0])
    return (
      <g key={i} class={`lifted class${t}`}>
        <line x1={right} x2={right} y1={down} y2={foot} />
        {t === 1 ? (
          <circle cx={right} cy={down} r={5} />
        ) : (
          <rect x={right - 4.5} y={down - 4.5} width={9} height={9} />
        )}
      </g>
    )
  }
  const behind = points.filter(([x, y]) => !near(lifted(x, y)))
  const before = points.filter(([x, y]) => near(lifted(x, y)))
  const face = plane && cut(range, value).map((place) => ({ place, at: project(place) }))
  return (
    <div class="space" ref={place} style={{ aspectRatio: `1 / ${ASPECT}` }}>
      {width > 0 && (
        <svg
          width={width}
          height={width * ASPECT}
          role="img"
          aria-label={label}
          onPointerDown={(event) => {
            if (!event.isPrimary || event.button !== 0) return
            event.currentTarget.setPointerCapture(event.pointerId)
            drag.current = { x: event.clientX, y: event.clientY, turn, tilt }
          }}
          onPointerMove={(event) => {
            const { current: from } = drag
            if (!from) return
            look(from.turn - SPEED * (event.clientX - from.x), from.tilt + SPEED * (event.clientY - from.y))
          }}
          onPointerUp={() => {
            drag.current = undefined
          }}
          onPointerCancel={() => {
            drag.current = undefined
          }}
        >
          {grid(range).map((places, i) => (
            <polyline key={i} class="floor" points={line(places.map(([x, y]) => [x, y, 0]))} />
          ))}
          {grid(range).map((places, i) => (
            <polyline key={i} class="surface" points={line(places.map(([x, y]) => lifted(x, y)))} />
          ))}
          {behind.map(mark)}
          {face && face.length > 2 && (
            <polygon class="face" points={around(face.map(({ at }) => at)).join(' ')} />
          )}
          {plane && (
            <path
              class="cut"
              d={contour((x, y) => value(lifted(x, y)), range.x, range.y)
                .map(([a, b]) => `M${project(lifted(...a))}L${project(lifted(...b))}`)
                .join('')}
            />
          )}
          {before.map(mark)}
        </svg>
      )}
    </div>
  )
}

/** Lines on the floor along both axes. */
function grid({ x: [x0, x1], y: [y0, y1] }: Range): [number, number][][] {
  const [LINES, PLACES] = [10, 48]
  const at = (from: number, to: number, share: number) => from + share * (to - from)
  const all = (count: number) => Array.from({ length: count + 1 }, (_, i) => i / count)
  return [
    ...all(LINES).map((i) => all(PLACES).map((k): [number, number] => [at(x0, x1, i), at(y0, y1, k)])),
    ...all(LINES).map((i) => all(PLACES).map((k): [number, number] => [at(x0, x1, k), at(y0, y1, i)])),
  ]
}

/** The corners of what a plane has inside the box. */
function cut({ x, y }: Range, value: (place: Place) => number): Place[] {
  const corners: Place[] = [0, 1, 2, 3, 4, 5, 6, 7].map((i) => [x[i & 1]!, y[(i >> 1) & 1]!, TOP * (i >> 2)])
  const places: Place[] = []
  for (let i = 0; i < 8; i++) {
    for (const bit of [1, 2, 4]) {
      if (i & bit) continue
      const [a, b] = [corners[i]!, corners[i | bit]!]
      const [from, to] = [value(a), value(b)]
      if (from < 0 === to < 0) continue
      const share = from / (from - to)
      places.push([0, 1, 2].map((k) => a[k]! + share * (b[k]! - a[k]!)) as unknown as Place)
    }
  }
  return places
}

/** The corners of a convex figure in their order around it. */
function around(places: readonly (readonly [number, number])[]) {
  const mean = [0, 1].map((k) => places.reduce((sum, place) => sum + place[k]!, 0) / places.length)
  const angle = ([x, y]: readonly [number, number]) => Math.atan2(y - mean[1]!, x - mean[0]!)
  return places.toSorted((a, b) => angle(a) - angle(b))
}
