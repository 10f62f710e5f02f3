// Strokes, and the image of them for the network.
import { normalize } from './normalize'

/** Points in the unit square. */
export type Stroke = readonly { x: number; y: number }[]

/** The pen's width as a fraction of the pad: as thick as MNIST's strokes in a digit that fills most of the pad. */
const PEN = 0.085
/** The side of the raster that is scaled down to MNIST's 28. */
const RASTER = 224

const raster = document.createElement('canvas')
raster.width = raster.height = RASTER
const pen = raster.getContext('2d', { willReadFrequently: true })!

export function paint(pen: CanvasRenderingContext2D, side: number, strokes: readonly Stroke[]): void {
  pen.clearRect(0, 0, side, side)
  pen.lineCap = pen.lineJoin = 'round'
  pen.lineWidth = PEN * side
  for (const stroke of strokes) {
    pen.beginPath()
    for (const { x, y } of stroke) pen.lineTo(x * side, y * side)
    // A line with one point is not drawn; a line back to the same point is a dot.
    if (stroke.length === 1) pen.lineTo(stroke[0]!.x * side, stroke[0]!.y * side)
    pen.stroke()
  }
}

/** The strokes in MNIST's format, or undefined if there are none. */
export function imageOf(strokes: readonly Stroke[]): Uint8Array | undefined {
  paint(pen, RASTER, strokes)
  const { data } = pen.getImageData(0, 0, RASTER, RASTER)
  // The fourth channel (alpha): the amount of ink.
  const ink = Uint8Array.from({ length: RASTER * RASTER }, (_, i) => data[4 * i + 3]!)
  return normalize(ink, RASTER, RASTER)
}
