// Images that only a browser can read, by drawing them and reading the pixels back.
import { HebbError } from '../../errors'
import type { Pixels } from './pixels'

/** What a browser draws: a canvas, a bitmap, or the frame that a video shows. */
export type Drawable = HTMLCanvasElement | OffscreenCanvas | ImageBitmap | HTMLVideoElement | VideoFrame

const KINDS = [
  'HTMLCanvasElement',
  'OffscreenCanvas',
  'ImageBitmap',
  'HTMLVideoElement',
  'VideoFrame',
] as const

export function isDrawable(source: unknown): source is Drawable {
  return KINDS.some((name) => typeof globalThis[name] === 'function' && source instanceof globalThis[name])
}

/** The pixels of what is drawn now; `which` begins the messages. */
export function pixelsOf(source: Drawable, which: string): Pixels {
  const [width, height] = sizeOf(source)
  if (width === 0 || height === 0) throw new HebbError('data', `${which} has no pixels (yet)`)
  warnOfNoise()
  try {
    const context = contextOf(width, height)
    context.drawImage(source, 0, 0, width, height)
    return context.getImageData(0, 0, width, height)
  } catch (error) {
    const why = (error as Error).message
    throw new HebbError('data', `${which} cannot be read (is it of another origin?): ${why}`)
  }
}

function sizeOf(source: Drawable): readonly [number, number] {
  if ('videoWidth' in source) return [source.videoWidth, source.videoHeight]
  if ('displayWidth' in source) return [source.displayWidth, source.displayHeight]
  return [source.width, source.height]
}

function contextOf(width: number, height: number): OffscreenCanvasRenderingContext2D {
  return new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!
}

/** The side of the image that is drawn to find noise: a browser may change few pixels. */
const SIDE_PIXELS = 64

let isNoiseKnown = false

/** Warns once if the browser changes pixels that are read from a canvas, as some do against fingerprinting. */
export function warnOfNoise(): void {
  if (isNoiseKnown || !('OffscreenCanvas' in globalThis)) return
  isNoiseKnown = true
  const drawn = new ImageData(SIDE_PIXELS, SIDE_PIXELS)
  for (const i of drawn.data.keys()) drawn.data[i] = i % 4 === 3 ? 255 : i * 31
  const context = contextOf(SIDE_PIXELS, SIDE_PIXELS)
  context.putImageData(drawn, 0, 0)
  const { data } = context.getImageData(0, 0, SIDE_PIXELS, SIDE_PIXELS)
  if (data.every((value, i) => value === drawn.data[i])) return
  console.warn(
    'hebb: this browser changes pixels that are read from a canvas (against fingerprinting): answers may differ from those for the file',
  )
}

/** Pixels as they are, or those of what is drawn. */
export function toPixels(image: unknown, which: string): unknown {
  if (isDrawable(image)) return pixelsOf(image, which)
  if (typeof ImageData === 'function' && image instanceof ImageData) warnOfNoise()
  return image
}
