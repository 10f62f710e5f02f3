import { datasets, dense, flatten, loadNetwork, network } from 'hebb'
import { classifyImage } from 'hebb/zoo'
import { expect, test } from 'vitest'
import { refused } from '../helpers/refused'

/** An image whose left half is red and whose right half is green, 8 × 6. */
const image = (() => {
  const data = new Uint8ClampedArray(8 * 6 * 4)
  for (let i = 0; i < 48; i++) data.set(i % 8 < 4 ? [255, 0, 0, 255] : [0, 255, 0, 255], 4 * i)
  return { data, width: 8, height: 6 }
})()

const recipe = { crop: 4, mean: 0.5, deviation: 0.25 }
const make = (tenCrop: boolean) =>
  network([3, 4, 4], [flatten(), dense({ units: 3, activation: 'softmax' })], {
    seed: 1,
    classes: ['a', 'b', 'c'],
    preprocessing: datasets.preprocessing({ ...recipe, tenCrop }),
  })

test('the image is prepared by the recipe of the network, also of one that was saved', async () => {
  const net = await make(false)
  const x = await datasets.prepare(image, recipe)
  const expected = await net.classify(x, { top: 3 })
  expect(await classifyImage(net, image, { top: 3 })).toEqual(expected)
  expect(await classifyImage(net, image)).toEqual(expected.slice(0, 1))
  const loaded = await loadNetwork(await net.toBytes())
  expect(loaded.spec.preprocessing).toEqual(net.spec.preprocessing)
  expect(await classifyImage(loaded, image, { top: 3 })).toEqual(expected)
})

test('the outputs of ten parts are averaged', async () => {
  const net = await make(true)
  const { data } = await net.predict(await datasets.prepare(image, { ...recipe, tenCrop: true }))
  const answers = await classifyImage(net, image, { top: 3 })
  for (const { index, score, probability, label } of answers) {
    const mean = Array.from({ length: 10 }, (_, part) => data[3 * part + index]!).reduce((a, b) => a + b) / 10
    expect(score).toBeCloseTo(mean, 6)
    expect([probability, label]).toEqual([score, 'abc'[index]])
  }
  expect(answers.map(({ score }) => score)).toEqual(answers.map(({ score }) => score).sort((a, b) => b - a))
})

test('a network without a recipe, and images that do not fit', async () => {
  const plain = await network([3, 4, 4], [flatten(), dense({ units: 2, activation: 'softmax' })])
  await refused('option', 'does not know how images are prepared', () => classifyImage(plain, image))
  const net = await make(false)
  await refused('option', 'top must be', () => classifyImage(net, image, { top: 0 }))
  await refused('option', '"best"', () => classifyImage(net, image, { best: 1 } as never))
  const small = { data: new Uint8ClampedArray(4 * 9).fill(255), width: 3, height: 3 }
  await refused('shape', /crop/, () => classifyImage(net, small))
  // The dense layers fix the size of the image.
  const other = await network([3, 4, 4], [flatten(), dense({ units: 2, activation: 'softmax' })], {
    preprocessing: datasets.preprocessing({ crop: 5 }),
  })
  await refused('shape', '[3,4,4]', () => classifyImage(other, image))
})
