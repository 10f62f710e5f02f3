// Weights by name: matching ones are set, all others are named in the error.
import { batchNorm, dense, loadNetwork, type Network, network, sgd, type Tensor } from 'hebb'
import { beforeAll, describe, expect, test } from 'vitest'

let net: Network
let weights: Record<string, Tensor>
beforeAll(async () => {
  net = await network([3], [dense({ units: 2, name: 'a' }), dense({ units: 2, name: 'b' })], { seed: 1 })
  weights = await net.weights()
})

const refused = async (given: unknown, code: string, ...words: string[]) => {
  const error = await net.setWeights(given as never).catch((error) => error)
  expect(error).toMatchObject({ name: 'HebbError', code })
  for (const word of words) expect(error.message).toContain(word)
  expect(await net.weights()).toEqual(weights)
}

describe('names', () => {
  // pytorch#141256: the error should list all mismatches, not only the first.
  test('that are missing and that are unknown are both listed', async () => {
    const { 'a.weight': w, 'b.bias': b, ...rest } = weights
    await refused(
      { ...rest, 'fc1.weight': w, 'fc1.bias': b },
      'shape',
      'missing "a.weight" [2,3], "b.bias" [2]',
      'unknown "fc1.weight", "fc1.bias"',
    )
    await refused(rest, 'shape', 'missing "a.weight" [2,3], "b.bias" [2]')
    await refused({ ...weights, other: w }, 'shape', 'unknown "other"')
    await refused({}, 'shape', '"a.weight" [2,3], "a.bias" [2], "b.weight" [2,2], "b.bias" [2]')
  })

  test('of many layers are listed up to a limit', async () => {
    const layers = Array.from({ length: 30 }, () => dense({ units: 2, bias: false }))
    const deep = await network([2], layers)
    await expect(deep.setWeights({})).rejects.toThrow('"dense8.weight" [2,2] and 22 more')
  })

  test('are required', async () => {
    for (const given of [null, undefined, 3, 'a.weight', [weights['a.weight']], () => weights]) {
      await refused(given, 'data', 'by name')
    }
  })
})

describe('shapes', () => {
  // pytorch#8282: a tensor of another shape but with as many values was loaded without a warning.
  test('are compared, not counts', async () => {
    const w = weights['a.weight']!
    for (const shape of [[3, 2], [6], [2, 3, 1], [1, 2, 3]]) {
      await refused(
        { ...weights, 'a.weight': { data: w.data, shape } },
        'shape',
        `"a.weight" must have shape [2,3], got [${shape}]`,
      )
    }
    await refused({ ...weights, 'a.weight': { data: w.data.slice(1), shape: [2, 3] } }, 'shape', '5 values')
  })

  test('of a square matrix do not show a transposition: it is used as given', async () => {
    const other = await network([2], [dense({ units: 2 })])
    const data = Float32Array.of(1, 2, 3, 4)
    await other.setWeights({
      'dense1.weight': { data, shape: [2, 2] },
      'dense1.bias': { data: Float32Array.of(0, 0), shape: [2] },
    })
    expect((await other.predict([1, 0])).toArray()).toEqual([1, 3])
  })

  test('of gradients are compared too', async () => {
    const { gradients } = await net.gradients([[1, 2, 3]], [[0, 1]])
    const g = gradients['a.weight']!
    await expect(net.update({ ...gradients, 'a.weight': { ...g, shape: [3, 2] } })).rejects.toMatchObject({
      code: 'shape',
      message: expect.stringContaining('gradients: "a.weight" must have shape [2,3], got [3,2]'),
    })
    expect(await net.weights()).toEqual(weights)
  })

  test('in a saved file are compared with those of its network', async () => {
    const bytes = await net.toBytes()
    const text = new TextDecoder('latin1').decode(bytes)
    const at = text.indexOf('"shape":[2,3]')
    expect(at).toBeGreaterThan(0)
    const turned = bytes.slice()
    turned.set(new TextEncoder().encode('"shape":[3,2]'), at)
    await expect(loadNetwork(turned)).rejects.toMatchObject({
      name: 'HebbError',
      code: 'shape',
      message: expect.stringContaining('"a.weight" must have shape [2,3], got [3,2]'),
    })
  })
})

describe('values', () => {
  test('may have 64 bits, but must be finite in 32', async () => {
    const doubles = Object.fromEntries(
      Object.entries(weights).map(([name, { data, shape }]) => [
        name,
        { data: Float64Array.from(data), shape },
      ]),
    )
    await net.setWeights(doubles)
    expect(await net.weights()).toEqual(weights)
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, 1e39]) {
      const data = Float64Array.of(1, bad)
      await refused({ ...weights, 'b.bias': { data, shape: [2] } }, 'data', 'b.bias')
    }
  })

  test.each([
    [1, 2],
    new Int32Array(2),
    new BigInt64Array(2),
    new DataView(new ArrayBuffer(8)),
    null,
    undefined,
    { length: 2 },
  ])('must be floats in a typed array: %o', async (data) => {
    await refused({ ...weights, 'b.bias': { data, shape: [2] } }, 'data', '"b.bias" must be')
  })

  test('in a view of a detached buffer count as none', async () => {
    const data = new Float32Array(2)
    structuredClone(data, { transfer: [data.buffer] })
    await refused({ ...weights, 'b.bias': { data, shape: [2] } }, 'shape', '0 values')
  })
})

describe('partial weights', () => {
  test('keep the others unchanged, including running statistics', async () => {
    const layers = [dense({ units: 2, name: 'a' }), batchNorm({ name: 'n' }), dense({ units: 1, name: 'b' })]
    const own = await network([3], layers, { seed: 4 })
    const before = await own.weights()
    const w = { data: Float32Array.of(7, 8), shape: [1, 2] }
    const mean = { data: Float32Array.of(0.5, -0.5), shape: [2] }
    await own.setWeights({ 'n.running_mean': mean, 'b.weight': w }, { partial: true })
    expect(await own.weights()).toEqual({ ...before, 'n.running_mean': mean, 'b.weight': w })
    await own.setWeights({}, { partial: true })
    expect(await own.weights()).toEqual({ ...before, 'n.running_mean': mean, 'b.weight': w })
  })

  // pytorch#40859: a part of a file is loaded into a network with another head; its shapes must fit.
  test('of another network can be its common layers', async () => {
    const source = await network(
      [3],
      [dense({ units: 4, name: 'body' }), dense({ units: 9, name: 'head' })],
      {
        seed: 5,
      },
    )
    const target = await network([3], [dense({ units: 4, name: 'body' }), dense({ units: 2, name: 'head' })])
    const all = await source.weights()
    await expect(target.setWeights(all, { partial: true })).rejects.toMatchObject({ code: 'shape' })
    const body = Object.fromEntries(Object.entries(all).filter(([name]) => name.startsWith('body.')))
    await target.setWeights(body, { partial: true })
    expect((await target.weights())['body.weight']).toEqual(all['body.weight'])
  })

  test('must have known names and finite values', async () => {
    const w = weights['a.weight']!
    const partial = { partial: true }
    await expect(net.setWeights({ c: w }, partial)).rejects.toThrow('unknown "c"')
    const bad = { data: new Float32Array(6).fill(Number.NaN), shape: [2, 3] }
    await expect(net.setWeights({ 'a.weight': bad }, partial)).rejects.toMatchObject({ code: 'data' })
    expect(await net.weights()).toEqual(weights)
  })

  test('need partial: true; no other value or option will do, not even strict: false', async () => {
    for (const options of [
      { strict: false },
      { partial: 1 },
      { partial: 'yes' },
      { partial: null },
      null,
      [],
    ]) {
      await expect(net.setWeights({}, options as never)).rejects.toMatchObject({ name: 'HebbError' })
    }
    await expect(net.setWeights({}, { partial: false })).rejects.toMatchObject({ code: 'shape' })
  })

  test('can be trained further', async () => {
    const own = await network([3], [dense({ units: 1 })], { seed: 1 })
    await own.setWeights({ 'dense1.bias': { data: Float32Array.of(3), shape: [1] } }, { partial: true })
    const { gradients } = await own.gradients([[0, 0, 0]], [[0]])
    await own.update(gradients, sgd({ learningRate: 0.5 }))
    // ∂(3 − 0)²/∂b = 6.
    expect((await own.weights())['dense1.bias']!.data[0]).toBe(0)
  })
})
