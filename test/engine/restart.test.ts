// Starting the engine: the number of threads, its options, and which of them the next engine keeps.
import type { Worker } from 'node:worker_threads'
import { datasets, dense, type InitOptions, init, memory, network, shutdown } from 'hebb'
import { afterEach, describe, expect, test } from 'vitest'

let workers: Worker[] = []
process.on('worker', (worker) => workers.push(worker))

afterEach(async () => {
  await shutdown()
  workers = []
})

/** Kills the engine during a request, as a crash does. */
async function crash() {
  const asked = network([2], [dense({ units: 1 })]).then((net) => net.predict([1, 2]))
  const lost = expect(asked).rejects.toMatchObject({ code: 'engineLost' })
  await workers.at(0)!.terminate()
  await lost
  workers = []
}

describe('after engineLost the next engine', () => {
  const options: InitOptions = { threads: 3, simd: 'simd128', maxMemory: 2 ** 28, timeout: 25_000 }

  test('starts with the options of init', async () => {
    const info = await init(options)
    for (let i = 0; i < 2; i++) {
      await crash()
      expect((await memory()).networks).toBe(0)
      expect(await init()).toEqual(info)
      expect(workers).toHaveLength(3)
      expect(await init({ threads: 3 })).toEqual(info)
      await expect(init({ threads: 2 })).rejects.toMatchObject({ code: 'option' })
    }
  })

  test('accepts other options', async () => {
    await init(options)
    await crash()
    expect(await init({ threads: 2 })).toMatchObject({ threads: 2, maxMemory: 2 ** 32 })
    await crash()
    expect(await init()).toMatchObject({ threads: 2, maxMemory: 2 ** 32 })
  })

  test('keeps the options if a start with others fails, but not after shutdown', async () => {
    const info = await init(options)
    await crash()
    await expect(init({ wasm: new Uint8Array(8) })).rejects.toMatchObject({ code: 'engine' })
    expect(await init()).toEqual(info)
    await shutdown()
    expect(await init()).toMatchObject({ maxMemory: 2 ** 32 })
  })

  test('keeps nothing from a failed start', async () => {
    await expect(init({ threads: 2, wasm: new Uint8Array(8) })).rejects.toMatchObject({ code: 'engine' })
    expect(await init({ threads: 3 })).toMatchObject({ threads: 3 })
  })

  test('is one for two concurrent calls', async () => {
    const both = await Promise.all([init(options), init(options), init({ threads: 3 }), memory()])
    expect(both[0]).toEqual(both[1])
    expect(workers).toHaveLength(3)
  })
})

describe('invalid options', () => {
  // tfjs#8513 and tfjs#6081: an impossible number of threads is accepted, and then another one is used.
  test.each<[string, unknown]>([
    ['threads', 129],
    ['threads', 3000],
    ['threads', 0],
    ['threads', -1],
    ['threads', 1.5],
    ['threads', Number.NaN],
    ['threads', Number.POSITIVE_INFINITY],
    ['threads', '4'],
    ['timeout', Number.POSITIVE_INFINITY],
    ['timeout', Number.NaN],
    ['timeout', 0],
    ['timeout', 2 ** 31],
    ['maxMemory', 0],
    ['maxMemory', 2 ** 33],
    ['maxMemory', Number.POSITIVE_INFINITY],
    ['simd', 'avx2'],
    ['thread', 'there'],
    ['workers', 4],
  ])('%s: %s', async (option, value) => {
    await expect(init({ [option]: value } as never)).rejects.toMatchObject({
      name: 'HebbError',
      code: 'option',
      message: expect.stringContaining(option),
    })
    expect(workers).toHaveLength(0)
  })

  test.each([null, 3, 'threads', [], [4]])('init(%j)', async (options) => {
    await expect(init(options as never)).rejects.toMatchObject({ name: 'HebbError', code: 'option' })
  })

  test('an artifact in a detached buffer, or at an invalid URL', async () => {
    const wasm = new Uint8Array(8)
    structuredClone(wasm, { transfer: [wasm.buffer] })
    for (const gone of [wasm, wasm.buffer, 'http://']) {
      await expect(init({ wasm: gone })).rejects.toMatchObject({ name: 'HebbError', code: 'engine' })
    }
  })
})

describe('more threads than the machine has', () => {
  const x = { data: Float32Array.from({ length: 640 * 64 }, (_, i) => Math.sin(i)), shape: [640, 64] }
  const classes = Uint32Array.from({ length: 640 }, (_, i) => i % 10)

  /** The result of a training that begins while threads are still starting. */
  async function trained(threads: number) {
    expect(await init({ threads, simd: 'simd128' })).toMatchObject({ threads })
    const layers = [
      dense({ units: 32, activation: 'relu' }),
      dense({ units: 10, activation: 'softmax' }),
    ] as const
    const net = await network([64], layers, { seed: 1 })
    await net.fit(await datasets.fromArrays(x, classes), { epochs: 2, batchSize: 64 })
    const weights = await net.toBytes()
    await shutdown()
    return weights
  }

  // tfjs#5336 and emnapi#217: V8 told a thread too late that another had grown the memory ("out of bounds").
  test('33 and 128 start every time, and give the same bits as one', { timeout: 300_000 }, async () => {
    const one = await trained(1)
    for (const threads of [33, 33, 33, 128]) {
      workers = []
      expect(await trained(threads)).toEqual(one)
    }
  })
})
