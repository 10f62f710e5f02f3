// Invalid values for the classical models.
import * as hebb from 'hebb'
import { expect, test } from 'vitest'
import { torment } from './values'

const x = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
]
const t = [0, 0, 0, 1]

test('neurons', async () => {
  await torment('logicGate', (value) => hebb.logicGate(value))
  await torment('logicGate.inputs', (value) => hebb.logicGate('and', { inputs: value }))
  await torment('neuron', (value) => hebb.neuron(value))
  for (const key of ['weights', 'threshold']) {
    await torment(`neuron.${key}`, (value) =>
      hebb.neuron({ weights: [1, 1], threshold: 1, [key]: value } as never),
    )
  }
  await torment('neuron.fire', (value) => hebb.neuron({ weights: [1, 1], threshold: 1 }).fire(value))
})

test('perceptrons', async () => {
  const fit = (options: object) => hebb.perceptron({ inputs: 2 }).fit(x, t, options)
  await torment('perceptron', (value) => hebb.perceptron(value))
  for (const key of ['inputs', 'classes', 'values']) {
    await torment(`perceptron.${key}`, (value) => hebb.perceptron({ inputs: 2, [key]: value } as never))
  }
  await torment('perceptron x', (value) => hebb.perceptron({ inputs: 2 }).fit(value, t))
  await torment('perceptron t', (value) => hebb.perceptron({ inputs: 2 }).fit(x, value))
  await torment('perceptron options', fit)
  for (const key of ['epochs', 'learningRate', 'seed', 'variant', 'shuffle', 'history']) {
    await torment(`perceptron fit.${key}`, (value) => fit({ [key]: value }))
  }
})

test('linear regressions', async () => {
  const fit = (options: object) => hebb.linearRegression({ inputs: 2 }).fit(x, [1, 2, 3, 4], options as never)
  await torment('linearRegression', (value) => hebb.linearRegression(value))
  await torment('linearRegression x', (value) =>
    hebb.linearRegression({ inputs: 2 }).fit(value, [1, 2, 3, 4]),
  )
  await torment('linearRegression t', (value) => hebb.linearRegression({ inputs: 2 }).fit(x, value))
  await torment('linearRegression options', fit)
  for (const key of ['method', 'learningRate', 'batchSize', 'epochs', 'seed', 'start', 'patience']) {
    const usual = {
      method: 'gradientDescent',
      epochs: 20,
      ...(key === 'batchSize' ? { learningRate: 0.1 } : {}),
    }
    await torment(`linearRegression fit.${key}`, (value) => fit({ ...usual, [key]: value }))
  }
})

test('k-means and networks of radial basis functions', async () => {
  await torment('kMeans x', (value) => hebb.kMeans(value, { clusters: 1 }))
  await torment('kMeans', (value) => hebb.kMeans(x, value))
  for (const key of ['clusters', 'centers', 'seed', 'batchSize', 'iterations', 'tolerance', 'onProgress']) {
    await torment(`kMeans.${key}`, (value) => hebb.kMeans(x, { clusters: 2, [key]: value } as never))
  }
  const values = t.map((n) => [n])
  const fit = async (...all: [x: never, t: never, options: never]) =>
    (await hebb.rbfNetwork(...all)).dispose()
  await torment('rbfNetwork x', (value) => fit(value as never, values as never, { units: 1 } as never))
  await torment('rbfNetwork t', (value) => fit(x as never, value as never, { units: 1 } as never))
  await torment('rbfNetwork', (value) => fit(x as never, values as never, value as never))
  const keys =
    'units centers seed batchSize iterations tolerance widths regularization classes progress onProgress'
  for (const key of keys.split(' ')) {
    await torment(`rbfNetwork.${key}`, (value) =>
      fit(x as never, values as never, { units: 2, [key]: value } as never),
    )
  }
  for (const key of ['nearest', 'factor']) {
    await torment(`rbfNetwork widths.${key}`, (value) =>
      fit(x as never, values as never, { units: 2, widths: { [key]: value } } as never),
    )
  }
})

test('memories', async () => {
  await torment('hopfield', (value) => hebb.hopfield(value))
  for (const key of ['units', 'values', 'rule', 'thresholds', 'weights']) {
    await torment(`hopfield.${key}`, (value) => hebb.hopfield({ units: 2, [key]: value } as never))
  }
  await torment('denseMemory', (value) => hebb.denseMemory(value))
  for (const key of ['units', 'values', 'degree', 'beta']) {
    const usual = key === 'beta' ? { degree: 'softmax' } : {}
    await torment(`denseMemory.${key}`, (value) =>
      hebb.denseMemory({ units: 2, ...usual, [key]: value } as never),
    )
  }
  const patterns = [[1, -1]]
  for (const make of [() => hebb.hopfield({ units: 2 }), () => hebb.denseMemory({ units: 2 })]) {
    await torment('memory patterns', async (value) => (await make().store(value)).dispose())
    await torment('memory store', async (value) => (await make().store(patterns, value)).dispose())
    await torment('memory store.onProgress', async (value) =>
      (await make().store(patterns, { onProgress: value })).dispose(),
    )
    using memory = await make().store(patterns)
    await torment('memory cue', (value) => memory.recall(value))
    await torment('memory recall', (value) => memory.recall([1, 1], value))
    for (const key of ['order', 'seed', 'steps', 'trace', 'onProgress']) {
      await torment(`memory recall.${key}`, (value) => memory.recall([1, 1], { [key]: value }))
    }
  }
  await torment('loadMemory', (value) => hebb.loadMemory(value))
})

const f = ([a]: ArrayLike<number> & Iterable<number>) => (a! - 1) ** 2

test('minimize', async () => {
  await torment('minimize', (value) => hebb.minimize(value, [0], { steps: 50 }))
  await torment('minimize x0', (value) => hebb.minimize(f, value, { steps: 50 }))
  await torment('formula', (value) => hebb.minimize(hebb.formula(value), [0]))
  await torment('formula answer', (value) =>
    hebb.minimize(
      hebb.formula(() => value),
      [0],
    ),
  )
  await torment('minimize answer', (value) => hebb.minimize(() => value, [0], { steps: 50 }))
  await torment('minimize residuals', (value) =>
    hebb.minimize(() => value, [0], { method: 'levenbergMarquardt', steps: 50 }),
  )
  await torment('minimize gradient', (value) => hebb.minimize(f, [0], { gradient: () => value, steps: 50 }))
  await torment('minimize options', (value) => hebb.minimize(f, [0], value))
  for (const key of [
    'method',
    'maximize',
    'gradient',
    'gradientThreshold',
    'convergenceThreshold',
    'learningRate',
    'steps',
    'patience',
  ]) {
    await torment(`minimize.${key}`, (value) => hebb.minimize(f, [0], { steps: 50, [key]: value } as never))
  }
})

// An object that claims a length is read only as far as it has elements.
test('array-likes that claim a length use no memory', async () => {
  const before = process.memoryUsage().rss
  const long = { length: 1e9 } as never
  for (const call of [
    () => hebb.neuron({ weights: long, threshold: 1 }),
    () => hebb.minimize(f, long),
    () => hebb.linearRegression({ inputs: 2 }).fit(x, t, { method: 'gradientDescent', start: long }),
    () => hebb.minimize(() => long, [0], { method: 'levenbergMarquardt' }),
  ]) {
    await expect((async () => call())()).rejects.toMatchObject({ name: 'HebbError', code: 'option' })
  }
  expect(process.memoryUsage().rss - before).toBeLessThan(256 * 2 ** 20)
})

test('continuous Hopfield networks', async () => {
  const weights = [
    [0, 1],
    [1, 0],
  ]
  const few = { steps: 20 }
  await torment('continuousHopfield', (value) => hebb.continuousHopfield(value).run(few))
  for (const key of ['weights', 'bias', 'energy', 'gain', 'resistance', 'capacitance', 'permutation']) {
    await torment(`continuousHopfield.${key}`, (value) =>
      hebb.continuousHopfield({ weights, [key]: value } as never).run(few),
    )
  }
  await torment('continuousHopfield options', (value) => hebb.continuousHopfield({ weights }).run(value))
  for (const key of [
    'until',
    'start',
    'seed',
    'integrator',
    'step',
    'tolerance',
    'anneal',
    'steps',
    'history',
    'onProgress',
  ]) {
    await torment(`continuousHopfield run.${key}`, (value) =>
      hebb.continuousHopfield({ weights }).run({ ...few, [key]: value } as never),
    )
  }
  for (const key of ['from', 'factor', 'steps']) {
    await torment(`anneal.${key}`, (value) =>
      hebb.continuousHopfield({ weights }).run({ ...few, anneal: { from: 1, [key]: value } } as never),
    )
  }
})

test('energies', async () => {
  const one = { coefficients: [1, 1], equals: 1, weight: 1 }
  const run = (options: object) =>
    hebb.continuousHopfield({ energy: hebb.energy(options as never) }).run({ steps: 20 })
  await torment('energy', (value) => run(value))
  for (const key of ['units', 'quadratic', 'linear', 'constraints', 'binary']) {
    await torment(`energy.${key}`, (value) => run({ units: 2, [key]: value }))
  }
  for (const key of ['name', 'coefficients', 'equals', 'weight']) {
    await torment(`constraint.${key}`, (value) => run({ units: 2, constraints: [{ ...one, [key]: value }] }))
  }
})

test('travelling salesmen', async () => {
  const cities = [
    [0, 0],
    [0, 1],
    [1, 0],
  ]
  const run = (options: object) =>
    hebb.travellingSalesman({ cities, starts: 1, steps: 20, ...options } as never)
  await torment('travellingSalesman', (value) => hebb.travellingSalesman(value))
  for (const key of ['cities', 'distances', 'method', 'seed', 'starts', 'settings', 'steps', 'onProgress']) {
    await torment(`travellingSalesman.${key}`, (value) => run({ [key]: value }))
  }
  for (const key of ['a', 'b', 'c', 'd', 'n', 'u0']) {
    await torment(`settings.${key}`, (value) => run({ settings: { [key]: value }, method: 'penalties' }))
  }
})

test('kernels', async () => {
  const kernel = hebb.kernels.rbf({ sigma: 1 })
  for (const kind of Object.keys(hebb.kernels) as (keyof typeof hebb.kernels)[]) {
    await torment(`kernels.${kind}`, (value) => hebb.kernels[kind](value))
    for (const key of ['sigma', 'degree', 'scale', 'constant']) {
      await torment(`kernels.${kind}.${key}`, (value) => hebb.kernels[kind]({ [key]: value } as never))
    }
  }
  await torment('gram kernel', (value) => hebb.gram(value, x))
  for (const key of ['kind', 'sigma']) {
    await torment(`gram kernel.${key}`, (value) => hebb.gram({ ...kernel, [key]: value } as never, x))
  }
  await torment('gram x', (value) => hebb.gram(kernel, value))
  await torment('gram y', (value) => hebb.gram(kernel, x, value))
  await torment('lift kernel', (value) => hebb.lift(value, x, { degree: 2 }))
  await torment('lift x', (value) => hebb.lift(kernel, value, { degree: 2 }))
  await torment('lift degree', (value) => hebb.lift(kernel, x, { degree: value }))
})

test('kernel machines', async () => {
  const kernel = hebb.kernels.rbf({ sigma: 1 })
  /** What the machines have in common, whatever is passed. */
  interface Machine extends Disposable {
    fit(x: unknown, t: unknown, options?: unknown): Promise<Machine>
    predict(x: unknown): Promise<unknown>
    evaluate(x: unknown, t: unknown): Promise<unknown>
    dispose(): void
  }
  const makers: Record<string, (own: object) => Machine> = {
    kernelPerceptron: (own: object) => hebb.kernelPerceptron({ inputs: 2, kernel, ...own }) as never,
    kernelRidge: (own: object) => hebb.kernelRidge({ inputs: 2, kernel, ...own }) as never,
    nystrom: (own: object) => hebb.nystrom({ inputs: 2, kernel, centers: 3, ...own }) as never,
  }
  const fitOptions: Record<string, string[]> = {
    kernelPerceptron: ['epochs', 'shuffle', 'seed', 'onProgress'],
    kernelRidge: ['folds', 'seed', 'onProgress'],
    nystrom: ['seed', 'progress', 'onProgress'],
  }
  for (const [name, make] of Object.entries(makers)) {
    await torment(name, (value) =>
      (hebb as never as Record<string, (options: unknown) => unknown>)[name]!(value),
    )
    for (const key of ['inputs', 'kernel', 'classes', 'lambda', 'centers']) {
      await torment(`${name}.${key}`, (value) => make({ [key]: value }).fit(x, t))
    }
    await torment(`${name} x`, (value) => make({}).fit(value, t))
    await torment(`${name} t`, (value) => make({}).fit(x, value))
    await torment(`${name} options`, (value) => make({}).fit(x, t, value))
    for (const key of fitOptions[name]!) {
      await torment(`${name} fit.${key}`, (value) => make({}).fit(x, t, { [key]: value } as never))
    }
    const trained = await make({}).fit(x, t)
    await torment(`${name}.predict`, (value) => trained.predict(value))
    await torment(`${name}.evaluate`, (value) => trained.evaluate(x, value))
    trained.dispose()
  }
})
