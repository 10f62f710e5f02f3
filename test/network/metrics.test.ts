// Loss index and metrics, compared with formulas computed here.
import {
  adam,
  binaryCrossEntropy,
  crossEntropy,
  datasets,
  dense,
  network,
  normalizedSquaredError,
  rootMeanSquaredError,
  sgd,
} from 'hebb'
import { describe, expect, test } from 'vitest'

const random = (count: number, seed: number) => {
  let state = seed
  return Array.from({ length: count }, () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32
    return state / 2 ** 32
  })
}
const rows = (values: number[], width: number) =>
  Array.from({ length: values.length / width }, (_, i) => values.slice(i * width, (i + 1) * width))
const sum = (values: number[]) => values.reduce((a, b) => a + b, 0)

describe('classification', () => {
  // More samples than one request holds, and a class that neither occurs nor is predicted.
  const samples = 1500
  const x = rows(random(samples * 3, 1), 3).map((row) => row.map((v) => 4 * v - 2))
  const t = random(samples, 2).map((v) => Math.floor(v * 4))
  const make = async () => {
    const net = await network([3], [dense({ units: 5, activation: 'softmax' })], { seed: 2 })
    const weights = await net.weights()
    weights['dense1.bias']!.data.set([0, 0, 0, 0, -50])
    await net.setWeights(weights)
    return net
  }

  test('precision, recall, F1, ranks and confusion', async () => {
    const net = await make()
    const data = await datasets.fromArrays(x, t)
    const { classification: c, accuracy, loss } = await net.evaluate(data, { metrics: 'classification' })
    const answers = rows(Array.from((await net.predict(x)).data), 5)
    const best = answers.map((row) => row.indexOf(Math.max(...row)))
    const confusion = Array.from({ length: 5 }, (_, right) =>
      Array.from({ length: 5 }, (_, answer) => t.filter((c, n) => c === right && best[n] === answer).length),
    )
    expect(c!.confusion).toEqual(confusion)
    const classes = confusion.map((row, k) => {
      const [hits, own, said] = [row[k]!, sum(row), sum(confusion.map((row) => row[k]!))]
      const [precision, recall] = [said && hits / said, own && hits / own]
      return {
        precision,
        recall,
        f1: precision + recall && (2 * precision * recall) / (precision + recall),
        samples: own,
      }
    })
    classes.forEach((own, k) => {
      for (const key of ['precision', 'recall', 'f1', 'samples'] as const) {
        expect(c!.classes[k]![key]).toBeCloseTo(own[key], 12)
      }
    })
    expect(classes[4]).toEqual({ precision: 0, recall: 0, f1: 0, samples: 0 })
    for (const key of ['precision', 'recall', 'f1'] as const) {
      expect(c![key]).toBeCloseTo(sum(classes.slice(0, 4).map((own) => own[key])) / 4, 12)
    }
    const within = (k: number) =>
      t.filter((right, n) => answers[n]!.filter((a) => a > answers[n]![right]!).length < k).length / samples
    expect(c!.top).toEqual([1, 2, 3, 4, 5].map(within))
    expect(c!.top[0]).toBe(accuracy)
    // The same result from a stream and from one-hot targets, and no metrics without the option.
    const onehot = t.map((c) => [0, 1, 2, 3, 4].map((k) => (k === c ? 1 : 0)))
    const again = await net.evaluate(await datasets.fromArrays(x, onehot), { metrics: 'classification' })
    expect(again.classification).toEqual(c)
    const stream = x.map((x, n) => ({ x, t: t[n]! }))
    expect((await net.evaluate(stream, { metrics: 'classification' })).classification).toEqual(c)
    expect(await net.evaluate(data)).toEqual({ loss, accuracy, regularization: 0, samples })
  })

  test('of one output, decided at ½', async () => {
    const net = await network([3], [dense({ units: 1, activation: 'sigmoid' })], { seed: 5 })
    const two = t.map((c) => c % 2)
    const { classification: c } = await net.evaluate(await datasets.fromArrays(x, two), {
      metrics: 'classification',
    })
    const { data } = await net.predict(x)
    const count = (right: number, answer: number) =>
      two.filter((c, n) => c === right && (data[n]! > 0.5 ? 1 : 0) === answer).length
    expect(c!.confusion).toEqual([
      [count(0, 0), count(0, 1)],
      [count(1, 0), count(1, 1)],
    ])
    expect(c!.top[1]).toBe(1)
  })

  test('unsupported outputs give errors', async () => {
    const net = await make()
    const soft = await datasets.fromArrays([[1, 2, 3]], [[0.5, 0.5, 0, 0, 0]])
    await expect(net.evaluate(soft, { metrics: 'classification' })).rejects.toThrow('one-hot')
    const data = await datasets.fromArrays(x, t)
    await expect(net.evaluate(data, { metrics: 'regression' })).rejects.toThrow('class numbers')
    await expect(net.evaluate(data, { metrics: 'f1' as never })).rejects.toThrow(
      'must be one of classification',
    )
    const two = await network([3], [dense({ units: 5, name: 'a' }), dense({ units: 1, name: 'b' })], {
      outputs: ['a', 'b'],
    })
    const both = await datasets.fromArrays([[1, 2, 3]], [[1, 0, 0, 0, 0, 1]])
    await expect(two.evaluate(both, { metrics: 'classification' })).rejects.toThrow('one output')
  })
})

describe('labels', () => {
  // More samples than one request holds, and a label that neither occurs nor is predicted.
  const samples = 1100
  const x = rows(random(samples * 3, 5), 3).map((row) => row.map((v) => 4 * v - 2))
  const t = rows(random(samples * 3, 6), 3).map(([a, b]) => [Number(a! > 0.3), Number(b! > 0.8), 0])
  const make = async () => {
    const net = await network([3], [dense({ units: 3, activation: 'sigmoid' })], { seed: 2 })
    const weights = await net.weights()
    weights['dense1.bias']!.data.set([0, 0, -50])
    await net.setWeights(weights)
    return net
  }

  test('precision, recall and F1 of each, as in scikit-learn', async () => {
    const net = await make()
    const data = await datasets.fromArrays(x, t)
    const { labels: l, accuracy, exactMatch } = await net.evaluate(data, { metrics: 'labels' })
    const told = rows(Array.from((await net.predict(x)).data), 3).map((row) =>
      row.map((a) => Number(a > 0.5)),
    )
    const each = [0, 1, 2].map((k) => {
      const count = (holds: (t: number, a: number) => boolean) =>
        t.filter((row, n) => holds(row[k]!, told[n]![k]!)).length
      const [hits, own, said] = [
        count((t, a) => t + a === 2),
        count((t) => t === 1),
        count((_, a) => a === 1),
      ]
      const part = (a: number, b: number) => (b > 0 ? a / b : 0)
      return {
        precision: part(hits, said),
        recall: part(hits, own),
        f1: part(2 * hits, own + said),
        samples: own,
      }
    })
    expect(each[2]).toEqual({ precision: 0, recall: 0, f1: 0, samples: 0 })
    each.forEach((own, k) => {
      for (const key of ['precision', 'recall', 'f1', 'samples'] as const) {
        expect(l!.labels[k]![key]).toBeCloseTo(own[key], 12)
      }
    })
    for (const key of ['precision', 'recall', 'f1'] as const) {
      expect(l![key]).toBeCloseTo(sum(each.map((own) => own[key])) / 3, 12)
    }
    const hits = t.map((row, n) => row.filter((label, k) => label === told[n]![k]).length)
    expect(accuracy).toBe(sum(hits) / (3 * samples))
    expect(exactMatch).toBe(hits.filter((n) => n === 3).length / samples)
    const stream = x.map((x, n) => ({ x, t: t[n]! }))
    expect((await net.evaluate(stream, { metrics: 'labels' })).labels).toEqual(l)
  })

  test('class numbers have no label metrics', async () => {
    const net = await make()
    const data = await datasets.fromArrays(
      x,
      t.map(([a]) => a!),
    )
    await expect(net.evaluate(data, { metrics: 'labels' })).rejects.toThrow('one class of several')
    const { classification, accuracy } = await net.evaluate(data, { metrics: 'classification' })
    expect(classification!.top[0]).toBe(accuracy)
  })
})

describe('regression', () => {
  const samples = 1100
  const x = rows(random(samples * 2, 3), 2)
  const t = rows(random(samples * 3, 4), 3).map(([a, b, c]) => [a!, 5 + b!, 100 * c!])

  test('R², RMSE, MAE, over all outputs and for each', async () => {
    const net = await network([2], [dense({ units: 3 })], { seed: 1 })
    const data = await datasets.fromArrays(x, t)
    const { regression: r } = await net.evaluate(data, { metrics: 'regression' })
    const a = rows(Array.from((await net.predict(x)).data), 3)
    const each = [0, 1, 2].map((k) => {
      const own = t.map((row) => Math.fround(row[k]!))
      const mean = sum(own) / samples
      const square = sum(own.map((t, n) => (a[n]![k]! - t) ** 2))
      const spread = sum(own.map((t) => (t - mean) ** 2))
      const mae = sum(own.map((t, n) => Math.abs(a[n]![k]! - t))) / samples
      return { r2: 1 - square / spread, rmse: Math.sqrt(square / samples), mae }
    })
    each.forEach((own, k) => {
      for (const key of ['r2', 'rmse', 'mae'] as const) {
        expect(r!.outputs[k]![key] / own[key]).toBeCloseTo(1, 7)
      }
    })
    expect(r!.r2 / (sum(each.map(({ r2 }) => r2)) / 3)).toBeCloseTo(1, 7)
    expect(r!.rmse).toBeCloseTo(Math.sqrt(sum(each.map(({ rmse }) => rmse ** 2)) / 3), 5)
    expect(r!.mae).toBeCloseTo(sum(each.map(({ mae }) => mae)) / 3, 5)
    // Losses that are computed from these errors.
    const root = await net.evaluate(data, { loss: rootMeanSquaredError({ reduction: 'elements' }) })
    expect(root.loss).toBeCloseTo(r!.rmse, 5)
    const one = await network([2], [dense({ units: 1 })], { seed: 2 })
    const first = await datasets.fromArrays(
      x,
      t.map((row) => [row[0]!]),
    )
    const measured = await one.evaluate(first, { loss: 'normalizedSquaredError', metrics: 'regression' })
    expect(measured.loss).toBeCloseTo(1 - measured.regression!.r2, 5)
  })

  test('constant targets: R² is 1 if exact, else 0', async () => {
    const net = await network([1], [dense({ units: 1, initializer: 'zeros' })])
    const at = async (t: number) =>
      (await net.evaluate(await datasets.fromArrays([[1], [2]], [[t], [t]]), { metrics: 'regression' }))
        .regression!.r2
    expect(await at(0)).toBe(1)
    expect(await at(3)).toBe(0)
    const data = await datasets.fromArrays([[1], [2]], [[3], [3]])
    await expect(net.fit(data, { loss: 'normalizedSquaredError' })).rejects.toThrow(
      'all targets are the same',
    )
    const stream = [{ x: [1], t: [3] }]
    await expect(net.fit(stream, { loss: 'normalizedSquaredError' })).rejects.toThrow('variance')
    await expect(net.evaluate(stream, { loss: 'normalizedSquaredError' })).rejects.toThrow('variance')
    const known = { loss: normalizedSquaredError({ variance: 2 }) }
    expect((await net.evaluate(stream, known)).loss).toBeCloseTo(4.5, 6)
    await net.fit(stream, known)
  })
})

describe('the loss index', () => {
  const x = rows(random(60, 7), 3)
  const t = random(20, 8).map((v) => Math.floor(v * 3))
  const make = () =>
    network([3], [dense({ units: 4, activation: 'tanh' }), dense({ units: 3, activation: 'softmax' })], {
      seed: 3,
    })
  const term = (weights: Record<string, { data: Float32Array }>, l1: number, l2: number) =>
    sum(
      ['dense1.weight', 'dense2.weight'].flatMap((name) =>
        Array.from(weights[name]!.data, (w) => l1 * Math.abs(w) + 0.5 * l2 * w * w),
      ),
    )

  test('is error + regularisation, both reported, for training, selection and test samples', async () => {
    const net = await make()
    const data = await datasets.fromArrays(x, t)
    const regularization = { l1: 0.01, l2: 0.1 }
    const own = term(await net.weights(), 0.01, 0.1)
    const [plain, all] = [await net.evaluate(data), await net.evaluate(data, { regularization })]
    expect(all.regularization).toBeCloseTo(own, 6)
    expect(all.loss).toBeCloseTo(plain.loss + own, 6)
    expect((await net.gradients(x, t, { regularization })).loss).toBeCloseTo(all.loss, 6)
    expect((await net.trace(x, t, { regularization })).loss).toBeCloseTo(all.loss, 6)
    expect((await net.checkGradients(x, t, { regularization })).ok).toBe(true)
    const { epochs } = await net.fit(data, { regularization, batchSize: 20, selection: data })
    expect(epochs[0]!.loss).toBeCloseTo(all.loss, 6)
    expect(epochs[0]!.regularization).toBeCloseTo(own, 6)
    expect(epochs[0]!.selectionLoss).toBe((await net.evaluate(data, { regularization })).loss)
  })

  test('l2 is weight decay of weights only', async () => {
    const [one, two] = await Promise.all([make(), make()])
    const data = await datasets.fromArrays(x, t)
    await one.fit(data, { regularization: { l2: 0.3 }, optimizer: sgd({ learningRate: 0.1 }), batchSize: 20 })
    await two.fit(data, { optimizer: sgd({ learningRate: 0.1, weightDecay: 0.3 }), batchSize: 20 })
    const [a, b] = await Promise.all([one.weights(), two.weights()])
    for (const name of Object.keys(a)) {
      a[name]!.data.forEach((w, i) => {
        expect(w).toBeCloseTo(b[name]!.data[i]!, 6)
      })
    }
  })

  test('l1 drives weights to zero', async () => {
    const norm = async (l1: number) => {
      const net = await make()
      const data = await datasets.fromArrays(x, t)
      await net.fit(data, { epochs: 100, regularization: { l1 }, optimizer: adam({ learningRate: 0.01 }) })
      return term(await net.weights(), 1, 0)
    }
    expect(await norm(0.1)).toBeLessThan(0.2 * (await norm(0)))
  })

  test.each([
    [{ l1: -1 }, 'l1 must be a number, at least 0'],
    [{ l2: Number.NaN }, 'l2 must be a number'],
    [{ l3: 1 }, 'no option "l3"'],
    [3, 'takes an object'],
  ])('regularization %j is refused', async (regularization, why) => {
    const net = await make()
    await expect(
      net.evaluate(await datasets.fromArrays(x, t), { regularization: regularization as never }),
    ).rejects.toThrow(why)
  })

  test('losses that cannot be accumulated are refused', async () => {
    const net = await make()
    const onehot = t.map((c) => [0, 1, 2].map((k) => (k === c ? 1 : 0)))
    const data = await datasets.fromArrays(x, onehot)
    const options = { accumulate: 2, batchSize: 5 }
    await expect(net.fit(data, { ...options, loss: 'rootMeanSquaredError' })).rejects.toThrow('do not add up')
    await expect(
      net.fit(data, { ...options, loss: 'sumSquaredError', regularization: { l2: 1 } }),
    ).rejects.toThrow('do not add up')
    await net.fit(data, { ...options, regularization: { l2: 0.1 } })
  })

  test.each([
    [() => crossEntropy({ labelSmoothing: 2 }), 'labelSmoothing must be a number, 0 to 1'],
    [() => crossEntropy({ classWeights: 3 as never }), 'classWeights must be a list'],
    [() => binaryCrossEntropy({ positiveWeight: 0 }), 'positiveWeight must be a number, above 0'],
    [() => normalizedSquaredError({ variance: -1 }), 'variance must be a number, above 0'],
    [() => rootMeanSquaredError({ reduction: 'mean' as never }), 'reduction must be one of'],
  ])('%#: the error names the wrong option', (make, why) => {
    expect(make).toThrow(why)
  })

  test('there must be one class weight per class', async () => {
    const net = await make()
    const wrong = crossEntropy({ classWeights: [1, 2] })
    await expect(net.gradients(x, t, { loss: wrong })).rejects.toThrow('classWeights must be 3 numbers')
    await net.fit(await datasets.fromArrays(x, t), {
      loss: crossEntropy({ classWeights: [1, 0, 2], labelSmoothing: 0.1 }),
    })
  })
})
