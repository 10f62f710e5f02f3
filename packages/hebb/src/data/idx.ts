import { HebbError } from '../errors'

/** The bytes and the shape of an idx file of unsigned bytes (LeCun's format for MNIST), checked. */
export function parseIdx(bytes: Uint8Array, name: string): { data: Uint8Array; shape: number[] } {
  const refuse = (why: string): never => {
    throw new HebbError('file', `${name} is not a usable idx file: ${why}`)
  }
  if (bytes.length < 4) refuse(`it has ${bytes.length} bytes`)
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) refuse('it is compressed; unpack it with gunzip')
  if (bytes[0] !== 0 || bytes[1] !== 0) refuse('it does not begin with two zero bytes')
  if (bytes[2] !== 8) refuse(`its element type ${bytes[2]} is not unsigned bytes (8)`)
  const rank = bytes[3]!
  const header = 4 + 4 * rank
  if (rank === 0 || bytes.length < header) refuse('its header is cut off')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i))
  const size = shape.reduce((a, b) => a * b, 1)
  if (bytes.length - header !== size)
    refuse(`[${shape}] needs ${size} bytes after the header, it has ${bytes.length - header}`)
  return { data: bytes.subarray(header), shape }
}
