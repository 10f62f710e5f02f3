// Images from files and pixels.
import { bytesOf, nameOf, type Source } from '../formats/source'
import { decodeImage } from './decode'
import { type Drawable, toPixels } from './drawn'
import { orient } from './orient'
import { checkPixels, type Pixels } from './pixels'

/** An image: pixels, a PNG or JPEG file by its path (Node), its URL, its bytes or a browser's `File`, or what a browser draws. */
export type ImageSource = Pixels | Source | Blob | Drawable

/** The default of the most pixels of a file. */
export const MOST_PIXELS = 2 ** 25

/** The most bytes of an unpacked file. */
const MAX_FILE_BYTES = 2 ** 28

/** An image as its viewer sees it. */
export interface Opened {
  image: Pixels
  /** The number of bits per channel in the file. */
  depth: number
  /** Its name in messages. */
  name: string
}

/** Opens an image, whose name in messages is that of its file or `otherwise`. */
export async function openImage(source: ImageSource, otherwise: string, mostPixels: number): Promise<Opened> {
  const file = await fileOf(source, otherwise)
  if (file) {
    const { image, depth, orientation } = await decodeImage(file.bytes, file.name, mostPixels)
    return { image: orient(image, orientation), depth, name: file.name }
  }
  const image = toPixels(source, otherwise)
  checkPixels(image, otherwise)
  return { image, depth: 8, name: otherwise }
}

/** The bytes and the name of a file; undefined if the source is none. */
export async function fileOf(source: ImageSource, otherwise: string) {
  if (source instanceof Blob) {
    const name = 'name' in source && source.name ? String(source.name) : otherwise
    return { bytes: new Uint8Array(await source.arrayBuffer()), name }
  }
  if (!(typeof source === 'string' || source instanceof URL || source instanceof Uint8Array)) return undefined
  const name = nameOf(source, otherwise)
  return { bytes: await bytesOf(source, name, MAX_FILE_BYTES), name }
}
