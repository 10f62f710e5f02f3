import { checkKeys, checkNumber } from '../options'
import type { Transform } from './transform'

/** Mirrors an image, left and right exchanged, with this probability. Default ½. Digits and letters do not bear it. */
export function flip(options: { probability?: number } = {}): Transform {
  checkKeys('flip', options, ['probability'])
  const share = (n: number) => n >= 0 && n <= 1
  const probability = checkNumber('flip', 'probability', options.probability ?? 0.5, share, '0 to 1')
  return (image, random) => {
    if (random() >= probability) return image
    const { data, shape } = image
    const width = shape[2]
    const mirrored = new Float32Array(data.length)
    for (let start = 0; start < data.length; start += width) {
      for (let i = 0; i < width; i++) mirrored[start + i] = data[start + width - 1 - i]!
    }
    return { data: mirrored, shape }
  }
}
