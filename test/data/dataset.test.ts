// Targets are class numbers or values, or they are refused.
import { datasets, dense, type LossOption, network, type TargetInput } from 'hebb'
import { describe, expect, test } from 'vitest'

const { fromArrays } = datasets
const x = [[0], [1], [2], [3]]
const linear = (units = 1) => network([1], [dense({ units, initializer: 'zeros' })])
/** ½ΣΣt² of targets that are read as values. */
const squares = async (t: TargetInput) =>
  (await (await linear()).evaluate(await fromArrays(x, t), { loss: 'sumSquaredError' })).loss

describe('flat targets', () => {
  const sum = (0.25 + 0.0625 + 6.25 + 9) / 2
  test.each<[string, TargetInput]>([
    // skll 285: 1.6 was read as class 1.
    ['Float32Array', Float32Array.of(0.5, 0.25, 2.5, 3)],
    ['Float64Array', Float64Array.of(0.5, 0.25, 2.5, 3)],
    ['an array', [0.5, 0.25, 2.5, 3]],
    ['a tensor', { data: Float32Array.of(0.5, 0.25, 2.5, 3), shape: [4] }],
    ['rows', [[0.5], [0.25], [2.5], [3]]],
  ])('of fractions are values: %s', async (_, t) => {
    expect(await squares(t)).toBeCloseTo(sum, 6)
  })

  test('of integral floats are values too', async () => {
    expect(await squares(Float32Array.of(1, 2, 3, 4))).toBe(15)
    const net = await network([1], [dense({ units: 3, activation: 'softmax' })])
    await expect(net.fit(await fromArrays(x, Float32Array.of(0, 1, 2, 1)))).rejects.toThrow(
      'each sample has 1 target values, the network has 3 outputs; class numbers are a flat list of integers',
    )
  })

  test.each<[string, TargetInput]>([
    ['Uint8Array', Uint8Array.of(0, 1, 2, 1)],
    ['Uint8ClampedArray', Uint8ClampedArray.of(0, 1, 2, 1)],
    ['Int8Array', Int8Array.of(0, 1, 2, 1)],
    ['Uint16Array', Uint16Array.of(0, 1, 2, 1)],
    ['Int16Array', Int16Array.of(0, 1, 2, 1)],
    ['Int32Array', Int32Array.of(0, 1, 2, 1)],
    ['Uint32Array', Uint32Array.of(0, 1, 2, 1)],
    ['a tensor', { data: Int32Array.of(0, 1, 2, 1), shape: [4] }],
    ['an array', [0, 1, 2, 1]],
  ])('of integers are class numbers: %s', async (_, t) => {
    const net = await network([1], [dense({ units: 3, activation: 'softmax', initializer: 'zeros' })])
    expect((await net.evaluate(await fromArrays(x, t))).accuracy).toBe(0.25)
    const onehot = [0, 1, 2, 1].map((c) => [0, 1, 2].map((k) => Number(k === c)))
    expect(await net.gradients(x, t)).toEqual(await net.gradients(x, onehot))
  })

  test.each<[string, unknown, string]>([
    ['NaN', Float32Array.of(0, Number.NaN, 1, 2), 'the targets contain NaN or an infinity: sample 1 has NaN'],
    ['NaN among classes', [0, 1, Number.NaN, 2], 'sample 2 has NaN'],
    ['an infinity', [[0], [1], [2], [Number.POSITIVE_INFINITY]], 'sample 3 has inf'],
    [
      '−1',
      [1, -1, 1, -1],
      'class numbers count from 0 to 4294967295, got -1 (sample 1); numbers are rows: [[1], …]',
    ],
    ['−1 of a typed array', Int32Array.of(0, 0, 0, -1), 'got -1 (sample 3)'],
    // It was read as class 0.
    ['2³²', [0, 1, 2 ** 32, 1], 'got 4294967296 (sample 2)'],
    ['BigInts', BigInt64Array.of(0n, 1n, 2n, 1n), 'data must be nested arrays'],
    ['a view of bytes', new DataView(new ArrayBuffer(4)), 'data must be nested arrays'],
    ['true and false', [true, false, true, false], 'data must be numbers, got true'],
    ['texts', ['0', '1', '2', '1'], 'data must be numbers, got "0"'],
    ['too few', Float32Array.of(0.5, 1), '2 targets for 4 samples'],
    ['nothing', null, 'data must be nested arrays'],
  ])('of any other kind are refused: %s', async (_, t, why) => {
    await expect(fromArrays(x, t as TargetInput)).rejects.toMatchObject({
      name: 'HebbError',
      message: expect.stringContaining(why),
    })
  })
})

test('the error for class numbers in a regression shows how to write rows', async () => {
  const net = await linear()
  const data = await fromArrays(x, [1, 2, 3, 5])
  for (const wrong of [net.fit(data), net.evaluate(data), net.gradients(x, [1, 2, 3, 5])]) {
    await expect(wrong).rejects.toThrow(
      'class number 2 is out of range: a network with 1 output has classes 0 to 1 (sample 1); numbers are rows, as [[1], [2], …]',
    )
  }
  await net.fit(await fromArrays(x, [[1], [2], [3], [5]]))
})

test('for integers of a CSV file and softmax, the error says classes: true', async () => {
  const csv = 'x,kind\n1,0\n2,1\n3,2\n4,1\n'
  const net = await network([1], [dense({ units: 3, activation: 'softmax' })])
  const { dataset } = await datasets.fromCsv(csv, { target: 'kind' })
  await expect(net.fit(dataset)).rejects.toThrow('(of a CSV file: classes: true)')
  const { dataset: right } = await datasets.fromCsv(csv, { target: 'kind', classes: true })
  await net.fit(right)
})

test('a softmax of one value is refused anywhere', async () => {
  const one = (activation: 'softmax' | 'logSoftmax') => dense({ units: 1, activation })
  // dcgp 86: the cross-entropy of one softmax output is always 0.
  await expect(network([3], [one('softmax')])).rejects.toThrow(
    'softmax of one value always answers 1: use sigmoid',
  )
  await expect(network([3], [one('logSoftmax')])).rejects.toThrow('logSoftmax of one value always answers 0')
  await expect(network([3], [one('softmax'), dense({ units: 2 })])).rejects.toThrow('always answers 1')
  const logit = await network([1], [dense({ units: 1, name: 'logit' })])
  await expect(logit.gradients(x, [0, 1, 0, 1], { loss: 'crossEntropy' })).rejects.toThrow(
    'crossEntropy of one output is always 0: use binaryCrossEntropy for logit',
  )
})

describe('values that a loss cannot measure', () => {
  const refused = async (
    units: number,
    activation: 'softmax' | 'logSoftmax' | 'sigmoid' | 'identity',
    t: TargetInput,
    loss?: LossOption,
  ) => {
    const net = await network([1], [dense({ units, activation, name: 'out' })])
    const options = loss === undefined ? {} : { loss }
    const data = await fromArrays(x, t)
    const calls = [
      () => net.fit(data, options),
      () => net.fit(data, { ...options, optimizer: 'bfgs' }),
      () => net.evaluate(data, options),
      () => net.gradients(x, t, options),
      () => net.trace(x, t, options),
      () => net.checkGradients(x, t, options),
    ]
    const errors = []
    for (const call of calls) errors.push(await (async () => call())().then(String, (error) => error))
    expect(new Set(errors.map((error) => `${error?.code} ${error?.message}`)).size).toBe(1)
    expect(errors[0].code).toBe('data')
    return errors[0].message as string
  }
  const rows = (row: number[]) => [[1, 0, 0], [0, 1, 0], [0.5, 0.25, 0.25], row]
  const no = 'is no probability, 0 to 1'

  test.each<['softmax' | 'logSoftmax' | 'identity', LossOption | undefined]>([
    ['softmax', undefined],
    ['logSoftmax', undefined],
    ['identity', 'crossEntropy'],
    ['softmax', 'kullbackLeibler'],
  ])('%s with %s', async (activation, loss) => {
    expect(await refused(3, activation, rows([2, -1, 0]), loss)).toContain(
      `sample 3: the target 2 of output 0 of out (both from 0) ${no}`,
    )
    expect(await refused(3, activation, rows([0.5, -0.25, 0.75]), loss)).toContain(
      `the target -0.25 of output 1 of out (both from 0) ${no}`,
    )
    expect(await refused(3, activation, rows([1, 1, 0]), loss)).toBe(
      'sample 3: the targets of out sum to 2, not 1: for several labels use sigmoid and binaryCrossEntropy',
    )
    expect(await refused(3, activation, rows([0.4, 0.4, 0]), loss)).toContain('sum to 0.8')
    expect(await refused(3, activation, rows([0, 0, 0]), loss)).toContain('sum to 0,')
  })

  test('a row of probabilities rounded to two digits is accepted', async () => {
    const net = await network([1], [dense({ units: 3, activation: 'softmax' })])
    await net.fit(await fromArrays(x, rows([0.33, 0.33, 0.33])))
  })

  // PyTorch 87373, 110865: class numbers given to BCEWithLogitsLoss make it negative, without a warning.
  test.each(['sigmoid', 'identity'] as const)('%s with binaryCrossEntropy', async (activation) => {
    const loss = 'binaryCrossEntropy'
    expect(await refused(1, activation, [[0], [1], [2], [1]], loss)).toContain(
      `sample 2: the target 2 of output 0 of out (both from 0) ${no}`,
    )
    expect(
      await refused(
        2,
        activation,
        [
          [0, 1],
          [1, -1],
          [0, 1],
          [1, 1],
        ],
        loss,
      ),
    ).toContain(`sample 1: the target -1 of output 1`)
    const net = await network([1], [dense({ units: 1, activation })])
    await net.fit(await fromArrays(x, [[0], [0.5], [1], [0.25]]), { loss })
  })

  // Keras 15665: for a target of 0 the hinge loss is 1, for any output.
  test('hinge', async () => {
    const why = 'is neither -1 nor 1, as hinge needs'
    expect(await refused(1, 'identity', [[1], [0], [-1], [1]], 'hinge')).toContain(
      `sample 1: the target 0 of output 0 of out (both from 0) ${why}`,
    )
    expect(await refused(1, 'identity', [1, 0, 1, 0], 'hinge')).toContain(why)
  })

  test('in a subset, the error gives the sample’s number in the whole data set', async () => {
    const net = await network([1], [dense({ units: 1, activation: 'sigmoid' })])
    const data = await (await fromArrays(x, [[0], [1], [0], [7]])).subset([1, 3])
    await expect(net.evaluate(data)).rejects.toThrow('sample 3: the target 7')
  })

  test('in a stream, it gives the number in the stream', async () => {
    const net = await network([1], [dense({ units: 1, activation: 'sigmoid' })])
    const stream = Array.from({ length: 600 }, (_, i) => ({ x: [i], t: [i === 555 ? 3 : 0.5] }))
    const why = 'sample 555: the target 3 of output 0 of dense1 (both from 0) is no probability'
    await expect(net.evaluate(stream)).rejects.toThrow(why)
    for (const shuffle of [true, false]) await expect(net.fit(stream, { shuffle })).rejects.toThrow(why)
  })
})

test('an output of one value takes class numbers 0 and 1 next to an output of two', async () => {
  const head = (name: string, units: number, activation: 'sigmoid' | 'softmax') =>
    dense({ units, activation, name, from: 'input', initializer: 'zeros' })
  const net = await network([1], [head('one', 1, 'sigmoid'), head('two', 2, 'softmax')], {
    outputs: ['one', 'two'],
  })
  const { gradients } = await net.gradients([[1]], [1])
  // a − t: ½ − 1 for the output of one value, ½ and −½ for the output of two.
  expect(Array.from(gradients['one.bias']!.data)).toEqual([-0.5])
  expect(Array.from(gradients['two.bias']!.data)).toEqual([0.5, -0.5])
})
