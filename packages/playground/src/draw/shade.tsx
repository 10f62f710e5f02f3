// A function of two variables as steps of colour, like heights on a map.
import { useMemo } from 'preact/hooks'
import type { Range, View } from './graph'
import { channels, palette } from './palette'

interface Props {
  view: View
  range: Range
  /** The share of the full colour at a place, 0 to 1. */
  depth: (x: number, y: number) => number
}

const [COLUMNS, ROWS] = [160, 112]
/** So many steps of colour can be told apart. */
const STEPS = 12

export function Shade({ view, range, depth }: Props) {
  const { train, zero } = palette.value
  const url = useMemo(() => {
    const canvas = document.createElement('canvas')
    canvas.width = COLUMNS
    canvas.height = ROWS
    const pen = canvas.getContext('2d')!
    const image = pen.createImageData(COLUMNS, ROWS)
    const [from, to] = [channels(zero), channels(train)]
    for (let i = 0; i < COLUMNS * ROWS; i++) {
      const x = range.x[0] + ((i % COLUMNS) + 0.5) * ((range.x[1] - range.x[0]) / COLUMNS)
      const y = range.y[1] - (Math.floor(i / COLUMNS) + 0.5) * ((range.y[1] - range.y[0]) / ROWS)
      const share = Math.round(STEPS * Math.max(0, Math.min(1, depth(x, y)))) / STEPS
      for (let c = 0; c < 3; c++) image.data[4 * i + c] = from[c]! + 0.75 * share * (to[c]! - from[c]!)
      image.data[4 * i + 3] = 255
    }
    pen.putImageData(image, 0, 0)
    return canvas.toDataURL()
  }, [range, depth, train, zero])
  const [left, top] = [view.x(range.x[0]), view.y(range.y[1])]
  const [width, height] = [view.x(range.x[1]) - left, view.y(range.y[0]) - top]
  return <image href={url} x={left} y={top} width={width} height={height} preserveAspectRatio="none" />
}
