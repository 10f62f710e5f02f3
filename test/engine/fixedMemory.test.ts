// On WebKit shared memory has its full size from the start, which steps down if the host refuses.
import { dense, init, memory, network } from 'hebb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { quartersData, smallNetwork } from '../helpers/recipe'

const MIB = 2 ** 20
const { Memory } = WebAssembly
const asked: number[] = []

beforeAll(() => {
  const userAgent =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 26_2 like Mac OS X) AppleWebKit/605.1.15 Version/26.2 Safari/604.1'
  Object.defineProperty(globalThis, 'navigator', { value: { userAgent }, configurable: true })
  // A host that has no more than 300 MiB.
  WebAssembly.Memory = new Proxy(Memory, {
    construct(target, [limits]) {
      const most = limits.maximum / 16
      asked.push(most)
      if (most > 300) throw new RangeError('Out of memory')
      return new target(limits)
    },
  })
})
afterAll(() => {
  WebAssembly.Memory = Memory
})

test('it is as large as the host allows, and does not grow', async () => {
  const { maxMemory, threads, reason } = await init({ threads: 2, simd: 'simd128' })
  expect({ maxMemory, threads, asked }).toEqual({ maxMemory: 256 * MIB, threads: 2, asked: [1024, 512, 256] })
  expect(reason).not.toContain('one thread')
  const { wasm } = await memory()
  expect(wasm).toBe(256 * MIB)
  const [net, data] = await Promise.all([smallNetwork(), quartersData(1000)])
  await net.fit(data, { epochs: 2, batchSize: 20 })
  // More than the module had at first.
  const large = await network([4096], [dense({ units: 4096 })])
  const x = { data: new Float32Array(4096), shape: [1, 4096] }
  expect((await large.predict(x)).data).toHaveLength(4096)
  expect((await memory()).wasm).toBe(wasm)
})

test('what does not fit is refused, and the engine lives', async () => {
  await expect(network([8192], [dense({ units: 16384 })])).rejects.toMatchObject({ code: 'memory' })
  const net = await network([2], [dense({ units: 1 })], { seed: 1 })
  expect((await net.predict([1, 2])).data).toHaveLength(1)
  expect((await memory()).wasm).toBe(256 * MIB)
})
