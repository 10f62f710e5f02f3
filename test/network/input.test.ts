// Inputs and targets by name: each goes to its name, in any order; names that a network does not have are refused.
// (TensorFlow 38313 and 84278, Keras 20613, scikit-learn 7242: assigned by position, without a warning.)
import { concat, datasets, dense, type NamedInput, type Network, network, sgd } from 'hebb'
import { describe, expect, test } from 'vitest'

const p = [[1], [2], [3], [4]]
const q = [
  [0.5, -1],
  [1, 0.25],
  [-0.5, 2],
  [0, 1],
]
const a = [[1], [0], [0.5], [-1]]
const b = [
  [1, 0, 0],
  [0, 0, 1],
  [0, 1, 0],
  [1, 0, 0],
]
const make = () =>
  network(
    { p: [1], q: [2] },
    [
      concat({ from: ['p', 'q'] }),
      dense({ units: 4, activation: 'tanh', name: 'trunk' }),
      dense({ units: 1, name: 'a' }),
      dense({ units: 3, activation: 'softmax', from: 'trunk', name: 'b' }),
    ],
    { outputs: ['a', 'b'], seed: 3 },
  ) as Promise<Network>
const ordered = () => datasets.fromArrays({ p, q }, { a, b })
const swapped = () => datasets.fromArrays({ q, p }, { b, a })
const still = sgd({ learningRate: 0.1 })

describe('any order is the same', () => {
  test('predict, activations, evaluate', async () => {
    const [net, one, other] = await Promise.all([make(), ordered(), swapped()])
    expect(other.inputs!.map(([name]) => name)).toEqual(['q', 'p'])
    expect(await net.predictAll(other)).toEqual(await net.predictAll(one))
    expect(await net.predictAll({ q, p })).toEqual(await net.predictAll(one))
    expect(await net.activations({ q, p })).toEqual(await net.activations({ p, q }))
    for (const options of [{}, { metrics: 'regression' } as const]) {
      expect(await net.evaluate(other, options)).toEqual(await net.evaluate(one, options))
    }
    const loss = { b: 'kullbackLeibler', a: 'huber' } as const
    expect(await net.evaluate(other, { loss })).toEqual(await net.evaluate(one, { loss }))
  })

  test('gradients, trace, checkGradients', async () => {
    const net = await make()
    expect(await net.gradients({ q, p }, { b, a })).toEqual(await net.gradients({ p, q }, { a, b }))
    expect(await net.trace({ q, p }, { b, a })).toEqual(await net.trace({ p, q }, { a, b }))
    const check = await net.checkGradients({ q, p }, { b, a })
    expect(check).toEqual(await net.checkGradients({ p, q }, { a, b }))
    expect(check.ok).toBe(true)
  })

  test.each(['sgd', 'lbfgs', 'levenbergMarquardt'] as const)(
    'fit with %s and a selection set',
    async (optimizer) => {
      const trained = async (data: typeof ordered) => {
        const [net, samples] = await Promise.all([make(), data()])
        const { train, selection } = await samples.split({ selection: 1, seed: 4 })
        const squares = optimizer === 'levenbergMarquardt' ? ({ loss: 'meanSquaredError' } as const) : {}
        const { epochs } = await net.fit(train, { ...squares, optimizer, epochs: 3, selection })
        return {
          weights: await net.weights(),
          losses: epochs.map((epoch) => [epoch.loss, epoch.selectionLoss]),
        }
      }
      expect(await trained(swapped)).toEqual(await trained(ordered))
    },
  )

  test('streams, and minibatches of a custom loop', async () => {
    const rows = p.map((_, i) => ({ x: { p: p[i]!, q: q[i]! }, t: { a: a[i]!, b: b[i]! } }))
    // Each sample has another order of names.
    const mixed = rows.map(({ x, t }, i) =>
      i % 2 ? { x, t } : { x: { q: x.q, p: x.p }, t: { b: t.b, a: t.a } },
    )
    const options = { shuffle: false, batchSize: 4, optimizer: still }
    const [one, other] = await Promise.all([make(), make()])
    await one.fit(await ordered(), options)
    await other.fit(mixed, options)
    expect(await other.weights()).toEqual(await one.weights())
    expect(await one.evaluate(mixed)).toEqual(await one.evaluate(await ordered()))
    for await (const { x, t } of datasets.batches(mixed, { batchSize: 4 })) {
      expect(Object.keys(x)).toEqual(['p', 'q'])
      expect((t as NamedInput).b).toEqual({ data: Float32Array.from(b.flat()), shape: [4, 3] })
      const { gradients, loss } = await one.gradients(x as NamedInput, t as NamedInput)
      expect({ gradients, loss }).toEqual(await one.gradients({ p, q }, { a, b }))
    }
  })

  test('bytes are scaled as inputs, and are plain numbers as targets', async () => {
    const net = await make()
    const bytes = { data: Uint8Array.of(255, 0, 51, 102), shape: [4, 1] }
    const floats = { data: Float32Array.of(1, 0, 0.2, 0.4), shape: [4, 1] }
    expect(await net.predictAll({ q, p: bytes })).toEqual(await net.predictAll({ p: floats, q }))
    const hot = { data: Uint8Array.from(b.flat()), shape: [4, 3] }
    expect(await net.gradients({ p, q }, { b: hot, a })).toEqual(await net.gradients({ p, q }, { a, b }))
  })
})

describe('names that do not fit are refused', () => {
  const everywhere = (x: NamedInput, t: NamedInput) =>
    [
      async (net: Network) => net.fit(await datasets.fromArrays(x, t)),
      async (net: Network) => net.fit(await datasets.fromArrays(x, t), { optimizer: 'bfgs' }),
      async (net: Network) => net.evaluate(await datasets.fromArrays(x, t)),
      (net: Network) => net.gradients(x, t),
      (net: Network) => net.trace(x, t),
      (net: Network) => net.checkGradients(x, t),
    ] as const
  const outputs = "the network's outputs are a, b: "
  test.each<[string, NamedInput, NamedInput, 'data' | 'shape', string]>([
    [
      'an input that nobody has',
      { p, z: q },
      { a, b },
      'data',
      'the network\'s inputs are p, q: "q" is missing, and there is no "z"',
    ],
    ['an input too many', { p, q, z: q }, { a, b }, 'data', 'too many are given ("z")'],
    [
      'an output that nobody has',
      { p, q },
      { a, c: b },
      'data',
      `${outputs}"b" is missing, and there is no "c"`,
    ],
    ['an output missing', { p, q }, { a }, 'data', `${outputs}"b" is missing`],
    ['an output too many', { p, q }, { a, b, c: a }, 'data', `${outputs}too many are given ("c")`],
    [
      'inputs of each other’s shape',
      { p: q, q: p },
      { a, b },
      'shape',
      '"p" has values of shape [2] per sample, the network\'s input has shape [1]',
    ],
    [
      'heads of each other’s shape',
      { p, q },
      { a: b, b: a },
      'shape',
      '"a" has targets of shape [3] per sample, the network\'s output has shape [1]',
    ],
    [
      'class numbers of a head',
      { p, q },
      { a, b: [0, 2, 1, 0] },
      'shape',
      'shape [3]; classes are one-hot rows',
    ],
  ])('%s', async (_, x, t, code, why) => {
    const net = await make()
    const before = await net.weights()
    for (const use of everywhere(x, t)) {
      await expect((async () => use(net))()).rejects.toMatchObject({
        code,
        message: expect.stringContaining(why),
      })
    }
    expect(await net.weights()).toEqual(before)
  })

  test('one input and one output have names too', async () => {
    const net = await network([2], [dense({ units: 1, name: 'price' })])
    expect(await net.gradients({ input: q }, { price: a })).toEqual(await net.gradients(q, a))
    await expect(net.gradients({ picture: q }, { price: a })).rejects.toThrow('"input" is missing')
    await expect(net.gradients({ input: q }, { cost: a })).rejects.toThrow(
      '"price" is missing, and there is no "cost"',
    )
    await expect(net.predict(await datasets.fromArrays({ picture: q }))).rejects.toThrow('"input" is missing')
  })

  test('predict and streams give the same errors', async () => {
    const net = await make()
    const why = 'the network\'s inputs are p, q: "q" is missing, and there is no "z"'
    await expect(net.predictAll({ p, z: q })).rejects.toThrow(why)
    await expect(net.predictAll(await datasets.fromArrays({ p, z: q }))).rejects.toThrow(why)
    const stream = [{ x: { p: [1], q: [1, 2] }, t: { a: [1], c: [1, 0, 0] } }]
    await expect(net.fit(stream)).rejects.toThrow(
      'sample 0 of the stream: the network\'s outputs are a, b: "b" is missing',
    )
  })
})

describe('an error names the output', () => {
  const heads = () =>
    network(
      [1],
      [
        dense({ units: 2, activation: 'softmax', name: 'kind', from: 'input' }),
        dense({ units: 3, activation: 'sigmoid', name: 'tags', from: 'input' }),
      ],
      { outputs: ['kind', 'tags'] },
    ) as Promise<Network>
  const kind = [
    [1, 0],
    [0, 1],
    [1, 0],
    [0, 1],
  ]
  const tags = [
    [1, 0, 1],
    [0, 0, 0],
    [1, 1, 1],
    [0, 1, 0],
  ]
  test.each<[NamedInput | number[] | number[][], string]>([
    [{ kind: [...kind.slice(1), [2, -1]], tags }, 'sample 3: the target 2 of output 0 of kind'],
    [{ kind: [[1, 1], ...kind.slice(1)], tags }, 'sample 0: the targets of kind sum to 2'],
    [{ kind, tags: [...tags.slice(1), [0, 1.5, 0]] }, 'sample 3: the target 1.5 of output 1 of tags'],
    [[0, 1, 2, 0], 'class number 2 is out of range: the output "kind" has classes 0 to 1 (sample 2)'],
    [p, 'each sample has 1 target values, the network has 5 outputs (2 kind, 3 tags)'],
  ])('%#', async (t, why) => {
    const net = await heads()
    const data = await datasets.fromArrays(p, t)
    for (const wrong of [net.fit(data), net.evaluate(data), net.gradients(p, t)]) {
      await expect(wrong).rejects.toThrow(why)
    }
  })

  test('losses and their options too', async () => {
    const net = await heads()
    const data = await datasets.fromArrays(p, { tags, kind })
    await expect(net.evaluate(data, { loss: 'crossEntropy' })).rejects.toThrow('"tags"')
    await expect(net.evaluate(data, { loss: { kind: 'meanSquaredError', tags: 'hinge' } })).rejects.toThrow(
      'sample 0: the target 0 of output 1 of tags (both from 0) is neither -1 nor 1',
    )
    // `kind` has one answer per sample, `tags` has three.
    const { accuracy, exactMatch } = await net.evaluate(data)
    const all = await net.predictAll(data)
    const rows = (name: string, width: number) =>
      p.map((_, i) => Array.from(all[name]!.data.slice(i * width, (i + 1) * width)))
    const classes = rows('kind', 2).map(([no, yes], i) => Number((yes! > no! ? 1 : 0) === kind[i]![1]))
    const labels = rows('tags', 3).map((row, i) => row.map((v, k) => Number(v > 0.5 === (tags[i]![k] === 1))))
    const right = [...classes, ...labels.flat()].reduce((a, b) => a + b)
    expect(accuracy).toBe(right / 16)
    const exact = classes.filter((hit, i) => hit && labels[i]!.every(Boolean)).length
    expect(exactMatch).toBe(exact / 4)
  })
})
