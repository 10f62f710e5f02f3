// The output on the plane as colours: blue below a half, orange above, with an edge between them.
import { useMemo } from 'preact/hooks'
import type { Range, View } from '../../draw/graph'
import { channels, palette } from '../../draw/palette'
import { GRID } from './fit'

/** The least share of a colour, so that the edge is seen. */
const EDGE = 0.12

export function Field({ view, range, data }: { view: View; range: Range; data: Float32Array }) {
  const { negative, zero, positive } = palette.value
  const url = useMemo(() => {
    const canvas = document.createElement('canvas')
    canvas.width = GRID.columns
    canvas.height = GRID.rows
    const pen = canvas.getContext('2d')!
    const image = pen.createImageData(GRID.columns, GRID.rows)
    const [below, middle, above] = [channels(negative), channels(zero), channels(positive)]
    for (const [i, o] of data.entries()) {
      const share = EDGE + 0.3 * Math.min(1, Math.abs(2 * o - 1))
      const end = o < 0.5 ? below : above
      for (let c = 0; c < 3; c++) image.data[4 * i + c] = middle[c]! + share * (end[c]! - middle[c]!)
      image.data[4 * i + 3] = 255
    }
    pen.putImageData(image, 0, 0)
    return canvas.toDataURL()
  }, [data, negative, zero, positive])
  const [left, top] = [view.x(range.x[0]), view.y(range.y[1])]
  const [width, height] = [view.x(range.x[1]) - left, view.y(range.y[0]) - top]
  return <image href={url} x={left} y={top} width={width} height={height} preserveAspectRatio="none" />
}
