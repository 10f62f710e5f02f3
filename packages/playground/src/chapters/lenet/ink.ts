// Strokes, and the image of them for the network.
import { PIXELS, SIDE } from './digits'
import { normalize } from './normalize'
import type { Stroke } from './strokes'

/** The pen's width as a fraction of the pad: as thick as MNIST's strokes in a digit that fills most of the pad. */
const PEN = 0.085
/** The side of the raster that is scaled down to MNIST's 28. */
const RASTER = 224

const raster = document.createElement('canvas')
const pen = raster.getContext('2d', { willReadFrequently: true })!

export function paint(pen: CanvasRenderingContext2D, side: number, strokes: readonly Stroke[]): void {
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

/** The strokes in MNIST's format, or just made smaller; empty without strokes. */
export function imageOf(strokes: readonly Stroke[], centred: boolean): Uint8Array {
  const side = centred ? RASTER : SIDE
  raster.width = raster.height = side
  paint(pen, side, strokes)
  const { data } = pen.getImageData(0, 0, side, side)
  // The fourth channel (alpha): the amount of ink.
  const ink = Uint8Array.from({ length: side * side }, (_, i) => data[4 * i + 3]!)
  return centred ? (normalize(ink, side, side) ?? new Uint8Array(PIXELS)) : ink
}

/** A picture of a digit, dark on light or light on dark, in MNIST's format. */
export async function imageOfFile(file: File): Promise<Uint8Array> {
  const bitmap = await createImageBitmap(file)
  const scale = RASTER / Math.max(bitmap.width, bitmap.height)
  raster.width = raster.height = RASTER
  pen.fillStyle = 'white'
  pen.fillRect(0, 0, RASTER, RASTER)
  const [width, height] = [bitmap.width * scale, bitmap.height * scale]
  const [left, top] = [(RASTER - width) / 2, (RASTER - height) / 2]
  pen.drawImage(bitmap, left, top, width, height)
  bitmap.close()
  const { data } = pen.getImageData(0, 0, RASTER, RASTER)
  const light = Float32Array.from({ length: RASTER * RASTER }, (_, i) => {
    return (data[4 * i]! + data[4 * i + 1]! + data[4 * i + 2]!) / 3
  })
  // The ground is what there is more of; a photograph's shadows are not ink.
  const ground = light.toSorted()[light.length >> 1]!
  const dark = ground > 127
  const ink = light.map((value) => {
    const amount = dark ? (ground - value) / ground : (value - ground) / (255 - ground)
    return 255 * Math.max(0, Math.min(1, 2.5 * (amount - 0.25)))
  })
  const image = normalize(ink.map(Math.round), RASTER, RASTER)
  if (!image)
    throw new Error(`${file.name} shows no digit: it needs dark ink on a light ground, or the reverse.`)
  return image
}
