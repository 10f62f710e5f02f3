// Regularisation per layer, compared with its formula computed here.
import { conv2d, datasets, dense, flatten, loadNetwork, network, type Regularization } from 'hebb'
import { describe, expect, test } from 'vitest'

const x = Array.from({ length: 5 * 16 }, (_, i) => Math.sin(i * i))
const input = { data: Float32Array.from(x), shape: [5, 1, 4, 4] }
const t = [0, 1, 2, 1, 0]

const make = (conv?: Regularization, last?: Regularization) =>
  network(
    [1, 4, 4],
    [
      conv2d({ filters: 2, kernel: 3, ...(conv && { regularization: conv }) }),
      flatten(),
      dense({ units: 4, activation: 'tanh', name: 'hidden' }),
      dense({ units: 3, activation: 'softmax', name: 'last', ...(last && { regularization: last }) }),
    ],
    { seed: 1 },
  )

describe.each<[string, Regularization | undefined]>([
  ['nothing', undefined],
  ['l1 and l2', { l1: 0.02, l2: 0.3 }],
])('for all layers %s', (_, all) => {
  const options = all && { regularization: all }

  test('a layer’s own option takes precedence: in the loss, in the gradient, and after saving', async () => {
    const plain = await make()
    const net = await make({ l1: 0.1 }, { l2: 0 })
    const of: Record<string, Regularization> = { conv1: { l1: 0.1 }, hidden: all ?? {}, last: {} }
    const [bare, own] = [await plain.gradients(input, t), await net.gradients(input, t, options)]
    let term = 0
    for (const [name, { data }] of Object.entries(await net.weights())) {
      const { l1 = 0, l2 = 0 } = name.endsWith('weight') ? of[name.split('.')[0]!]! : {}
      data.forEach((w, i) => {
        term += l1 * Math.abs(w) + 0.5 * l2 * w * w
        const share = own.gradients[name]!.data[i]! - bare.gradients[name]!.data[i]!
        expect(share).toBeCloseTo(l1 * Math.sign(w) + l2 * w, 6)
      })
    }
    expect(own.loss - bare.loss).toBeCloseTo(term, 6)
    const data = await datasets.fromArrays(input, t)
    const evaluation = await net.evaluate(data, options)
    expect(evaluation.regularization).toBeCloseTo(term, 6)
    expect((await net.trace(input, t, options)).loss).toBeCloseTo(own.loss, 6)
    expect((await net.checkGradients(input, t, options)).ok).toBe(true)
    const again = await loadNetwork(await net.toBytes())
    expect(await again.evaluate(data, options)).toEqual(evaluation)
    const { epochs } = await net.fit(data, { ...options, batchSize: 5 })
    expect(epochs[0]!.regularization).toBeCloseTo(term, 6)
  })
})

test('levenbergMarquardt does not support it', async () => {
  const net = await network([1], [dense({ units: 1, regularization: { l2: 1 } })])
  const data = await datasets.fromArrays([[1], [2]], [[1], [3]])
  await expect(net.fit(data, { optimizer: 'levenbergMarquardt' })).rejects.toThrow('regularization')
  await expect(net.fit(data, { loss: 'sumSquaredError', optimizer: 'bfgs' })).rejects.toThrow('do not add up')
  const free = await network([1], [dense({ units: 1, regularization: { l2: 0 } })])
  await free.fit(data, { optimizer: 'levenbergMarquardt', regularization: { l2: 1 } })
})

test.each([
  [{ l1: -1 }, 'l1 must be a number, at least 0'],
  [{ l3: 1 }, 'no option "l3"'],
  [3, 'takes an object'],
])('%j is refused', (regularization, why) => {
  expect(() => dense({ units: 1, regularization: regularization as never })).toThrow(why)
  expect(() => conv2d({ filters: 1, kernel: 1, regularization: regularization as never })).toThrow(why)
})
