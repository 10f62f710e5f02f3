// Damaged files; `npm run proof -- onnxFuzz` does so for ten minutes.
import { expect, test } from 'vitest'
import { fuzz } from '../helpers/onnxFuzz.mjs'

test('2,000 damaged files load or are refused', async () => {
  const { files, loaded, refused, failures } = await fuzz({ seed: 5, count: 2000 })
  expect(failures).toEqual([])
  expect(loaded + refused).toBe(files)
  // Some of the damages must be small enough to reach the layers.
  expect(loaded).toBeGreaterThan(20)
})
