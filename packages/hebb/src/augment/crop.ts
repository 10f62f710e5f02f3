import { HebbError } from '../errors'
import { checkKeys, checkNumber, checkWhole, pair } from '../options'
import { inFloats, type Transform } from './transform'

export interface CropOptions {
  /** Height and width of the result. */
  size: number | readonly [number, number]
  /** Pixels around the image, before it is cut. Default 0. */
  padding?: number
  /** Their value. Default 0. */
  fill?: number
}

/** Cuts a part of this size out of an image, at a random place; a part of `[C, H, W]` has all channels. */
export function crop(options: CropOptions): Transform {
  checkKeys('crop', options, ['size', 'padding', 'fill'])
  const [rows, columns] = pair('crop', 'size', options.size, 1)
  const padding = checkWhole('crop', 'padding', options.padding ?? 0, 0, 10_000)
  const fill = checkNumber('crop', 'fill', options.fill ?? 0, inFloats, '32 bits can hold')
  return ({ data, shape: [channels, height, width] }, random) => {
    const [free, across] = [height + 2 * padding - rows, width + 2 * padding - columns]
    if (free < 0 || across < 0) {
      const given = `[${channels}, ${height}, ${width}]`
      throw new HebbError('shape', `crop: ${rows} × ${columns} pixels do not fit into an image ${given}`)
    }
    const top = Math.floor(random() * (free + 1)) - padding
    const left = Math.floor(random() * (across + 1)) - padding
    const result = new Float32Array(channels * rows * columns).fill(fill)
    const [first, last] = [Math.max(0, -left), Math.min(columns, width - left)]
    for (let c = 0; c < channels; c++) {
      for (let h = Math.max(0, -top); h < Math.min(rows, height - top); h++) {
        const from = (c * height + h + top) * width + left
        result.set(data.subarray(from + first, from + last), (c * rows + h) * columns + first)
      }
    }
    return { data: result, shape: [channels, rows, columns] }
  }
}
