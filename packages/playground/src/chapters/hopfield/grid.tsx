// The cue, to be drawn on: with the pointer, or with keys.
import { useSignal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { Bitmap } from '../../draw/bitmap'
import type { Cells } from './cells'
import * as model from './model'

const ARROWS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: 0, ArrowDown: 0 }

export function Grid() {
  const { value: cells } = model.cue
  const { value: side } = model.side
  /** The value that the pen leaves, while it is down. */
  const pen = useRef<number | undefined>(undefined)
  const cursor = useSignal<number | undefined>(undefined)
  const paint = (at: number, value: number) => {
    if (model.cue.peek()[at] !== value) model.showCue(model.cue.peek().map((y, i) => (i === at ? value : y)))
  }
  const at = (event: PointerEvent) => {
    const { left, top, width, height } = (event.currentTarget as Element).getBoundingClientRect()
    const place = (part: number) => Math.max(0, Math.min(side - 1, Math.floor(part * side)))
    return place((event.clientY - top) / height) * side + place((event.clientX - left) / width)
  }
  const key = (event: KeyboardEvent) => {
    const here = Math.min(cursor.value ?? 0, cells.length - 1)
    const [row, column] = [Math.floor(here / side), here % side]
    const within = (place: number) => Math.max(0, Math.min(side - 1, place))
    if (event.key === ' ' || event.key === 'Enter') paint(here, turned(cells, here))
    else if (event.key === 'ArrowUp') cursor.value = within(row - 1) * side + column
    else if (event.key === 'ArrowDown') cursor.value = within(row + 1) * side + column
    else if (event.key in ARROWS) cursor.value = row * side + within(column + ARROWS[event.key]!)
    else return
    event.preventDefault()
  }
  const ring = cursor.value
  return (
    <div
      class="grid"
      role="application"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it takes keys, as a drawing does.
      tabIndex={0}
      aria-label="The cue. Arrow keys move over its cells, space turns one."
      onKeyDown={key}
      onBlur={() => {
        cursor.value = undefined
      }}
      onPointerDown={(event) => {
        if (!event.isPrimary) return
        event.currentTarget.setPointerCapture(event.pointerId)
        const here = at(event)
        pen.current = turned(cells, here)
        paint(here, pen.current)
      }}
      onPointerMove={(event) => {
        if (pen.current !== undefined) paint(at(event), pen.current)
      }}
      onPointerUp={() => {
        pen.current = undefined
      }}
      onPointerCancel={() => {
        pen.current = undefined
      }}
    >
      <Bitmap cells={cells} />
      {ring !== undefined && (
        <span
          class="cursor"
          style={{
            left: `${(100 * (ring % side)) / side}%`,
            top: `${(100 * Math.floor(ring / side)) / side}%`,
            width: `${100 / side}%`,
            height: `${100 / side}%`,
          }}
        />
      )}
    </div>
  )
}

const turned = (cells: Cells, at: number) => (cells[at]! > 0 ? -1 : 1)
