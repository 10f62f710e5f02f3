// PNG files byte by byte, as no encoder writes them.
import { crc32, deflateSync } from 'node:zlib'

export const SIGNATURE = Buffer.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10)

export function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data])
  const all = Buffer.alloc(body.length + 8)
  all.writeUInt32BE(data.length)
  body.copy(all, 4)
  all.writeUInt32BE(crc32(body), body.length + 4)
  return all
}

export const IEND = chunk('IEND', Buffer.alloc(0))

export function header(width: number, height: number, depth: number, colour: number, interlace = 0): Buffer {
  const data = Buffer.alloc(13)
  data.writeUInt32BE(width)
  data.writeUInt32BE(height, 4)
  data.set([depth, colour, 0, 0, interlace], 8)
  return chunk('IHDR', data)
}

/** A file from a header and its unpacked pixel data. */
export function png(head: Buffer, rows: Buffer): Buffer {
  return Buffer.concat([SIGNATURE, head, chunk('IDAT', deflateSync(rows)), IEND])
}

/** A file of RGBA pixels. */
export function pngOf({
  data,
  width,
  height,
}: {
  data: Uint8Array | Uint8ClampedArray
  width: number
  height: number
}) {
  const all = Buffer.from(data)
  const rows = Array.from({ length: height }, (_, y) => all.subarray(4 * y * width, 4 * (y + 1) * width))
  return png(header(width, height, 8, 6), Buffer.concat(rows.flatMap((row) => [Buffer.of(0), row])))
}
