// Nothing grows: not over a thousand steps, nor over fifty networks and data sets.
import { memory } from 'hebb'
import { expect, test } from 'vitest'
import { quartersData, smallNetwork } from './recipe'

test('memory is flat over 1,000 steps', async () => {
  const [net, data] = await Promise.all([smallNetwork(), quartersData(1000)])
  await net.fit(data, { epochs: 2, batchSize: 20 })
  await net.evaluate(data)
  const before = await memory()
  await net.fit(data, { epochs: 20, batchSize: 20 })
  await net.evaluate(data)
  await net.predict(data)
  expect(await memory()).toEqual(before)
  expect(before).toMatchObject({ networks: 1, datasets: 1 })
  expect(before.held).toBeGreaterThan(1000 * 144)
  net.dispose()
  data.dispose()
})

test('memory is flat over 50 rounds of making and disposing', async () => {
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
  expect(await memory()).toEqual(before)
})

test('using disposes at the end of a scope', async () => {
  {
    using data = await quartersData(10)
    expect(data.samples).toBe(10)
    expect((await memory()).datasets).toBe(1)
  }
  expect((await memory()).datasets).toBe(0)
})
