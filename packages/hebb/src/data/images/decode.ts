// Decodes PNG and JPEG files by an artifact of its own (crates/hebb-images), in the calling thread.
import { load } from '../../engine/artifact'
import { imagesPlace } from '../../engine/engines'
import { HebbError } from '../../errors'
import type { Pixels } from './pixels'

/** A decoded file, before it is turned. */
export interface Decoded {
  image: Pixels
  /** The number of bits per channel in the file; the pixels have 8. */
  depth: number
  /** Exif's number for how the pixels must be turned, 1 to 8. */
  orientation: number
}

/** What the artifact exports (exports.rs). */
interface Decoder {
  memory: WebAssembly.Memory
  room(length: number): number
  decode_file(mostPixels: number): number
  answer(): number
  free(): void
}

/** Memory that is kept for the next image; WebAssembly cannot give back a part of it. */
const KEPT_BYTES = 2 ** 26

/** The most pixels that the artifact counts. */
const MAX_PIXELS = 2 ** 32 - 1

let compiled: Promise<WebAssembly.Module> | undefined
let running: Decoder | undefined

async function start(): Promise<Decoder> {
  compiled ??= load(imagesPlace(), () => new URL('./hebb-images.wasm', import.meta.url), 'images')
  try {
    const { exports } = await WebAssembly.instantiate(await compiled)
    if ('decode_file' in exports) return exports as unknown as Decoder
    throw new HebbError('engine', 'what init({ images }) names is not the decoder of this version of Hebb')
  } catch (error) {
    compiled = undefined
    throw error
  }
}

/** Decodes a PNG or JPEG file of at most `mostPixels` pixels; `name` begins the messages. */
export async function decodeImage(file: Uint8Array, name: string, mostPixels: number): Promise<Decoded> {
  // Of an array whose memory was transferred nothing is left either.
  if (file.length === 0) throw new HebbError('file', `${name} is empty`)
  running ??= await start()
  const decoder = running
  const { memory } = decoder
  // If anything fails or much memory was needed, the next image gets a new decoder.
  running = undefined
  const place = decoder.room(file.length)
  if (place === 0) throw new HebbError('memory', `${name} does not fit into memory: ${file.length} bytes`)
  new Uint8Array(memory.buffer, place).set(file)
  let code: number
  try {
    code = decoder.decode_file(Math.min(mostPixels, MAX_PIXELS))
  } catch (error) {
    throw new HebbError('file', `${name} could not be decoded: ${(error as Error).message}`)
  }
  const [at, length, width, height, depth, orientation] = new Uint32Array(
    memory.buffer,
    decoder.answer(),
    6,
  ) as unknown as [number, number, number, number, number, number]
  const data = new Uint8Array(memory.buffer, at, length).slice()
  decoder.free()
  if (memory.buffer.byteLength <= KEPT_BYTES) running = decoder
  if (code !== 0) {
    throw new HebbError(code === 1 ? 'file' : 'memory', `${name} ${new TextDecoder().decode(data)}`)
  }
  return { image: { data, width, height }, depth, orientation }
}
