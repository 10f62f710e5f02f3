// The engine of networks and the engine of the classical models: each starts when it is first used, all by the same options.
import type { Worker } from 'node:worker_threads'
import { datasets, dense, hopfield, init, memory, network, neuron, perceptron, shutdown } from 'hebb'
import { afterEach, expect, test } from 'vitest'
import { script } from '../helpers/script'

let workers: Worker[] = []
process.on('worker', (worker) => workers.push(worker))

afterEach(async () => {
  await shutdown()
  workers = []
})

const fires = async () => (await neuron({ weights: [1, 1], threshold: 2 }).fire([1, 1])) === 1
const predicts = async () => (await network([2], [dense({ units: 1 })])).predict([1, 2])

test('a program loads the files of the models that it uses, and no others', () => {
  const read = (program: string) =>
    script(`import fs from 'node:fs'
      const files = []
      process.on('worker', (worker) => files.push('worker'))
      const { readFile } = fs.promises
      fs.promises.readFile = (path) => files.push(String(path).split('/').at(-1)) && readFile(path)
      const { dense, network, neuron } = await import('hebb')
      ${program}
      console.log(files.filter((name) => name !== 'worker').join())`)
  expect(read(`await neuron({ weights: [1], threshold: 1 }).fire([1])`)).toBe('hebb-classic.wasm')
  expect(read(`await network([1], [dense({ units: 1 })])`)).toMatch(/^hebb-(relaxed|simd128)\.wasm$/)
})

test('the options of init are those of both', async () => {
  await init({ threads: 3, maxMemory: 2 ** 27 })
  expect(workers).toHaveLength(3)
  await hopfield({ units: 4 }).store([[1, 1, -1, -1]])
  // Its pool starts one by one, after the engine.
  while (workers.length < 6) await new Promise((resolve) => setTimeout(resolve, 5))
  await expect(init({ threads: 2 })).rejects.toMatchObject({ code: 'option' })
  // 4,096² weights of 8 bytes are 128 MiB.
  const large = hopfield({ units: 4096 }).store([new Array(4096).fill(1)])
  await expect(large).rejects.toMatchObject({ code: 'memory' })
})

test('other options are refused if only the engine of the classical models runs', async () => {
  expect(await fires()).toBe(true)
  await expect(init({ threads: 3 })).rejects.toMatchObject({ code: 'option' })
  await shutdown()
  expect(await init({ threads: 3 })).toMatchObject({ threads: 3 })
})

test('memory() adds up what both hold, and starts neither', async () => {
  expect(await memory()).toEqual({ wasm: 0, held: 0, networks: 0, datasets: 0 })
  expect(workers).toHaveLength(0)
  const stored = await hopfield({ units: 100 }).store([new Array(100).fill(1)])
  const alone = await memory()
  expect(alone).toMatchObject({ networks: 0, datasets: 0 })
  expect(alone.held).toBeGreaterThanOrEqual(8 * 100 ** 2)
  await predicts()
  const both = await memory()
  expect(both).toMatchObject({ networks: 1, datasets: 0 })
  expect(both.wasm).toBeGreaterThan(alone.wasm)
  expect(both.held).toBeGreaterThan(alone.held)
  stored.dispose()
  expect((await memory()).held).toBe(both.held - alone.held)
})

test('if one dies the other lives on', async () => {
  await init({ threads: 1 })
  const net = await network([2], [dense({ units: 1 })])
  const stored = await hopfield({ units: 4 }).store([[1, 1, -1, -1]])
  expect(workers).toHaveLength(2)
  await workers[1]!.terminate()
  await net.predict([1, 2])
  await expect(stored.recall([1, 1, -1, 1])).rejects.toMatchObject({
    code: 'engineLost',
    message: expect.stringContaining('its memories and minimisations are gone'),
  })
  expect(await fires()).toBe(true)
  expect(workers).toHaveLength(3)
})

test('shutdown ends both', async () => {
  await Promise.all([fires(), predicts()])
  const exits = workers.map((worker) => new Promise((resolve) => worker.once('exit', resolve)))
  await shutdown()
  await Promise.all(exits)
  expect(await memory()).toEqual({ wasm: 0, held: 0, networks: 0, datasets: 0 })
})

test('both compute in the calling thread', () => {
  const output = script(`
    import { dense, init, network, neuron } from 'hebb'
    process.on('worker', () => console.log('a worker'))
    await init({ thread: 'here' })
    const [fired] = await neuron({ weights: [1], threshold: 1 }).fire([[1]])
    const net = await network([1], [dense({ units: 1 })])
    console.log(fired, net.predictSync([1]).shape.join())`)
  expect(output).toBe('1 1')
})

test('a perceptron trains on a data set of bytes as on their fractions', async () => {
  const bytes = Uint8Array.from([0, 51, 102, 153, 204, 255, 255, 204])
  const t = [0, 0, 1, 1]
  const data = await datasets.fromArrays({ data: bytes, shape: [4, 2] }, t)
  const x = Array.from({ length: 4 }, (_, i) => [bytes[2 * i]! / 255, bytes[2 * i + 1]! / 255])
  const [ofData, ofArrays] = [perceptron({ inputs: 2 }), perceptron({ inputs: 2 })]
  await Promise.all([ofData.fit(data), ofArrays.fit(x, t)])
  expect(ofData.weights).toEqual(ofArrays.weights)
  expect(await ofData.predict(data)).toEqual(await ofArrays.predict(x))
  expect(await ofData.evaluate(data)).toEqual({ accuracy: 1 })
})
