// How a stream is read: how far ahead of the training, and how it is closed.
import { type FitProgress, normalizedSquaredError, type Sample } from 'hebb'
import { expect, test } from 'vitest'
import { oneWeight } from '../helpers/recipe'

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

// Two minibatches wait in the engine and one before it; one shuffle buffer or minibatch is prefetched.
test.each([
  { options: { batchSize: 10, shuffleBuffer: 50 }, pulled: 100 },
  { options: { batchSize: 50, shuffleBuffer: 10 }, pulled: 150 },
  { options: { batchSize: 10, shuffle: false }, pulled: 30 },
])('a paused training has taken only the expected samples: %j', async ({ options, pulled }) => {
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

test('an iterator without `return` can be abandoned', async () => {
  const next = () => Promise.resolve({ done: false, value: { x: [1], t: [0] } as Sample })
  const source = () => ({ [Symbol.asyncIterator]: () => ({ next }) })
  const net = await oneWeight(0)
  expect((await net.fit(source as never, { batchSize: 2, stepsPerEpoch: 3 })).stopReason).toBe('epochs')
  const run = net.fit(source as never, { batchSize: 2 })
  await run.step()
  run.stop()
  expect((await run).stopReason).toBe('stopped')
})

test('iterating over a run gives its progress and nothing else', async () => {
  const seen: FitProgress[] = []
  const source = () => Array.from({ length: 8 }, () => ({ x: [1], t: [0] }))
  for await (const event of (await oneWeight(1)).fit(source, { batchSize: 2, epochs: 3 })) seen.push(event)
  expect(seen.length).toBeGreaterThanOrEqual(3)
  for (const event of seen) expect(event.loss).toBeTypeOf('number')
  expect(seen.at(-1)).toMatchObject({ epoch: 3, batch: 4, samples: 8 })
})

test('the normalised error of a stream needs the variance of its targets', async () => {
  const net = await oneWeight(1)
  const source = () => [1, 2, 3].map((x) => ({ x: [x], t: [2 * x] }))
  await expect(net.evaluate(source, { loss: 'normalizedSquaredError' })).rejects.toMatchObject({
    code: 'option',
  })
  // The errors are 1, 2 and 3; the variance of 2, 4 and 6 is 8/3.
  const { loss } = await net.evaluate(source, { loss: normalizedSquaredError({ variance: 8 / 3 }) })
  expect(loss).toBeCloseTo(14 / 3 / (8 / 3), 5)
})
