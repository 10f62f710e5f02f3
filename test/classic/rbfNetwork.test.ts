import { datasets, loadNetwork, rbfNetwork } from 'hebb'
import { afterEach, expect, test, vi } from 'vitest'
import fixture from '../fixtures/sklearn/radial.json'
import { samples } from '../helpers/radial'

afterEach(() => vi.restoreAllMocks())

test.each(fixture.networks)('$units units, $outputs outputs as scikit-learn fits them', async (own) => {
  const x = samples(own.seed, own.samples, own.features)
  const t = samples(own.seed + 1, own.samples, own.outputs)
  const { units, width, regularization } = own
  const net = await rbfNetwork(x, t, { units, centers: x.slice(0, units), widths: width, regularization })
  const weights = await net.weights()
  // The fit has 64 bits, and the network 32.
  const largest = Math.max(...own.weights.map(Math.abs))
  for (const [i, value] of own.weights.entries()) {
    expect(Math.abs(weights['dense1.weight']!.data[i]! - value)).toBeLessThan(1e-6 * largest)
  }
  for (const [i, value] of own.biases.entries()) {
    expect(Math.abs(weights['dense1.bias']!.data[i]! - value)).toBeLessThan(1e-6 * largest)
  }
  const y = await net.predict(x.slice(0, 20))
  for (const [i, value] of own.predictions.entries()) {
    expect(Math.abs(y.data[i]! - value)).toBeLessThan(1e-5)
  }
})

/** Two moons, 0 and 1. */
function moons(count: number) {
  const noise = samples(3, count, 2)
  const x = noise.map(([a, b], i) => {
    const angle = (Math.PI * i) / count
    const [dx, dy] = [0.3 * a!, 0.3 * b!]
    return i % 2
      ? [1 - Math.cos(angle) + dx, 0.5 - Math.sin(angle) + dy]
      : [Math.cos(angle) + dx, Math.sin(angle) + dy]
  })
  return { x, t: x.map((_, i) => i % 2) }
}

test('a classifier of two moons is a network: evaluated, saved, and trained further', async () => {
  const { x, t } = moons(300)
  const data = await datasets.fromArrays(x, t)
  const net = await rbfNetwork(data, { units: 20, seed: 1, classes: ['upper', 'lower'] })
  const before = await net.evaluate(data)
  expect(before.accuracy).toBeGreaterThan(0.98)
  const copy = await loadNetwork(await net.toBytes())
  expect((await copy.predict(x)).data).toEqual((await net.predict(x)).data)
  expect((await net.classify(x[0]!))[0]!.label).toBe('upper')
  await net.fit(data, { epochs: 20, optimizer: 'adam' })
  expect((await net.evaluate(data)).loss).toBeLessThan(before.loss)
})

test('curves: noise is smoothed by regularisation, centers can be samples', async () => {
  const x = Array.from({ length: 200 }, (_, i) => [i / 20 - 5])
  const clean = x.map(([x]) => [Math.sin(x!)])
  const noise = samples(4, 200, 1)
  const t = clean.map(([y], i) => [y! + noise[i]![0]!])
  const truth = await datasets.fromArrays(x, clean)
  for (const centers of ['kMeans', 'samples'] as const) {
    const net = await rbfNetwork(x, t, { units: 15, centers, seed: 2, regularization: 0.1 })
    expect((await net.evaluate(truth, { loss: 'meanSquaredError' })).loss).toBeLessThan(0.02)
  }
})

test('images are flattened, and three numbers are three targets', async () => {
  const pixels = Uint8Array.from({ length: 40 * 4 }, (_, i) => (i * 37) % 256)
  const data = await datasets.fromArrays({ data: pixels, shape: [40, 1, 2, 2] }, samples(6, 40, 3))
  const net = await rbfNetwork(data, { units: 5, widths: { nearest: 3, factor: 2 } })
  expect((await net.predict({ data: pixels.slice(0, 8), shape: [2, 1, 2, 2] })).shape).toEqual([2, 3])
})

test('units that say the same are least squares without them, with a warning', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  const x = samples(7, 30, 1)
  const t = samples(8, 30, 1)
  const options = { widths: 0.3, regularization: 0 }
  const twice = await rbfNetwork(x, t, { ...options, units: 3, centers: [[0.1], [0.3], [0.1]] })
  expect(warn.mock.calls[0]![0]).toContain('1 of 3 units say what others say already')
  const once = await rbfNetwork(x, t, { ...options, units: 2, centers: [[0.1], [0.3]] })
  expect(warn).toHaveBeenCalledTimes(1)
  const [a, b] = await Promise.all([twice.predict(x), once.predict(x)])
  for (const [i, value] of b.data.entries()) expect(a.data[i]).toBeCloseTo(value, 5)
})

test('progress names the stages, and the event loop is free', async () => {
  const x = samples(12, 4000, 30)
  const seen: string[] = []
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  await rbfNetwork(x, x, {
    units: 300,
    iterations: 5,
    progress: true,
    onProgress: ({ stage, part }) => {
      expect(part >= 0 && part <= 1).toBe(true)
      if (seen.at(-1) !== stage) seen.push(stage)
    },
  })
  clearInterval(timer)
  expect(seen.join()).toMatch(/^(centers|weights|centers,weights|)$/)
  expect(turns).toBeGreaterThan(0)
  const lines = write.mock.calls.map(([text]) => String(text)).join('')
  expect(lines).toMatch(/centers {2}[\d.]+ s\n/)
  expect(lines).toMatch(/weights {2}[\d.]+ s\n/)
})

test('wrong options and data are refused with what to do', async () => {
  const x = [[0], [1], [2]] // biome-ignore format: short
  const says = (options: object, t: unknown = [[0], [1], [0]]) =>
    rbfNetwork(x, t as never, options as never).then(
      () => 'accepted',
      (error) => error.message,
    )
  expect(await says({ units: 2, widths: 0 })).toBe('rbfNetwork: widths must be a number, above 0, got 0')
  expect(await says({ units: 2, widths: [1, 2, 3] })).toBe(
    'rbfNetwork: widths must be a number or 2 of them, one for each unit, got [1,2,3]',
  )
  for (const centers of ['kMeans', 'samples']) {
    expect(await says({ units: 4, centers })).toBe(
      'rbfNetwork: units must be at most 3, the number of samples, got 4',
    )
  }
  expect(await says({ units: 2, centers: 'kmeans' })).toContain('centers must be "kMeans"')
  expect(await says({ units: 2, centers: [[1]] })).toContain('the shape [2, 1], got [1,1]')
  expect(await says({ units: 2, regularization: -1 })).toContain('at least 0, got -1')
  expect(await says({ units: 2, widths: { nearest: 0 } })).toContain('nearest must be')
  expect(await says({ units: 2, widths: { factor: 0 } })).toContain('factor must be')
  expect(await says({ units: 2 }, [[0], [1]])).toContain('2 targets for 3 samples')
  expect(await says({ units: 2 }, [[0], [Number.NaN], [1]])).toContain('the target of sample 1 is NaN')
  await expect(rbfNetwork(await datasets.fromArrays(x), { units: 1 })).rejects.toThrow('have no targets')
})
