// Damaged files; `npm run proof -- onnxFuzz` does so for ten minutes.
import { expect, test } from 'vitest'
import { fuzzOnnx } from '../helpers/onnxFuzz.mjs'

test('1,000 damaged files load or are refused', async () => {
  const { files, loaded, refused, failures } = await fuzzOnnx({ seed: 5, count: 1000 })
  expect(failures).toEqual([])
  expect(loaded + refused).toBe(files)
  // Some of the damages must be small enough to reach the layers.
  expect(loaded).toBeGreaterThan(10)
})
