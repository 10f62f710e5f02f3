// The engine on an isolated page: threads, the same bits as in Node, and recovery after a crash.
import { datasets, init, memory, shutdown } from 'hebb'
import { afterEach, expect, inject, test, vi } from 'vitest'
import { fingerprint, quartersData, smallNetwork, trainRecipe } from '../helpers/recipe'

afterEach(shutdown)

test.each([1, 2, 3])('simd128 gives the same weights as in Node, with %i threads', async (threads) => {
  expect(await init({ threads, simd: 'simd128' })).toMatchObject({ threads, simd: 'simd128' })
  expect(await trainRecipe()).toEqual(inject('recipe'))
})

test('relaxed-simd trains as well', async () => {
  expect((await init()).simd).toBe('relaxed')
  expect((await trainRecipe()).accuracy).toBeGreaterThan(0.9)
})

test('the page stays responsive while a network trains, and an abort takes effect', async () => {
  const [net, data] = await Promise.all([smallNetwork(), quartersData(2000)])
  const controller = new AbortController()
  const run = net.fit(data, { epochs: 10_000, batchSize: 50, signal: controller.signal })
  let [turns, reports] = [0, 0]
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => {
    turns++
    port2.postMessage(undefined)
  }
  port2.postMessage(undefined)
  for await (const _ of run) if (++reports === 20) break
  port1.close()
  controller.abort()
  await expect(run).rejects.toMatchObject({ name: 'AbortError' })
  // If the page computed, it would get one turn per report.
  expect(turns).toBeGreaterThan(20 * reports)
  const { held } = await memory()
  net.dispose()
  data.dispose()
  expect((await memory()).held).toBeLessThan(held)
})

test('two networks train concurrently, one of them step by step, with the same results as alone', async () => {
  const options = { epochs: 10, batchSize: 20 }
  const train = async () => {
    const [net, data] = await Promise.all([smallNetwork(), quartersData(200)])
    return { net, run: net.fit(data, options) }
  }
  const alone = await train()
  await alone.run
  const weights = await fingerprint(alone.net)
  const [one, two] = await Promise.all([train(), train()])
  for (let i = 0; i < 20; i++) await two.run.step(2)
  expect(two.run.paused).toBe(true)
  two.run.resume()
  await Promise.all([one.run, two.run])
  expect([await fingerprint(one.net), await fingerprint(two.net)]).toEqual([weights, weights])
})

test('a file that is not WebAssembly gives a clear error', async () => {
  // Vite, like many servers, answers an unknown path with a page.
  await expect(init({ wasm: '/no/such/file' })).rejects.toMatchObject({ code: 'engine' })
  expect((await init()).threads).toBeGreaterThan(0)
})

test('a worker that cannot be loaded is an error, not a hang', async () => {
  class Broken extends Worker {
    constructor() {
      super('/no/such/worker.js', { type: 'module' })
    }
  }
  vi.stubGlobal('Worker', Broken)
  try {
    await expect(init({ timeout: 10_000 })).rejects.toMatchObject({ code: 'engine' })
  } finally {
    vi.unstubAllGlobals()
  }
  expect((await datasets.fromArrays([[1]])).samples).toBe(1)
})

test('if the engine dies, pending calls are rejected and the next call starts a new one', async () => {
  const workers: Worker[] = []
  class Collected extends Worker {
    constructor(url: URL, options: WorkerOptions) {
      super(url, options)
      workers.push(this)
    }
  }
  vi.stubGlobal('Worker', Collected)
  try {
    await init({ threads: 2 })
  } finally {
    vi.unstubAllGlobals()
  }
  expect(workers).toHaveLength(2)
  const [net, data] = await Promise.all([smallNetwork(), quartersData(500)])
  const run = net.fit(data, { epochs: 10_000 })
  for await (const _ of run) break
  workers[1]!.dispatchEvent(new ErrorEvent('error', { message: 'as a trap would be' }))
  await expect(run).rejects.toMatchObject({ code: 'engineLost' })
  await expect(net.weights()).rejects.toMatchObject({ code: 'engineLost' })
  expect((await (await smallNetwork()).fit(await quartersData(50))).epochs).toHaveLength(1)
})

test('without isolation there is one thread, the report says so, and the weights are the same', async () => {
  vi.stubGlobal('crossOriginIsolated', false)
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  try {
    const info = await init({ threads: 2, simd: 'simd128' })
    expect(info).toMatchObject({ threads: 1, isolated: false })
    expect(info.reason).toContain('COOP')
    expect(warn).toHaveBeenCalledOnce()
  } finally {
    vi.unstubAllGlobals()
    warn.mockRestore()
  }
  expect(await trainRecipe()).toEqual(inject('recipe'))
})
