// Checks PNG files before they are decoded: their chunks, and whether the number of pixels is that of the header.
import { HebbError } from '../../errors'
import { unpacked } from './source'

/** The size in a header. */
export interface ImageHeader {
  width: number
  height: number
}

/** The bit depths and the number of channels by colour type. */
const TYPES: Record<number, { depths: number[]; channels: number }> = {
  0: { depths: [1, 2, 4, 8, 16], channels: 1 },
  2: { depths: [8, 16], channels: 3 },
  3: { depths: [1, 2, 4, 8], channels: 1 },
  4: { depths: [8, 16], channels: 2 },
  6: { depths: [8, 16], channels: 4 },
}

/** The passes of an interlaced image (Adam7): first column and row, steps between columns and rows. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const

/** The size in bytes of the filtered rows of an image. */
function sizeOf(width: number, height: number, bits: number, isInterlaced: boolean): number {
  const rows = (w: number, h: number) => (w > 0 ? h * (1 + Math.ceil((w * bits) / 8)) : 0)
  if (!isInterlaced) return rows(width, height)
  const along = (length: number, from: number, step: number) => Math.max(0, Math.ceil((length - from) / step))
  return PASSES.reduce((sum, [x, y, dx, dy]) => sum + rows(along(width, x, dx), along(height, y, dy)), 0)
}

/**
 * Checks that a PNG file has one valid header of a size that `checkSize` allows, and exactly as many pixels, which are
 * unpacked piece by piece. Returns the bits per channel, and the bytes without any data after the end of the image.
 */
export async function checkPng(
  bytes: Uint8Array,
  name: string,
  checkSize: (header: ImageHeader) => void,
): Promise<{ depth: number; bytes: Uint8Array }> {
  const refuse = (why: string): never => {
    throw new HebbError('file', `${name} is not a usable PNG file: ${why}`)
  }
  if (bytes.length < 33) throw new HebbError('file', `${name} is cut off at byte ${bytes.length}`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const pixels: Uint8Array[] = []
  const seen = new Set<string>()
  let at = 8
  while (!seen.has('IEND')) {
    if (at + 12 > bytes.length) refuse(`it is cut off at byte ${bytes.length}`)
    const length = view.getUint32(at)
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8))
    const data = bytes.subarray(at + 8, at + 8 + length)
    at += 12 + length
    if (at > bytes.length) refuse(`it is cut off at byte ${bytes.length}`)
    if (seen.size === 0 && (type !== 'IHDR' || length !== 13))
      refuse('it does not begin with a header (IHDR)')
    if (seen.has(type) && ['IHDR', 'PLTE', 'tRNS'].includes(type)) refuse(`it has two chunks ${type}`)
    if (type === 'PLTE' && length > 768) refuse(`its palette has ${length} bytes, at most 768 can be used`)
    if (type === 'IDAT') pixels.push(data)
    seen.add(type)
  }
  const [width, height] = [view.getUint32(16), view.getUint32(20)]
  const [depth, colour, compression, filter, interlace] = bytes.subarray(24, 29) as unknown as number[]
  const kind = TYPES[colour!]
  if (!kind?.depths.includes(depth!) || compression !== 0 || filter !== 0 || interlace! > 1) {
    refuse(
      `its header says depth ${depth}, colour type ${colour}, methods ${compression}, ${filter}, ${interlace}`,
    )
  }
  checkSize({ width, height })
  if (pixels.length === 0) refuse('it has no pixels (IDAT)')
  const promised = sizeOf(width, height, kind!.channels * depth!, interlace === 1)
  let size = 0
  try {
    for await (const piece of unpacked(new Blob(pixels as Uint8Array<ArrayBuffer>[]), 'deflate')) {
      size += piece.length
      if (size > promised) break
    }
  } catch {
    refuse(`its pixels are damaged or cut off after ${size} of ${promised} bytes`)
  }
  if (size > promised) refuse(`it has more pixels than the ${width} × ${height} of its header`)
  if (size < promised) refuse(`its pixels end after ${size} of ${promised} bytes`)
  return { depth: depth!, bytes: bytes.subarray(0, at) }
}
