// A place to drag, with the pointer or with the arrow keys.
import type { Range, View } from './graph'

interface Props {
  label: string
  view: View
  range: Range
  at: readonly [number, number]
  /** Whether it moves to the sides only. */
  horizontal?: boolean
  move: (to: [number, number]) => void
}

const STRIDE = 0.02
const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
}

export function Handle({ label, view, range, at, horizontal = false, move }: Props) {
  // Rounded as in the address, so that a link shows the same numbers.
  const within = (value: number, [least, most]: readonly [number, number]) =>
    Number(Math.max(least, Math.min(most, value)).toPrecision(4))
  const to = (x: number, y: number) => move([within(x, range.x), horizontal ? at[1] : within(y, range.y)])
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button cannot lie in an SVG.
    <g
      class="handle"
      tabindex={0}
      role="button"
      aria-label={`${label}. Arrow keys move it.`}
      transform={`translate(${view.x(at[0])} ${view.y(at[1])})`}
      onKeyDown={(event) => {
        const arrow = ARROWS[event.key]
        if (!arrow) return
        event.preventDefault()
        const [width, height] = [range.x[1] - range.x[0], range.y[1] - range.y[0]]
        to(at[0] + arrow[0] * STRIDE * width, at[1] + arrow[1] * STRIDE * height)
      }}
      onPointerDown={(event) => {
        if (event.isPrimary) event.currentTarget.setPointerCapture(event.pointerId)
      }}
      onPointerMove={(event) => {
        if (!event.isPrimary || !event.currentTarget.hasPointerCapture(event.pointerId)) return
        const { left, top } = event.currentTarget.ownerSVGElement!.getBoundingClientRect()
        to(...view.at(event.clientX - left, event.clientY - top))
      }}
    >
      <circle class="grip" r={18} />
      <circle class="knob" r={8} />
    </g>
  )
}
