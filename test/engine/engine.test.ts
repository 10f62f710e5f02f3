// The engine runs in its own threads: it blocks no caller, and it may crash.
import type { Worker } from 'node:worker_threads'
import { datasets, dense, HebbError, init, memory, network, sgd, shutdown } from 'hebb'
import { afterEach, expect, test } from 'vitest'
import { quartersData, smallNetwork } from '../helpers/recipe'
import { script } from '../helpers/script'

const workers = new Set<Worker>()
process.on('worker', (worker) => workers.add(worker))

afterEach(async () => {
  await shutdown()
  workers.clear()
})

async function training() {
  const net = await smallNetwork()
  const data = await quartersData(2000)
  return { net, data, run: net.fit(data, { epochs: 10_000, batchSize: 50 }) }
}

/** Waits for the first progress event of a training. */
async function firstProgress(run: AsyncIterable<unknown>) {
  for await (const _ of run) return
}

test('the event loop is not blocked while a network trains', async () => {
  const { run } = await training()
  let [turns, reports] = [0, 0]
  const turn = () => {
    turns++
    if (!ended) setImmediate(turn)
  }
  let ended = false
  setImmediate(turn)
  for await (const _ of run) if (++reports === 20) run.stop()
  ended = true
  expect((await run).stopReason).toBe('stopped')
  // If the calling thread computed, it would get one turn per report.
  expect(turns).toBeGreaterThan(20 * reports)
})

test('predictions work while a network trains, on others and on the same one', async () => {
  const { run, net } = await training()
  const other = await network([2], [dense({ units: 1 })])
  await firstProgress(run)
  for (let i = 0; i < 5; i++) await other.predict([1, 2])
  expect((await net.predict({ data: new Float32Array(144), shape: [1, 12, 12] })).shape).toEqual([4])
  // Not all epochs have run: it trained during all of this.
  run.stop()
  expect((await run).stopReason).toBe('stopped')
})

test('progress is reported at most 20 times per second', () => {
  // By a clock that advances one millisecond per read.
  const output = script(`
    import { datasets, dense, init, network } from 'hebb'
    await init({ thread: 'here' })
    const net = await network([1], [dense({ units: 1 })])
    const data = await datasets.fromArrays(Array.from({ length: 2000 }, (_, i) => [i / 2000]), new Float32Array(2000))
    let now = 0
    performance.now = () => now++
    const told = new Set()
    await net.fit(data, { batchSize: 1, onBatch: () => void told.add(now) })
    // The end of the epoch is reported in addition.
    const times = [...told].slice(0, -1)
    const gaps = times.slice(1).map((time, i) => time - times[i])
    console.log(times.length > 10, Math.min(...gaps) >= 50)`)
  expect(output).toBe('true true')
})

test.each(['the engine', 'a thread of its pool'])('%s crashes while a network trains', async (who) => {
  await init({ threads: 2 })
  const { run, net, data } = await training()
  await firstProgress(run)
  expect(workers.size).toBe(2)
  let heard = false
  run.catch(() => {
    heard = true
  })
  await [...workers][who === 'the engine' ? 0 : 1]!.terminate()
  // Immediately, not with the next request.
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve))
  expect(heard).toBe(true)
  await expect(run).rejects.toMatchObject({ name: 'HebbError', code: 'engineLost' })
  await expect(net.weights()).rejects.toMatchObject({ code: 'engineLost' })
  await expect(data.subset([0])).rejects.toMatchObject({ code: 'engineLost' })

  const again = await smallNetwork()
  const history = await again.fit(await quartersData(200), { epochs: 1 })
  expect(history.epochs).toHaveLength(1)
})

test('an abort in the middle of an epoch leaves whole, finite weights', async () => {
  const net = await smallNetwork()
  const data = await quartersData(4000)
  const before = await net.weights()
  const controller = new AbortController()
  const seen: number[] = []
  const run = net.fit(data, {
    epochs: 1000,
    batchSize: 4,
    signal: controller.signal,
    onBatch: ({ epoch, batch }) => void seen.push((epoch - 1) * 1000 + batch),
  })
  await run.step(3)
  run.resume()
  controller.abort()
  await expect(run).rejects.toMatchObject({ name: 'AbortError' })
  // The engine receives it after a time slice, in an epoch of 1000 minibatches.
  expect(seen.at(-1)).toBeLessThan(1000)
  const after = await net.weights()
  for (const [name, { data: values }] of Object.entries(after)) {
    expect(values.every(Number.isFinite)).toBe(true)
    expect(values).not.toEqual(before[name]!.data)
  }
  // The network can train again, and an abort before the start takes effect too.
  expect((await net.fit(data, { epochs: 1 })).epochs).toHaveLength(1)
  await expect(net.fit(data, { signal: controller.signal })).rejects.toMatchObject({ name: 'AbortError' })
})

test('a script exits by itself, but not before its training ends', () => {
  const output = script(`
    import { network, dense, datasets } from 'hebb'
    const net = await network([1], [dense({ units: 1 })])
    const data = await datasets.fromArrays([[0], [1]], [[1], [3]])
    const { epochs } = await net.fit(data, { epochs: 2000, batchSize: 2 })
    console.log(epochs.length, epochs.at(-1).loss < 0.01)`)
  expect(output).toBe('2000 true')
})

test('importing has no side effects', () => {
  const output = script(`
    let workers = 0
    process.on('worker', () => workers++)
    await import('hebb')
    await new Promise((resolve) => setTimeout(resolve, 100))
    console.log(workers)`)
  expect(output).toBe('0')
})

test('init reports the configuration, and refuses to change it', async () => {
  const info = await init({ threads: 3, simd: 'simd128' })
  expect(info).toMatchObject({ threads: 3, simd: 'simd128', isolated: true, maxMemory: 2 ** 32 })
  expect(await init()).toEqual(info)
  expect(await init({ threads: 3 })).toEqual(info)
  await expect(init({ threads: 2 })).rejects.toThrow('shutdown()')
  await expect(init({ thread: 'elsewhere' as never })).rejects.toMatchObject({ code: 'option' })
  await shutdown()
  expect((await init({ threads: 1 })).threads).toBe(1)
})

test('concurrent first calls start one engine', async () => {
  const [first, second, data] = await Promise.all([smallNetwork(), smallNetwork(), quartersData(10), init()])
  expect(await memory()).toMatchObject({ networks: 2, datasets: 1 })
  for (const held of [first, second, data]) held.dispose()
})

test('a failed load is an error, and the next call tries again', async () => {
  const html = new TextEncoder().encode('<!doctype html>')
  await expect(init({ wasm: html })).rejects.toThrow('HTML')
  await expect(init({ wasm: new URL('./missing.wasm', import.meta.url) })).rejects.toMatchObject({
    code: 'engine',
  })
  const other = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])
  await expect(init({ wasm: other })).rejects.toMatchObject({ code: 'engine' })
  expect((await init()).threads).toBeGreaterThan(0)
})

test('a failed allocation is an error, and the engine keeps working', async () => {
  await init({ maxMemory: 64 * 2 ** 20 })
  const big = network([5000], [dense({ units: 5000 })])
  await expect(big).rejects.toBeInstanceOf(HebbError)
  await expect(big).rejects.toMatchObject({ code: 'memory' })
  // Arrays of the caller too, and minibatches.
  const samples = { data: new Uint8Array(100 * 2 ** 20), shape: [100, 2 ** 20] }
  await expect(datasets.fromArrays(samples)).rejects.toMatchObject({
    code: 'memory',
    message: 'the samples: 100 MiB are needed and were refused: use a smaller network or batch',
  })
  const wide = await network([2 ** 20], [dense({ units: 1 })])
  const stream = async function* () {
    for (let i = 0; i < 40; i++) yield { x: new Float32Array(2 ** 20), t: [0] }
  }
  const fit = wide.fit(stream(), { batchSize: 40, shuffle: false, loss: 'meanSquaredError' })
  await expect(fit).rejects.toMatchObject({
    code: 'memory',
    message: expect.stringMatching(/^the samples: 160 MiB/),
  })
  const net = await network([2], [dense({ units: 1 })])
  expect((await net.predict([1, 2])).data).toHaveLength(1)
})

test('small predictions (through shared memory) and large ones keep their order', async () => {
  const net = await network([2], [dense({ units: 1, name: 'd' })])
  const weights = (w: number) => ({
    'd.weight': { data: Float32Array.of(w, w), shape: [1, 2] },
    'd.bias': { data: Float32Array.of(0), shape: [1] },
  })
  await net.setWeights(weights(1))
  // More than fits into the shared memory.
  const many = { data: new Float32Array(100_000).fill(1), shape: [50_000, 2] }
  const asked = [net.predict([1, 2]), net.setWeights(weights(10)), net.predict([1, 2]), net.predict(many)]
  const [before, , after, all] = (await Promise.all(asked)) as { data: Float32Array }[]
  expect([before!.data[0], after!.data[0]]).toEqual([3, 30])
  expect(new Set(all!.data)).toEqual(new Set([20]))
  // Bytes, and an output that is larger than the input.
  const bytes = { data: Uint8Array.of(0, 255), shape: [2] }
  expect((await net.predict(bytes)).data).toEqual(Float32Array.of(10))
  const wide = await network([1], [dense({ units: 100_000 })])
  expect((await wide.predict([0])).data).toEqual(new Float32Array(100_000))
})

test('consecutive predictions do not starve the event loop', async () => {
  const net = await network([2], [dense({ units: 1 })])
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  for (let answers = 0; turns < 10 && answers < 100_000; answers++) await net.predict([1, 2])
  clearInterval(timer)
  expect(turns).toBeGreaterThanOrEqual(10)
})

test('a single sample uses the current weights, with the same bits as in a batch', async () => {
  const net = await network([3], [dense({ units: 5, activation: 'tanh' }), dense({ units: 2 })], { seed: 2 })
  const x = { data: Float32Array.from({ length: 30 }, (_, i) => Math.sin(i)), shape: [10, 3] }
  const targets = { data: Float32Array.from({ length: 20 }, (_, i) => Math.cos(i)), shape: [10, 2] }
  const data = await datasets.fromArrays(x, targets)
  const first = { data: x.data.slice(0, 3), shape: [3] }
  const answers = []
  for (let round = 0; round < 3; round++) {
    const [alone, all] = [await net.predict(first), await net.predict(x)]
    expect(alone.data).toEqual(all.data.slice(0, 2))
    answers.push(String(alone.data))
    await net.fit(data, { epochs: 1, batchSize: 5, optimizer: sgd({ learningRate: 0.1 }) })
  }
  expect(new Set(answers).size).toBe(3)
})

test("the engine runs in the calling thread with thread: 'here'", () => {
  const output = script(`
    import { init, memory } from 'hebb'
    let workers = 0
    process.on('worker', () => workers++)
    const { threads } = await init({ thread: 'here' })
    const { datasets, network, dense } = await import('hebb')
    const net = await network([1], [dense({ units: 1 })])
    const { epochs } = await net.fit(await datasets.fromArrays([[0], [1]], [[1], [3]]), { epochs: 3 })
    console.log(threads, workers, epochs.length, (await memory()).networks)`)
  expect(output).toBe('1 0 3 1')
})

test("with thread: 'here' predictSync returns immediately, with the result of predict", async () => {
  const output = script(`
    import { conv2d, dense, flatten, init, network } from 'hebb'
    await init({ thread: 'here' })
    const layers = [conv2d({ filters: 3, kernel: 3, activation: 'relu' }), flatten(), dense({ units: 2 })]
    const net = await network([1, 4, 5], layers, { seed: 1 })
    const x = { data: Float32Array.from({ length: 20 }, (_, i) => i / 20), shape: [1, 4, 5] }
    const [now, later] = [net.predictSync(x), await net.predict(x)]
    const codes = [() => net.predictSync([1]), () => (net.dispose(), net.predictSync(x))].map((call) => {
      try { call() } catch ({ name, code }) { return name + ' ' + code }
    })
    console.log(now.shape, now.data.every((value, i) => value === later.data[i]), codes.join(', '))`)
  expect(output).toBe('[ 2 ] true HebbError shape, HebbError disposed')
  const net = await network([2], [dense({ units: 1 })])
  expect(() => net.predictSync([1, 2])).toThrow("init({ thread: 'here' })")
})
