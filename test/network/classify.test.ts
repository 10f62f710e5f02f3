// Results of classify.
import { activation, concat, conv2d, datasets, dense, flatten, loadNetwork, network } from 'hebb'
import { expect, test } from 'vitest'

const of = (kind: 'sigmoid' | 'softmax' | 'identity' | 'logSoftmax' | 'tanh', width = 1) =>
  network([width], [activation(kind)])
const short = (answers: { label: string; probability: number | undefined; chosen: boolean }[]) =>
  answers.map(({ label, probability, chosen }) => [label, probability && +probability.toFixed(5), chosen])

// Keras: predict_classes takes the index of the largest value, which is always 0 for one sigmoid (skorch 61).
test('one sigmoid at 0.99995 is class 1', async () => {
  const net = await of('sigmoid')
  const [answer] = await net.classify([Math.log(0.99995 / 0.00005)])
  expect([answer!.index, answer!.label, answer!.chosen]).toEqual([1, '1', true])
  expect(answer!.probability).toBeCloseTo(0.99995, 6)
  expect(short(await net.classify([-2], { top: 2 }))).toEqual([
    ['0', 0.8808, true],
    ['1', 0.1192, false],
  ])
  // ½ is class 0, as in evaluate.
  expect((await net.classify([0]))[0]!.index).toBe(0)
  expect((await net.evaluate(await datasets.fromArrays([[0], [1]], [0, 1]))).accuracy).toBe(1)
})

test('one output has two class names', async () => {
  const classes = ['ham', 'spam'] as const
  const net = await network([1], [dense({ units: 1, activation: 'sigmoid', initializer: 'zeros' })], {
    classes,
  })
  const weights = await net.weights()
  weights['dense1.weight']!.data[0] = 1
  await net.setWeights(weights)
  expect(short(await net.classify([2]))).toEqual([['spam', 0.8808, true]])
  const again = await loadNetwork(await net.toBytes())
  expect(short(await again.classify([-2]))).toEqual([['ham', 0.8808, true]])
  // @ts-expect-error
  const one = network([1], [dense({ units: 1, activation: 'sigmoid' })], { classes: ['spam'] })
  await expect(one).rejects.toThrow('1 class names for a network with 1 outputs: give two names')
})

test('logits are not probabilities, unless the loss implies it', async () => {
  const net = await of('identity', 3)
  const [best, second] = await net.classify([1, 3, 2], { top: 2 })
  expect(best).toEqual({ label: '1', index: 1, score: 3, probability: undefined, chosen: true })
  expect(second).toMatchObject({ index: 2, score: 2, chosen: false })
  const [known] = await net.classify([1, 3, 2], { loss: 'crossEntropy' })
  expect(known!.probability).toBeCloseTo(Math.exp(2) / (Math.exp(2) + Math.exp(1) + 1), 6)
  const log = await (await of('logSoftmax', 3)).classify([1, 3, 2])
  expect(log[0]!.probability).toBeCloseTo(known!.probability!, 6)
})

test('several labels: all of them, the most likely first', async () => {
  const net = await of('sigmoid', 3)
  expect(short(await net.classify([-1, 2, 0]))).toEqual([
    ['1', 0.8808, true],
    ['2', 0.5, false],
    ['0', 0.26894, false],
  ])
  expect(short(await net.classify([-1, 2, 0], { top: 1 }))).toEqual([['1', 0.8808, true]])
  expect((await net.classify([-1, -2, -3])).some(({ chosen }) => chosen)).toBe(false)
})

test('a single linear output needs the loss of its training', async () => {
  const net = await of('tanh')
  await expect(net.classify([2])).rejects.toThrow(
    'classify: one value of activation1 (tanh) decides nothing by itself: give the loss, binaryCrossEntropy or hinge',
  )
  const answers = await net.classify([-0.5], { loss: 'hinge', top: 2 })
  expect(answers.map(({ index, chosen }) => [index, chosen])).toEqual([
    [0, true],
    [1, false],
  ])
  expect(answers[0]!.score).toBeCloseTo(Math.tanh(0.5), 6)
  expect(answers[0]!.probability).toBeUndefined()
  const [logit] = await (await of('identity')).classify([2], { loss: 'binaryCrossEntropy' })
  expect(logit!.index).toBe(1)
  expect(logit!.probability).toBeCloseTo(0.8808, 4)
})

test('the first of equal values wins, as in evaluate', async () => {
  const net = await of('softmax', 3)
  expect((await net.classify([1, 1, 1]))[0]!.index).toBe(0)
  expect((await net.evaluate(await datasets.fromArrays([[1, 1, 1]], [0]))).accuracy).toBe(1)
})

test('bytes, images and named inputs are read as in predict', async () => {
  const net = await network([1, 2, 2], [conv2d({ filters: 1, kernel: 1 }), flatten(), activation('softmax')])
  const weights = await net.weights()
  weights['conv1.weight']!.data[0] = 1
  await net.setWeights(weights)
  const bytes = { data: Uint8Array.of(0, 255, 51, 0), shape: [1, 2, 2] }
  const [best] = await net.classify(bytes)
  expect(best!.probability).toBe(Math.max(...(await net.predict(bytes)).data))
  const two = await network({ p: [1], q: [2] }, [
    concat({ from: ['p', 'q'] }),
    dense({ units: 2, activation: 'softmax' }),
  ])
  const parts = { q: [1, -1], p: [3] }
  const [likeliest] = await two.classify(parts)
  expect(likeliest!.probability).toBe(Math.max(...(await two.predict(parts)).data))
})

test('unsupported networks give errors', async () => {
  const net = await of('softmax', 3)
  await expect(net.classify([[1, 2, 3]])).rejects.toThrow('classify takes one sample')
  await expect(net.classify([1, 2, 3], { top: 0 })).rejects.toThrow('top must be')
  await expect(net.classify([1, 2, 3], { loss: 'accuracy' as never })).rejects.toThrow('loss must be one of')
  const two = await network([3], [dense({ units: 2, name: 'a' }), dense({ units: 2, name: 'b' })], {
    outputs: ['a', 'b'],
  })
  await expect(two.classify([1, 2, 3])).rejects.toThrow('several outputs, a, b')
  const broken = await network([2], [dense({ units: 2 }), dense({ units: 2 })])
  const weights = await broken.weights()
  weights['dense1.weight']!.data.fill(3e38)
  weights['dense2.weight']!.data.set([1, -1, 1, -1])
  await broken.setWeights(weights)
  await expect(broken.classify([1, 1])).rejects.toThrow('is NaN')
})

test('types: a classifier has an accuracy, a regression may have none', async () => {
  const net = await network([2], [activation('softmax')])
  using data = await datasets.fromArrays([[2, 1]], [0])
  const { accuracy } = await net.evaluate(data)
  expect(`${(100 * accuracy).toFixed(1)} %`).toBe('100.0 %')
  const [{ probability } = { probability: 0 }] = await net.classify([2, 1])
  expect(probability.toFixed(2)).toBe('0.73')
  const logits = await of('identity', 2)
  expect((await logits.evaluate(data, { loss: 'crossEntropy' })).accuracy.toFixed(1)).toBe('1.0')
  const values = await logits.evaluate(await datasets.fromArrays([[2, 1]], [[2, 1]]))
  // @ts-expect-error
  expect(() => values.accuracy.toFixed(1)).toThrow(TypeError)
})
