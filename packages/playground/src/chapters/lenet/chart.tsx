// A line chart on a canvas: training as a smoothed line over its raw values, the selection set as a line with points.
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { palette } from '../../draw/palette'
import { horizon, type Point, selectionCurve, trainCurve } from './state'

interface Props {
  label: string
  value: (point: Point) => number
  /** The height of a value, 0 at the bottom and 1 at the top. */
  place: (value: number) => number
  ticks: readonly number[]
  format: (value: number) => string
}

const MARGIN = { left: 54, right: 10, top: 8, bottom: 22 }
const HEIGHT = 190
/** The window of the smoothed line, as a fraction of the axis. */
const SMOOTH = 0.015

export function Chart({ label, value, place, ticks, format }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [width, setWidth] = useState(0)
  const { muted, line, train, selection } = palette.value
  const [trained, selected, end] = [trainCurve.value, selectionCurve.value, horizon.value]

  useLayoutEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry!.contentRect.width)))
    observer.observe(canvas.current!)
    return () => observer.disconnect()
  }, [])

  useLayoutEffect(() => {
    const pen = canvas.current!.getContext('2d')!
    const density = devicePixelRatio
    canvas.current!.width = width * density
    canvas.current!.height = HEIGHT * density
    pen.scale(density, density)
    const x = (at: number) => MARGIN.left + (at / end) * (width - MARGIN.left - MARGIN.right)
    const y = (value: number) => {
      const share = Math.max(0, Math.min(1, place(value)))
      return HEIGHT - MARGIN.bottom - share * (HEIGHT - MARGIN.top - MARGIN.bottom)
    }
    const curve = (points: readonly Point[], colour: string, thickness: number, opacity = 1) => {
      pen.strokeStyle = colour
      pen.lineWidth = thickness
      pen.globalAlpha = opacity
      pen.beginPath()
      for (const point of points) pen.lineTo(x(point.at), y(value(point)))
      pen.stroke()
      pen.globalAlpha = 1
    }

    pen.font = '12px system-ui, sans-serif'
    pen.lineJoin = 'round'
    pen.strokeStyle = line
    pen.fillStyle = muted
    pen.textBaseline = 'middle'
    pen.textAlign = 'right'
    for (const tick of ticks) {
      pen.beginPath()
      pen.moveTo(MARGIN.left, Math.round(y(tick)) + 0.5)
      pen.lineTo(width - MARGIN.right, Math.round(y(tick)) + 0.5)
      pen.stroke()
      pen.fillText(format(tick), MARGIN.left - 8, y(tick))
    }
    pen.textBaseline = 'alphabetic'
    const stride = Math.ceil(end / 10)
    for (let epoch = 0; epoch <= end; epoch += stride) {
      pen.textAlign = epoch === end ? 'right' : 'center'
      pen.fillText(String(epoch), epoch === end ? width - MARGIN.right : x(epoch), HEIGHT - 4)
    }

    curve(trained, train, 1, 0.3)
    curve(smooth(trained, SMOOTH * end), train, 2)
    curve(selected, selection, 2)
    pen.fillStyle = selection
    for (const point of selected) {
      pen.beginPath()
      pen.arc(x(point.at), y(value(point)), 3, 0, 2 * Math.PI)
      pen.fill()
    }
  }, [width, trained, selected, end, value, place, ticks, format, muted, line, train, selection])

  const last = selected.at(-1)
  const said = last
    ? `${label} of the selection set: ${format(value(last))}`
    : `${label}: nothing trained yet`
  return <canvas class="chart" ref={canvas} style={{ height: HEIGHT }} role="img" aria-label={said} />
}

/** A moving average over about `span` epochs for display: single minibatches fluctuate. */
function smooth(points: readonly Point[], span: number): Point[] {
  let last = { ...points[0]!, at: 0 }
  return points.map((point) => {
    const share = 1 - Math.exp(-(point.at - last.at) / span)
    last = {
      at: point.at,
      loss: last.loss + share * (point.loss - last.loss),
      accuracy: last.accuracy + share * (point.accuracy - last.accuracy),
    }
    return last
  })
}
