// What becomes of an image, stage by stage, for comparison with other programs: `npx hebb doctor IMAGE` and scripts/doctor.py print it.
import { decodeImage } from './data/images/decode'
import { fileOf, type ImageSource, MOST_PIXELS } from './data/images/openImage'
import { orient } from './data/images/orient'
import type { Pixels } from './data/images/pixels'
import { stagesOf } from './data/images/prepare'
import { type PreprocessingOptions, preprocessing } from './data/images/preprocessing'
import { HebbError } from './errors'

/** The result of a stage. */
export interface Stage {
  stage: 'file' | 'decoded' | 'oriented' | 'resized' | 'cropped' | 'tensor'
  /** `[bytes]`; pixels `[H, W, 4]`; channels `[3, h, w]`. */
  shape: readonly number[]
  /** The SHA-256 of its bytes, of a tensor those of its 32-bit floats (little-endian). */
  sha256: string
}

/** The stages of `datasets.prepare` for a PNG or JPEG file. */
export async function doctor(source: ImageSource, recipe: PreprocessingOptions): Promise<Stage[]> {
  const checked = preprocessing(recipe)
  const file = await fileOf(source, 'the image')
  if (!file) throw new HebbError('data', 'doctor takes a PNG or JPEG file')
  const { image, orientation } = await decodeImage(file.bytes, file.name, MOST_PIXELS)
  const oriented = orient(image, orientation)
  const { resized, cropped, tensor } = stagesOf(oriented, checked, file.name)
  const of = ({ data, width, height }: Pixels) => ({ data, shape: [height, width, 4] })
  const all = {
    file: { data: file.bytes, shape: [file.bytes.length] },
    decoded: of(image),
    oriented: of(oriented),
    resized,
    cropped,
    tensor,
  }
  return Promise.all(
    Object.entries(all).map(async ([stage, { data, shape }]) => ({
      stage: stage as Stage['stage'],
      shape,
      sha256: await sha256(data),
    })),
  )
}

async function sha256(data: ArrayBufferView): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', data as ArrayBufferView<ArrayBuffer>)
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
