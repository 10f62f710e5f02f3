// Streams of samples.
import type { Sample } from 'hebb'
import { quarters } from './recipe'

/** The samples of {@link quartersData}, in passes whose starts, samples and ends are counted. */
export function stream(
  samples: number,
  change: (sample: Sample, number: number) => unknown = (sample) => sample,
) {
  const { x, t } = quarters(samples)
  const state = { begun: 0, pulled: 0, closed: 0 }
  async function* source(): AsyncGenerator<Sample> {
    state.begun++
    try {
      // One array for all samples: a sample need not stay valid after it was consumed.
      const data = new Uint8Array(144)
      for (let i = 0; i < samples; i++) {
        state.pulled++
        data.set(x.subarray(i * 144, (i + 1) * 144))
        yield change({ x: { data, shape: [1, 12, 12] }, t: t[i]! }, i) as Sample
      }
    } finally {
      state.closed++
    }
  }
  return { state, source }
}
