// Damaged files; `npm run proof -- kerasFuzz` does so for ten minutes.
import { expect, test } from 'vitest'
import { fuzzKeras } from '../helpers/kerasFuzz.mjs'

test('300 damaged files load or are refused', async () => {
  const { files, loaded, refused, failures } = await fuzzKeras({ seed: 5, count: 300 })
  expect(failures).toEqual([])
  expect(loaded + refused).toBe(files)
  // Some of the damages must be small enough to reach the layers.
  expect(loaded).toBeGreaterThan(5)
})
