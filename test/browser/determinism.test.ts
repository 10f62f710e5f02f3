// The same seed gives the same weights in Chromium and in Node, for any number of threads.
import { init, shutdown } from 'hebb'
import { afterEach, expect, inject, test } from 'vitest'
import { THREADS, trainBatches } from '../helpers/recipe'

afterEach(shutdown)

test.each(['simd128', 'relaxed'] as const)(
  'any minibatch has the same weights on 1 to 33 threads (%s)',
  async (simd) => {
    // Node without relaxed-simd gives nothing to compare with: then compare with the weights of one thread.
    let expected = inject('batches')[simd]
    for (const threads of THREADS) {
      expect((await init({ threads, simd })).threads).toBe(threads)
      const weights = await trainBatches()
      expected ??= weights
      expect(weights, `${threads} threads`).toEqual(expected)
      await shutdown()
    }
  },
)
