// Damaged files, networks that do not fit into memory, and disposed objects.
import { conv2d, datasets, dense, flatten, loadNetwork, maxPool2d, memory, network } from 'hebb'
import { describe, expect, test } from 'vitest'
import { outcome, sings } from './values'

const image = () =>
  network(
    [1, 6, 6],
    [conv2d({ filters: 2, kernel: 3 }), maxPool2d({ kernel: 2 }), flatten(), dense({ units: 2 })],
  )
const data = await datasets.fromArrays([[0, 1, 2]], [[0, 1]])

test('a saved model with bits flipped, bytes cut off and bytes inserted', async () => {
  const good = await (await image()).toBytes()
  let state = 7
  const draw = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  const wrong: string[] = []
  const REFUSED = ['file', 'shape', 'option', 'data', 'memory']
  for (let i = 0; i < 300; i++) {
    // Mostly in the header, because only the header can be misread.
    const at = draw(i % 3 === 0 ? good.length : 900)
    const bytes = [
      () => Uint8Array.from(good, (byte, j) => (j === at ? byte ^ (1 << draw(8)) : byte)),
      () => good.slice(0, at),
      () => Uint8Array.from([...good.slice(0, at), draw(256), ...good.slice(at)]),
    ][i % 3]!()
    const result = await outcome(async () => (await loadNetwork(bytes)).dispose())
    // A flipped bit in a weight is a valid weight; a file of another length is not a valid model.
    const may = i % 3 === 0 ? ['accepted', ...REFUSED] : REFUSED
    if (!may.includes(result)) wrong.push(`change ${i} at ${at}: ${result}`)
  }
  expect(wrong).toEqual([])
  await sings()
})

describe('networks that do not fit into memory', () => {
  test.each([
    [() => network([1], [dense({ units: 2 ** 30 }), dense({ units: 2 ** 30 })])],
    [() => network([1, 4000, 4000], [conv2d({ filters: 4000, kernel: 1 })])],
    [() => network([2 ** 31 - 1], [dense({ units: 1 })])],
    [() => network([1, 2 ** 16, 2 ** 16], [conv2d({ filters: 1, kernel: 1 })])],
    [() => network([20_000], [dense({ units: 20_000 }), dense({ units: 20_000 }), dense({ units: 20_000 })])],
  ])('%#', async (make) => {
    await expect((async () => make())()).rejects.toMatchObject({
      name: 'HebbError',
      code: expect.stringMatching(/memory|shape/),
    })
    await sings()
  })
})

test('after dispose every call fails, and disposing again does nothing', async () => {
  const net = await image()
  const gone = await datasets.fromArrays([[1]], [[1]])
  const other = await network([1], [dense({ units: 1 })])
  for (const one of [net, gone]) {
    one.dispose()
    one.dispose()
  }
  const x = { data: new Uint8Array(36), shape: [1, 6, 6] }
  const calls = [
    () => net.predict(x),
    () => net.classify(x),
    () => net.activations(x),
    () => net.evaluate(data),
    () => net.fit(data),
    () => net.weights(),
    () => net.toBytes(),
    () => other.fit(gone),
    () => other.evaluate(gone),
    () => gone.subset([0]),
    () => gone.split({ test: 0.5 }),
  ]
  for (const call of calls) await expect((async () => call())()).rejects.toMatchObject({ code: 'disposed' })
})

test('no memory is left allocated', async () => {
  const { networks } = await memory()
  // Only the canary, and networks that tests still hold.
  expect(networks).toBeLessThan(10)
})
