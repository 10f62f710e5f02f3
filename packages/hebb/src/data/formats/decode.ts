// Decodes PNG and JPEG files by libraries that the program installed, or by the browser.
import { builtin } from '../../engine/platform'
import { HebbError } from '../../errors'
import type { Pixels } from './images'
import { fromProgram } from './installed'
import { checkJpeg } from './jpeg'
import { checkPng, type ImageHeader } from './png'

interface PngModule {
  PNG: { sync: { read(bytes: Uint8Array): Pixels } }
}

interface JpegModule {
  decode(bytes: Uint8Array, options: object): Pixels
}

/** The longest side of an image, because pngjs keeps an object per row. */
const MAX_SIDE_PIXELS = 65_535

/** The memory of jpeg-js per pixel of four components, and its constant part. */
const JPEG_BYTES_PER_PIXEL = 40
const JPEG_EXTRA_MIB = 64

/**
 * Checks and decodes a PNG or JPEG file of at most `mostPixels` pixels; the first bytes decide the format. `depth` is the
 * number of bits per channel in the file; the pixels have 8.
 */
export async function decodeImage(
  file: Uint8Array,
  name: string,
  mostPixels: number,
): Promise<{ image: Pixels; depth: number }> {
  const begins = (...head: number[]) => head.every((byte, i) => file[i] === byte)
  const checkSize = ({ width, height }: ImageHeader) => {
    const claim = `${name} claims ${width} × ${height} pixels`
    if (width * height === 0) throw new HebbError('file', claim)
    if (width * height > mostPixels) {
      throw new HebbError('file', `${claim}, more than ${mostPixels}: say maxPixels if that is right`)
    }
    if (Math.max(width, height) > MAX_SIDE_PIXELS) {
      throw new HebbError('file', `${claim}: its sides may have ${MAX_SIDE_PIXELS}`)
    }
  }
  if (begins(0x89, 0x50, 0x4e, 0x47)) {
    const { depth, bytes } = await checkPng(file, name, checkSize)
    const image = await decode('PNG', 'pngjs', name, bytes, ({ PNG }: PngModule) =>
      PNG.sync.read(asBuffer(bytes)),
    )
    return { image, depth }
  }
  if (begins(0xff, 0xd8, 0xff)) {
    const { isRgb, exif } = checkJpeg(file, name, checkSize, mostPixels)
    const options = {
      useTArray: true,
      maxResolutionInMP: mostPixels / 1e6 + 1,
      maxMemoryUsageInMB: JPEG_EXTRA_MIB + (JPEG_BYTES_PER_PIXEL * mostPixels) / 2 ** 20,
      ...(isRgb && { colorTransform: false }),
    }
    // Browsers rotate an image by its Exif data, libraries do not: it is removed, so that both give the same pixels.
    const bytes = exif === undefined ? file : file.slice()
    if (exif !== undefined) bytes[exif] = 0
    const image = await decode('JPEG', 'jpeg-js', name, bytes, (jpeg: JpegModule) =>
      jpeg.decode(bytes, options),
    )
    return { image, depth: 8 }
  }
  throw new HebbError('file', `${name} is neither a PNG nor a JPEG file by its first bytes`)
}

/** The pixels of a checked file, from a library among the program's packages or from the browser. */
async function decode<T>(
  kind: 'PNG' | 'JPEG',
  library: string,
  name: string,
  bytes: Uint8Array,
  use: (library: T) => Pixels,
): Promise<Pixels> {
  const found = fromProgram((require) => require(library) as T)
  const isBrowser = 'createImageBitmap' in globalThis && 'OffscreenCanvas' in globalThis
  try {
    if (found) return use(found)
    if (isBrowser)
      return await draw(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: `image/${kind.toLowerCase()}` }))
  } catch (error) {
    throw new HebbError('file', `${name} is not a usable ${kind} file: ${(error as Error).message ?? error}`)
  }
  const where = builtin('node:fs')
    ? `the package ${library} decodes: install it with: npm install ${library}. Or decode it yourself and give its ImageData`
    : 'this browser does not decode by itself: draw it to a canvas, and give its ImageData (getImageData)'
  throw new HebbError('file', `${name} is a ${kind} file, which ${where}`)
}

/** The pixels of a file as the browser decodes it, without conversion of colours. */
async function draw(file: Blob): Promise<Pixels> {
  const bitmap = await createImageBitmap(file, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' })
  const { width, height } = bitmap
  const context = new OffscreenCanvas(width, height).getContext('2d')!
  context.drawImage(bitmap, 0, 0)
  bitmap.close()
  return context.getImageData(0, 0, width, height)
}

/** The bytes as a Buffer, which pngjs needs. */
function asBuffer(bytes: Uint8Array): Uint8Array {
  const { Buffer } = builtin<typeof import('node:buffer')>('node:buffer')!
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
