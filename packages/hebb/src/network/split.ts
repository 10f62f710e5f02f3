import type { NamedShape } from '../data/named'
import { Output, size } from '../tensor'

/** The parts of all samples by name: of the values `[N, values of all parts]`. */
export function split(
  data: Float32Array,
  parts: readonly NamedShape[],
  batch: readonly number[],
): Record<string, Output> {
  const width = parts.reduce((sum, [, shape]) => sum + size(shape), 0)
  let from = 0
  const entries = parts.map(([name, shape]) => {
    const own = size(shape)
    const part = new Float32Array((data.length / width) * own)
    for (let sample = 0; sample * width < data.length; sample++) {
      part.set(data.subarray(sample * width + from, sample * width + from + own), sample * own)
    }
    from += own
    return [name, new Output(part, [...batch, ...shape])]
  })
  return Object.fromEntries(entries)
}
