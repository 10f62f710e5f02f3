// Memory does not grow over a thousand steps, over fifty networks and data sets, or over a stream.
import { init, type Memory, memory, type Sample } from 'hebb'
import { beforeAll, describe, expect, test } from 'vitest'
import { quarters, quartersData, smallNetwork } from '../helpers/recipe'

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

// Each thread that joins needs an arena: wait until all have joined.
beforeAll(() => init())

/**
 * Memory has not grown although `through` bytes have passed through it. What networks and data sets hold is the same to the
 * byte. The WebAssembly memory may be some pages larger: which buffers exist at the same time depends on the threads.
 */
function expectFlat({ wasm, ...held }: Memory, before: Memory, through: number): void {
  expect(before).toMatchObject(held)
  expect(wasm - before.wasm).toBeLessThan(through / 10)
}

test('memory is flat over 1,000 steps', async () => {
  const [net, data] = await Promise.all([smallNetwork(), quartersData(1000)])
  await net.fit(data, { epochs: 2, batchSize: 20 })
  await net.evaluate(data)
  const before = await memory()
  await net.fit(data, { epochs: 20, batchSize: 20 })
  await net.evaluate(data)
  await net.predict(data)
  expectFlat(await memory(), before, 20 * 1000 * 144)
  expect(before).toMatchObject({ networks: 1, datasets: 1 })
  expect(before.held).toBeGreaterThan(1000 * 144)
  net.dispose()
  data.dispose()
})

test('memory is flat over 50 rounds of creating and disposing', async () => {
  const round = async () => {
    const [net, data] = await Promise.all([smallNetwork(), quartersData(500)])
    await net.fit(data, { batchSize: 50, selection: 0.2 })
    net.dispose()
    net.dispose()
    data.dispose()
  }
  await round()
  await round()
  const before = await memory()
  expect(before).toMatchObject({ held: 0, networks: 0, datasets: 0 })
  for (let i = 0; i < 50; i++) await round()
  expectFlat(await memory(), before, 50 * 500 * 144)
})

test('using disposes at the end of a scope', async () => {
  {
    using data = await quartersData(10)
    expect(data.samples).toBe(10)
    expect((await memory()).datasets).toBe(1)
  }
  expect((await memory()).datasets).toBe(0)
})

describe('over a stream', () => {
  /** Samples of {@link quarters}; `meanwhile` is awaited before each. */
  function stream(samples: number, meanwhile?: () => Promise<void>) {
    const { x, t } = quarters(samples)
    return async function* source(): AsyncGenerator<Sample> {
      for (let i = 0; i < samples; i++) {
        await meanwhile?.()
        yield { x: { data: x.subarray(i * 144, (i + 1) * 144), shape: [1, 12, 12] }, t: t[i]! }
      }
    }
  }

  test('memory is flat for any number of samples', async () => {
    const net = await smallNetwork()
    const round = async (samples: number) => {
      const source = stream(samples)
      await net.fit(source, { batchSize: 20, shuffleBuffer: 100 })
      await net.evaluate(source)
      await net.predict(source)
    }
    await round(600)
    const before = await memory()
    expect(before).toMatchObject({ networks: 1, datasets: 0 })
    await round(20_000)
    // Stopped, with minibatches in flight.
    const run = net.fit(stream(1e5), { batchSize: 20 })
    await run.step(3)
    run.stop()
    await run
    expectFlat(await memory(), before, 3 * 20_000 * 144)
    net.dispose()
  })

  test('at most two minibatches wait in the engine', async () => {
    const net = await smallNetwork()
    await net.fit(stream(40), { batchSize: 20 })
    const { held: own } = await memory()
    const seen = new Set<number>()
    const look = async () => void seen.add((await memory()).held - own)
    const run = net.fit(stream(1000, look), { batchSize: 20, shuffleBuffer: 50 })
    run.pause()
    // A paused training takes two minibatches of bytes and class numbers, and no more.
    const one = 20 * (144 + 4)
    while (!seen.has(2 * one)) {
      await sleep(1)
      await look()
    }
    await run.step(3)
    run.resume()
    await run
    for (const bytes of seen) expect([0, one, 2 * one]).toContain(bytes)
    expect((await memory()).held).toBe(own)
    net.dispose()
  })
})
