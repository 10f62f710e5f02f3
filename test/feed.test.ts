// How far a stream is read ahead of its training.
import type { Sample } from 'hebb'
import { expect, test } from 'vitest'
import { oneWeight } from './recipe'

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

// Two minibatches wait in the engine and one before it; what is shuffled at a time, or a minibatch, is fetched ahead.
test.each([
  { options: { batchSize: 10, shuffleBuffer: 50 }, pulled: 100 },
  { options: { batchSize: 50, shuffleBuffer: 10 }, pulled: 150 },
  { options: { batchSize: 10, shuffle: false }, pulled: 30 },
])('a paused training has taken so many samples and no more: %j', async ({ options, pulled }) => {
  let taken = 0
  function* source(): Generator<Sample> {
    for (;;) {
      taken++
      yield { x: [1], t: [0] }
    }
  }
  const run = (await oneWeight(0)).fit(source, options)
  run.pause()
  while (taken < pulled) await sleep(1)
  await sleep(50)
  expect(taken).toBeLessThanOrEqual(pulled + options.batchSize + 1)
  run.stop()
  await run
})
