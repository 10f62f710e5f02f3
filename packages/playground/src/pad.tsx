// The drawing pad: with mouse, finger, or the keyboard's arrows.
import { signal, useSignalEffect } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { imageOf, paint, type Stroke } from './ink'
import { palette } from './palette'
import { guarded, look, read } from './session'
import { chosen, drawing } from './state'

const SIDE = 560
/** How far an arrow key moves the pen. */
const STRIDE = 0.03

const strokes = signal<readonly Stroke[]>([])
/** The pen of the arrow keys, after one was pressed. */
const pen = signal<{ x: number; y: number; down: boolean } | undefined>(undefined)

function change(next: readonly Stroke[]): void {
  strokes.value = next
  drawing.value = imageOf(next)
  chosen.value = drawing.value ? 'drawing' : 2
  guarded(async () => void (await Promise.all([read(), look()])))
}

function extend(x: number, y: number): void {
  change([...strokes.value.slice(0, -1), [...(strokes.value.at(-1) ?? []), { x, y }]])
}

export function clear(): void {
  pen.value = undefined
  change([])
}

const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-STRIDE, 0],
  ArrowRight: [STRIDE, 0],
  ArrowUp: [0, -STRIDE],
  ArrowDown: [0, STRIDE],
}

function key(event: KeyboardEvent): void {
  const { x, y, down } = pen.value ?? { x: 0.5, y: 0.2, down: false }
  const inside = (place: number) => Math.max(0, Math.min(1, place))
  if (event.key === 'Delete' || event.key === 'Escape') clear()
  else if (event.key === ' ') {
    pen.value = { x, y, down: !down }
    if (!down) change([...strokes.value, [{ x, y }]])
  } else if (event.key in ARROWS) {
    const [right, below] = ARROWS[event.key]!
    pen.value = { x: inside(x + right), y: inside(y + below), down }
    if (down) extend(pen.value.x, pen.value.y)
  } else return
  event.preventDefault()
}

export function Pad() {
  const canvas = useRef<HTMLCanvasElement>(null)

  useSignalEffect(() => {
    const context = canvas.current!.getContext('2d')!
    context.strokeStyle = palette.value.ink
    paint(context, SIDE, strokes.value)
    if (!pen.value) return
    context.lineWidth = 4
    context.strokeStyle = pen.value.down ? palette.value.positive : palette.value.muted
    context.beginPath()
    context.arc(pen.value.x * SIDE, pen.value.y * SIDE, 26, 0, 2 * Math.PI)
    context.stroke()
  })

  const place = (event: PointerEvent) => {
    const { left, top, width, height } = canvas.current!.getBoundingClientRect()
    return { x: (event.clientX - left) / width, y: (event.clientY - top) / height }
  }
  return (
    // biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: so that screen readers let its keys through.
    <canvas
      class="pad"
      ref={canvas}
      width={SIDE}
      height={SIDE}
      tabIndex={0}
      role="application"
      aria-label="Drawing pad. Arrow keys move the pen, space sets it down and lifts it, Delete clears."
      onPointerDown={(event) => {
        if (!event.isPrimary) return
        canvas.current!.setPointerCapture(event.pointerId)
        pen.value = undefined
        change([...strokes.value, [place(event)]])
      }}
      onPointerMove={(event) => {
        if (!event.isPrimary || !canvas.current!.hasPointerCapture(event.pointerId)) return
        const { x, y } = place(event)
        extend(x, y)
      }}
      onKeyDown={key}
    />
  )
}
