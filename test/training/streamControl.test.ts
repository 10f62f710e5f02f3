// Training on a stream: pause, step, stop and failures. The source is throttled, and closed.
import {
  type Dataset,
  dense,
  type EpochReport,
  type FitProgress,
  flatten,
  loadNetwork,
  type Network,
  network,
  type Sample,
  schedule,
  sgd,
  shutdown,
} from 'hebb'
import { afterEach, describe, expect, test } from 'vitest'
import { fingerprint, quartersData, smallNetwork, twins } from '../helpers/recipe'
import { stream } from '../helpers/stream'

afterEach(shutdown)

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

const optimizer = sgd({ learningRate: 0.1, momentum: 0.9 })
const options = { epochs: 3, batchSize: 20, seed: 5, optimizer }

/** Waits until a training is under way. */
async function underway(run: AsyncIterable<unknown>) {
  for await (const _ of run) return
}

describe('control', () => {
  test('pause, step and resume are exact, and a paused training pulls nothing', async () => {
    const [a, b] = await twins(200)
    await a.fit(stream(200).source, { ...options, shuffleBuffer: 40 })
    const { state, source } = stream(200)
    const events: FitProgress[] = []
    const run = b.fit(source, { ...options, shuffleBuffer: 40, onBatch: (event) => void events.push(event) })
    run.pause()
    const seen = new Set([await fingerprint(b)])
    for (let batch = 1; batch <= 12; batch++) {
      await run.step()
      expect(events.at(-1)).toMatchObject({ epoch: batch > 10 ? 2 : 1, batch: ((batch - 1) % 10) + 1 })
      seen.add(await fingerprint(b))
    }
    expect(seen.size).toBe(13)
    // Two minibatches of the second epoch were trained on, the rest of three blocks of 40 waits.
    while (state.pulled < 320) await sleep(1)
    const still = await fingerprint(b)
    await sleep(50)
    expect(state.pulled).toBe(320)
    expect(await fingerprint(b)).toBe(still)
    run.resume()
    expect(await run).toMatchObject({ stopReason: 'epochs', epochs: { length: 3 } })
    expect(await fingerprint(b)).toBe(await fingerprint(a))
    expect(state).toEqual({ begun: 3, pulled: 600, closed: 3 })
  })

  test('a slow training throttles the source', async () => {
    const { state, source } = stream(10_000)
    const net = await smallNetwork()
    const run = net.fit(source, { batchSize: 10, shuffleBuffer: 50 })
    run.pause()
    while (state.pulled <= 50) await sleep(1)
    await sleep(100)
    // Two minibatches in flight, the rest of their block, the prefetched block, and one pending sample.
    expect(state.pulled).toBeLessThanOrEqual(101)
    run.stop()
    await run
    expect(state.closed).toBe(1)
  })

  test('stepsPerEpoch ends the epochs of an endless source, and closes it', async () => {
    const state = { begun: 0, closed: 0 }
    async function* endless(): AsyncGenerator<Sample> {
      state.begun++
      try {
        for (let i = 0; ; i++) yield { x: [i % 7, i % 3], t: [i % 5] }
      } finally {
        state.closed++
      }
    }
    const net = await network([2], [dense({ units: 1 })])
    const ends: FitProgress[] = []
    const { epochs } = await net.fit(endless, {
      epochs: 4,
      batchSize: 8,
      stepsPerEpoch: 5,
      optimizer: sgd({ learningRate: schedule.cosine({ from: 0.01 }) }),
      onBatch: (event) => void (event.batch === event.batches && ends.push(event)),
    })
    expect(ends.map(({ samples, batches }) => [samples, batches])).toEqual(
      [40, 40, 40, 40].map((n) => [n, 5]),
    )
    expect(epochs.at(-1)!.learningRate).toBeCloseTo(0, 6)
    expect(state).toEqual({ begun: 4, closed: 4 })
  })

  test('stop, abort and errors close the source, and nothing is lost', async () => {
    const { state, source } = stream(1e5)
    const net = await smallNetwork()
    const stopped = net.fit(source, { batchSize: 10 })
    await underway(stopped)
    stopped.stop()
    expect((await stopped).stopReason).toBe('stopped')
    expect(state).toMatchObject({ begun: 1, closed: 1 })

    const controller = new AbortController()
    const aborted = net.fit(source, { batchSize: 10, signal: controller.signal })
    await underway(aborted)
    controller.abort()
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError' })
    expect(state).toMatchObject({ begun: 2, closed: 2 })

    const mine = new Error('mine')
    const onBatch = () => {
      throw mine
    }
    await expect(net.fit(source, { batchSize: 10, onBatch })).rejects.toBe(mine)
    expect(state).toMatchObject({ begun: 3, closed: 3 })

    const linear = await network([1, 12, 12], [flatten(), dense({ units: 4 })])
    const diverging = linear.fit(source, { optimizer: sgd({ learningRate: 1e30 }) })
    await expect(diverging).rejects.toMatchObject({ code: 'diverged' })
    expect((await linear.weights())['dense1.weight']!.data.every(Number.isFinite)).toBe(true)
    expect(state).toMatchObject({ begun: 4, closed: 4 })

    const disposed = linear.fit(source, { batchSize: 10, optimizer: sgd({ learningRate: 1e-3 }) })
    await underway(disposed)
    linear.dispose()
    await expect(disposed).rejects.toMatchObject({ code: 'disposed' })
    expect(state).toMatchObject({ begun: 5, closed: 5 })

    const lost = net.fit(source, { batchSize: 10 })
    await underway(lost)
    await shutdown()
    await expect(lost).rejects.toMatchObject({ code: 'engineLost' })
    expect(state).toMatchObject({ begun: 6, closed: 6 })
  })

  test('an error of the source rejects the run, and the steps before it are kept', async () => {
    const mine = new Error('mine')
    const failing = (at: number) =>
      stream(200, (sample, i) => {
        if (i === at) throw mine
        return sample
      })
    const [a, b] = await twins(200)
    await a.fit(stream(40).source, { ...options, epochs: 1, shuffle: false })
    await expect(b.fit(failing(50).source, { ...options, shuffle: false })).rejects.toBe(mine)
    expect(await fingerprint(b)).toBe(await fingerprint(a))
    await expect(b.evaluate(failing(50).source)).rejects.toBe(mine)
    await expect(b.predict(failing(50).source)).rejects.toBe(mine)
    await expect(b.fit(() => Promise.reject(mine))).rejects.toBe(mine)
    // The network is unlocked again.
    expect((await b.fit(stream(40).source)).stopReason).toBe('epochs')
  })

  test.each(['next', 'begin'])('a source whose %s never responds can be abandoned', async (where) => {
    const never = () => new Promise<never>(() => {})
    const hung = { [Symbol.asyncIterator]: () => ({ next: never, return: never }) }
    const source = where === 'next' ? hung : never
    const net = await smallNetwork()
    const run = net.fit(source)
    await sleep(20)
    run.stop()
    expect((await run).epochs).toEqual([])
    const signal = AbortSignal.timeout(20)
    await expect(net.fit(source, { signal })).rejects.toMatchObject({ name: 'TimeoutError' })
    expect((await net.fit(stream(40).source)).stopReason).toBe('epochs')
  })

  test('patience, selection, checkpoint and onEpochEnd', async () => {
    const [a, b, data] = await twins(60)
    const selection = await quartersData(90)
    const train = async (net: Network, source: Dataset | (() => AsyncGenerator<Sample>)) => {
      const reports: EpochReport[] = []
      const kept: Uint8Array[] = []
      const history = await net.fit(source, {
        ...options,
        epochs: 40,
        optimizer: sgd({ learningRate: 0.5, momentum: 0.9 }),
        selection,
        patience: 2,
        checkpoint: (bytes) => void kept.push(bytes),
        onEpochEnd: (report) => void reports.push(report),
      })
      expect(reports).toEqual(history.epochs)
      const { stopReason, bestEpoch } = history
      const best = await loadNetwork(kept.at(-1)!)
      return { stopReason, bestEpoch, kept: kept.length, best: await fingerprint(best) }
    }
    const streamed = await train(b, stream(60).source)
    expect(streamed).toEqual(await train(a, data))
    expect(await fingerprint(b)).toBe(await fingerprint(a))
  })

  test('two networks train concurrently, with the same results as alone', async () => {
    const [alone, a, data] = await twins(200)
    const b = await smallNetwork(3)
    const other = await smallNetwork(3)
    await alone.fit(data, options)
    await other.fit(data, options)
    await Promise.all([a.fit(stream(200).source, options), b.fit(data, options)])
    expect(await fingerprint(a)).toBe(await fingerprint(alone))
    expect(await fingerprint(b)).toBe(await fingerprint(other))
  })
})
