// Checks JPEG files before they are decoded: their segments, and whether there is enough data for the size in the header.
import { HebbError } from '../../errors'
import type { ImageHeader } from './png'

/** The most scans of the largest image: a progressive file has about ten. */
const MAX_SCANS = 16

/** The header of a frame: its components, and the number of its blocks. */
interface Frame extends ImageHeader {
  components: number[]
  blocks: number
}

/**
 * Checks that a JPEG file has one frame of a decodable kind, a size that `checkSize` allows, and enough data for its blocks.
 * Returns whether its three components are red, green and blue, by libjpeg's rule (and so Pillow's): by Adobe's marker, or by
 * the components' names unless the file is JFIF; and where its Exif data begins.
 */
export function checkJpeg(
  bytes: Uint8Array,
  name: string,
  checkSize: (header: ImageHeader) => void,
  mostPixels: number,
): { isRgb: boolean; exif: number | undefined } {
  const refuse = (why: string): never => {
    throw new HebbError('file', `${name} is not a usable JPEG file: ${why}`)
  }
  let isJfif = false
  let adobe: number | undefined
  let exif: number | undefined
  let frame: Frame | undefined
  let scans = 0
  let coded = 0
  for (let at = 2; ; ) {
    // There may be fill bytes before a marker.
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at++
    const marker = bytes[at + 1]
    const length = (bytes[at + 2]! << 8) | bytes[at + 3]!
    const data = bytes.subarray(at + 4, at + 2 + length)
    if (marker === undefined) refuse(`it is cut off at byte ${bytes.length}`)
    if (bytes[at] !== 0xff) refuse(`byte ${at} is not a marker`)
    if (marker === 0xd9) break
    if (length < 2 || data.length !== length - 2) refuse(`its segment at byte ${at} is cut off`)
    const text = String.fromCharCode(...data.subarray(0, 5))
    if (marker === 0xe0 && text === 'JFIF\0') isJfif = true
    if (marker === 0xee && text === 'Adobe') adobe = data[11]
    if (marker === 0xe1 && text === 'Exif\0') exif = at + 4
    if (isFrame(marker!)) {
      if (frame) refuse('it has two frames')
      frame = readFrame(marker!, data, refuse)
      checkSize(frame)
    }
    at += 2 + length
    if (marker !== 0xda) continue
    scans++
    const from = at
    at = endOfScan(bytes, from)
    coded += at - from
  }
  if (!frame || scans === 0) return refuse('it has no image')
  const { width, height, components, blocks } = frame
  // Every block has at least one code of at least one bit.
  if (8 * coded < blocks) refuse(`${coded} bytes of pixels are too few for ${width} × ${height}`)
  if (scans * width * height > MAX_SCANS * mostPixels)
    refuse(`${scans} scans of ${width} × ${height} are too many`)
  const isNamed = String(components) === '82,71,66'
  return { exif, isRgb: components.length === 3 && !isJfif && (adobe === undefined ? isNamed : adobe === 0) }
}

/** Whether a marker begins a frame of any kind (SOF). */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
}

function readFrame(marker: number, data: Uint8Array, refuse: (why: string) => never): Frame {
  const count = data[5]!
  if (marker > 0xc2) refuse(`its coding (SOF${marker - 0xc0}) is not baseline, extended or progressive`)
  if (data.length !== 6 + 3 * count) refuse("its frame's header has another length than it says")
  if (data[0] !== 8) refuse(`it has ${data[0]} bits per channel, 8 can be read`)
  if (![1, 3, 4].includes(count)) refuse(`it has ${count} components`)
  const [height, width] = [(data[1]! << 8) | data[2]!, (data[3]! << 8) | data[4]!]
  if (width === 0 || height === 0) refuse(`its header says ${width} × ${height} pixels`)
  const parts = Array.from({ length: count }, (_, i) => data.subarray(6 + 3 * i, 9 + 3 * i))
  const sampling = parts.map((part) => [part[1]! >> 4, part[1]! & 15] as const)
  if (sampling.some(([h, v]) => h < 1 || h > 4 || v < 1 || v > 4)) refuse('its sampling is not 1 to 4')
  const largest = Math.max(...sampling.map(([h]) => h)) * Math.max(...sampling.map(([, v]) => v))
  const density = sampling.reduce((sum, [h, v]) => sum + h * v, 0) / largest
  return {
    width,
    height,
    components: parts.map((part) => part[0]!),
    blocks: ((width * height) / 64) * density,
  }
}

/** The end of the coded data that begins at `from`: the next marker that is not a restart. */
function endOfScan(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1]
    if (next !== undefined && next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at
  }
  return bytes.length
}
