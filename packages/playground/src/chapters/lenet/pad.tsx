// The drawing pad: with mouse, finger, or the keyboard's arrows.
import { signal, useSignalEffect } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { palette } from '../../draw/palette'
import { SIDE } from './digits'
import { paint } from './ink'
import { chosen, strokes, tracing } from './state'
import { ghost, PLACES } from './strokes'

const SIZE = 560
/** How far an arrow key moves the pen. */
const STRIDE = 0.03
/** Places nearer than this to the last are left out: nobody sees them, and the address stays short. */
const NEAR = 0.012

/** The pen of the arrow keys, after one was pressed. */
const pen = signal<{ x: number; y: number; down: boolean } | undefined>(undefined)

/** Begins a stroke. */
function press(x: number, y: number): void {
  const before = chosen.value ? [] : strokes.value
  chosen.value = undefined
  strokes.value = [...before, [{ x: inside(x), y: inside(y) }]]
}

function extend(x: number, y: number): void {
  const stroke = strokes.value.at(-1) ?? []
  const last = stroke.at(-1)
  if (last && Math.hypot(x - last.x, y - last.y) < NEAR) return
  strokes.value = [...strokes.value.slice(0, -1), [...stroke, { x: inside(x), y: inside(y) }]]
}

/** Rounded as in the address, so that a link shows the same numbers. */
const inside = (place: number) => Math.round(Math.max(0, Math.min(1, place)) * PLACES) / PLACES

export function clear(): void {
  pen.value = undefined
  chosen.value = undefined
  strokes.value = []
}

const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-STRIDE, 0],
  ArrowRight: [STRIDE, 0],
  ArrowUp: [0, -STRIDE],
  ArrowDown: [0, STRIDE],
}

function key(event: KeyboardEvent): void {
  const { x, y, down } = pen.value ?? { x: 0.5, y: 0.2, down: false }
  if (event.key === 'Delete' || event.key === 'Escape') clear()
  else if (event.key === ' ') {
    pen.value = { x, y, down: !down }
    if (!down) press(x, y)
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
    const { ink, line, muted, positive } = palette.value
    context.clearRect(0, 0, SIZE, SIZE)
    context.strokeStyle = tracing.value ? line : ink
    if (chosen.value) blot(context, chosen.value, ink)
    else paint(context, SIZE, tracing.value ? ghost : strokes.value)
    if (!pen.value) return
    context.lineWidth = 4
    context.strokeStyle = pen.value.down ? positive : muted
    context.beginPath()
    context.arc(pen.value.x * SIZE, pen.value.y * SIZE, 26, 0, 2 * Math.PI)
    context.stroke()
  })

  const place = (event: PointerEvent): [number, number] => {
    const { left, top, width, height } = canvas.current!.getBoundingClientRect()
    return [(event.clientX - left) / width, (event.clientY - top) / height]
  }
  return (
    // biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: so that screen readers let its keys through.
    <canvas
      class="pad"
      ref={canvas}
      width={SIZE}
      height={SIZE}
      tabIndex={0}
      role="application"
      aria-label="Drawing pad. Arrow keys move the pen, space sets it down and lifts it, Delete clears."
      onPointerDown={(event) => {
        if (!event.isPrimary) return
        canvas.current!.setPointerCapture(event.pointerId)
        pen.value = undefined
        press(...place(event))
      }}
      onPointerMove={(event) => {
        if (!event.isPrimary || !canvas.current!.hasPointerCapture(event.pointerId)) return
        extend(...place(event))
      }}
      onKeyDown={key}
    />
  )
}

/** An image that was not drawn here. */
function blot(context: CanvasRenderingContext2D, image: Uint8Array, colour: string): void {
  const size = SIZE / SIDE
  context.fillStyle = colour
  for (const [i, value] of image.entries()) {
    context.globalAlpha = value / 255
    context.fillRect((i % SIDE) * size, Math.floor(i / SIDE) * size, size, size)
  }
  context.globalAlpha = 1
}
