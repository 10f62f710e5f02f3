// PNG and JPEG files as pixels, through libraries that who needs them installs.
import { builtin } from '../engine/platform'
import { HebbError } from '../errors'
import type { Pixels } from './images'
import { fromProgram } from './installed'

interface PngModule {
  PNG: { sync: { read(bytes: Uint8Array): Pixels } }
}

interface JpegModule {
  decode(bytes: Uint8Array, options: object): Pixels
}

/** Megapixels above which an image is refused before it is unpacked. */
const MOST_MEGAPIXELS = 100

/** Decodes a PNG or JPEG file, told by its first bytes. */
export function decodeImage(bytes: Uint8Array, name: string): Pixels {
  const begins = (...head: number[]) => head.every((byte, i) => bytes[i] === byte)
  if (begins(0x89, 0x50, 0x4e, 0x47)) {
    checkPngSize(bytes, name)
    const { PNG } = library<PngModule>('pngjs', 'PNG', name)
    return attempt('PNG', name, () => PNG.sync.read(asBuffer(bytes)))
  }
  if (begins(0xff, 0xd8, 0xff)) {
    const { decode } = library<JpegModule>('jpeg-js', 'JPEG', name)
    const options = { maxResolutionInMP: MOST_MEGAPIXELS, useTArray: true }
    return attempt('JPEG', name, () => decode(asBuffer(bytes), options))
  }
  throw new HebbError('file', `${name} is neither a PNG nor a JPEG file by its first bytes`)
}

function attempt(kind: string, name: string, decode: () => Pixels): Pixels {
  try {
    return decode()
  } catch (error) {
    throw new HebbError('file', `${name} is not a usable ${kind} file: ${(error as Error).message ?? error}`)
  }
}

/** A library from the packages of the program. */
function library<T>(library: string, kind: string, name: string): T {
  const found = fromProgram((require) => require(library) as T)
  if (found) return found
  const where = builtin('node:fs') ? `install it with: npm install ${library}` : 'it runs in Node'
  throw new HebbError(
    'file',
    `${name} is a ${kind} file, which the package ${library} decodes: ${where}. Or decode it yourself and give its ImageData`,
  )
}

/** The first chunk of a PNG file has its size; pngjs would allocate what it says. */
function checkPngSize(bytes: Uint8Array, name: string): void {
  if (bytes.length < 24) throw new HebbError('file', `${name} is cut off at byte ${bytes.length}`)
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const [width, height] = [view.getUint32(16), view.getUint32(20)]
  if (width * height > MOST_MEGAPIXELS * 1e6) {
    throw new HebbError(
      'file',
      `${name} claims ${width} × ${height} pixels, more than ${MOST_MEGAPIXELS} million`,
    )
  }
}

/** The libraries want Node's kind of bytes. */
function asBuffer(bytes: Uint8Array): Uint8Array {
  const { Buffer } = builtin<typeof import('node:buffer')>('node:buffer')!
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
