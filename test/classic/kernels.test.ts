// Kernels, Gram matrices and kernel machines, through the package.
import { readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  datasets,
  gram,
  hopfield,
  type Kernel,
  kernelPerceptron,
  kernelRidge,
  kernels,
  lift,
  loadKernelMachine,
  memory,
  nystrom,
  perceptron,
  shutdown,
} from 'hebb'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { refused } from '../helpers/refused'

afterAll(shutdown)

/** Random numbers by a linear congruential generator. */
function generator(seed = 1) {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** Two half circles that reach into each other. */
function moons(count: number, seed = 1) {
  const random = generator(seed)
  const x = Array.from({ length: count }, (_, i) => {
    const angle = Math.PI * random()
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
    const noise = () => 0.2 * (random() - 0.5)
    return i % 2 === 0 ? [cos + noise(), sin + noise()] : [1 - cos + noise(), 0.5 - sin + noise()]
  })
  return { x, t: x.map((_, i) => i % 2) }
}

/** A circle in a circle. */
function circles(count: number, seed = 1) {
  const random = generator(seed)
  const x = Array.from({ length: count }, (_, i) => {
    const angle = 2 * Math.PI * random()
    const radius = i % 2 === 0 ? 1 : 0.4
    return [radius * Math.cos(angle), radius * Math.sin(angle)]
  })
  return { x, t: x.map((_, i) => i % 2) }
}

const near = (got: ArrayLike<number>, wanted: readonly number[], error = 1e-6) => {
  expect(got.length).toBe(wanted.length)
  for (const [i, value] of wanted.entries())
    expect(Math.abs(got[i]! - value), `value ${i}`).toBeLessThan(error * Math.max(1, Math.abs(value)))
}

interface Case {
  kernel: Kernel
  gram: number[][]
  alphas: number[][]
  ridge: number[][]
  nystrom?: number[][]
}
const fixtures: { x: number[][]; others: number[][]; t: number[][]; cases: Case[] } = JSON.parse(
  readFileSync(new URL('../fixtures/sklearn/kernels.json', import.meta.url), 'utf8'),
)

describe("scikit-learn's results", () => {
  const { x, others, t } = fixtures
  test.each(fixtures.cases)('with $kernel.kind', async ({ kernel, ...expected }) => {
    const { data, shape } = await gram(kernel, x, others)
    expect(shape).toEqual([40, 12])
    near(data, expected.gram.flat(), 1e-12)
    using ridge = await kernelRidge({ inputs: 3, kernel, lambda: 0.3 }).fit(x, t)
    const { alphas, points, biases } = await ridge.parameters()
    near(alphas, expected.alphas.flat())
    near(points, x.flat(), 1e-14)
    expect(biases).toEqual(new Float64Array(2))
    near(((await ridge.predict(others)) as number[][]).flat(), expected.ridge.flat())
    if (!expected.nystrom) return
    const centers = x.slice(0, 15)
    using machine = await nystrom({ inputs: 3, kernel, centers, lambda: 0.01 }).fit(x, t)
    near(((await machine.predict(others)) as number[][]).flat(), expected.nystrom.flat())
  })
})

describe('gram', () => {
  test('of one set is symmetric, and 1 on the diagonal for a radial basis', async () => {
    const { x } = moons(60)
    const { data, sigma } = await gram(kernels.rbf(), x)
    expect(sigma).toBeGreaterThan(0.5)
    expect(sigma).toBeLessThan(2)
    for (let i = 0; i < 60; i++) {
      expect(data[i * 60 + i]).toBe(1)
      for (let j = 0; j < i; j++) expect(data[i * 60 + j]).toBe(data[j * 60 + i])
    }
  })

  test('loses no digit far from the origin', async () => {
    const x = [
      [1e6, 1e6 + 1],
      [1e6 + 3, 1e6 + 5],
      [0, 0],
    ]
    const { data } = await gram(kernels.rbf({ sigma: 5 }), x)
    expect(data[1]).toBeCloseTo(Math.exp(-0.5), 14)
    expect(data[2]).toBe(0)
  })

  test('refuses what has no kernel', async () => {
    await refused('shape', /equally many values, got 1 and 2/, () => gram(kernels.linear(), [[1]], [[1, 2]]))
    await refused('data', /NaN/, () => gram(kernels.linear(), [[Number.NaN]]))
    await refused('option', /one of kernels/, () => gram({ kind: 'sinc' } as never, [[1]]))
    await refused('data', /give sigma a number/, () => gram(kernels.rbf(), [[1], [1]]))
    await refused('option', /above 0/, async () => kernels.rbf({ sigma: 0 }))
  })
})

test('lift is φ: its products are the kernel', async () => {
  const { x } = moons(20)
  const products = ({ data, shape: [n, size] }: Awaited<ReturnType<typeof lift>>) =>
    Array.from({ length: n * n }, (_, at) => {
      const [a, b] = [Math.floor(at / n) * size, (at % n) * size]
      return data.subarray(a, a + size).reduce((sum, value, k) => sum + value * data[b + k]!, 0)
    })
  const square = kernels.polynomial({ degree: 2, scale: 0.5, constant: 3 })
  near(products(await lift(square, x)), Array.from((await gram(square, x)).data), 1e-12)
  const radial = kernels.rbf({ sigma: 1 })
  const { data } = await gram(radial, x)
  const errors = []
  for (const degree of [1, 4, 8, 16]) {
    const all = products(await lift(radial, x, { degree }))
    errors.push(Math.max(...all.map((value, i) => Math.abs(value - data[i]!))))
  }
  expect(errors).toEqual(errors.toSorted((a, b) => b - a))
  expect(errors.at(-1)).toBeLessThan(1e-4)
  await refused('option', /only the polynomial and the radial basis kernel/, () =>
    lift(kernels.rbf(), x, { degree: 2 }),
  )
  await refused('option', /its own degree/, () => lift(square, x, { degree: 2 }))
})

describe('the kernel perceptron', () => {
  test.each([
    ['moons', moons],
    ['circles', circles],
  ])('separates two %s, which no line does', async (_, make) => {
    const { x, t } = make(160)
    expect((await perceptron({ inputs: 2 }).fit(x, t, { epochs: 200 })).converged).toBe(false)
    using line = await kernelPerceptron({ inputs: 2, kernel: kernels.linear() }).fit(x, t, { epochs: 200 })
    expect(line.converged).toBe(false)
    using curve = await kernelPerceptron({ inputs: 2, kernel: kernels.rbf({ sigma: 0.4 }) }).fit(x, t)
    expect(curve.converged).toBe(true)
    expect(await curve.predict(x)).toEqual(t)
    expect(await curve.evaluate(x, t)).toEqual({ accuracy: 1 })
    expect(curve.mistakes[0]!.at(-1)).toBe(0)
    const { points, alphas } = await curve.parameters()
    expect(points.length).toBe(2 * curve.support.length)
    near(
      points,
      curve.support.flatMap((i) => x[i]!),
      1e-14,
    )
    // α counts how often a sample was wrong.
    expect(alphas.reduce((sum, alpha) => sum + Math.abs(alpha), 0)).toBe(
      curve.mistakes[0]!.reduce((a, b) => a + b),
    )
  })

  test('with the linear kernel makes the mistakes of the perceptron', async () => {
    const x = [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]
    using dual = await kernelPerceptron({ inputs: 2, kernel: kernels.linear() }).fit(x, [0, 0, 0, 1])
    const primal = await perceptron({ inputs: 2 }).fit(x, [0, 0, 0, 1])
    expect(dual.mistakes[0]).toEqual(primal.units[0]!.mistakes)
  })

  test('has several classes, by number or by name, and learns from a data set', async () => {
    const random = generator(4)
    const x = Array.from({ length: 90 }, () => [2 * random() - 1, 2 * random() - 1])
    const t = x.map(([a, b]) => Math.min(2, Math.floor(2.2 * Math.hypot(a!, b!))))
    const names = ['middle', 'ring', 'outside']
    const options = { inputs: 2, kernel: kernels.polynomial({ degree: 4 }), classes: names }
    using named = await kernelPerceptron(options).fit(x, t)
    expect(named.converged).toBe(true)
    expect(named.mistakes.length).toBe(3)
    expect(await named.predict(x[0]!)).toBe(names[t[0]!])
    using same = await kernelPerceptron(options).fit(
      x,
      t.map((k) => names[k]!),
    )
    expect(same.support).toEqual(named.support)
    const data = await datasets.fromArrays(x, t)
    using numbered = await kernelPerceptron({ ...options, classes: 3 }).fit(data)
    expect(await numbered.predict(data)).toEqual(t)
    expect(await numbered.evaluate(data)).toEqual({ accuracy: 1 })
    await refused('data', /sample 89 has 3/, () => kernelPerceptron(options).fit(x, [...t.slice(1), 3]))
    await refused('data', /not trained/, () => kernelPerceptron(options).predict(x))
  })
})

describe('kernel ridge regression', () => {
  const x = Array.from({ length: 60 }, (_, i) => i / 10)
  const t = x.map((x, i) => Math.sin(2 * x) + (i % 2 ? 0.1 : -0.1))

  test('draws a curve, and chooses its width by cross-validation', async () => {
    const widths = [0.01, 0.5, 30].map((sigma) => kernels.rbf({ sigma }))
    const parts: number[] = []
    using curve = kernelRidge({ inputs: 1, kernel: widths, lambda: [0.01, 0.1] })
    await curve.fit(x, t, { seed: 2, onProgress: (part) => parts.push(part) })
    expect(curve.sigma).toBe(0.5)
    expect(curve.candidates.length).toBe(6)
    const { lambda, sigma } = curve.candidates.reduce((a, b) => (b.error < a.error ? b : a))
    expect([curve.sigma, curve.lambda]).toEqual([sigma, lambda])
    expect(curve.warning).toBeUndefined()
    expect(await curve.predict([0.75])).toBeCloseTo(Math.sin(1.5), 1)
    expect((await curve.evaluate(x, t)).error).toBeLessThan(0.02)
    for (const part of parts) expect(part >= 0 && part < 1).toBe(true)
  })

  test('falls back to least squares if the Gram matrix is singular, and says so', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    using curve = kernelRidge({ inputs: 1, kernel: kernels.rbf({ sigma: 1 }), lambda: 0 })
    await curve.fit([0, 1, 1, 3], [1, 2, 4, -1])
    expect(curve.warning).toMatch(/singular, its rank is 3.*least squares/)
    expect(warn.mock.calls.flat().join()).toContain(curve.warning)
    near((await curve.predict([0, 1, 3])) as number[], [1, 3, -1], 1e-9)
    warn.mockRestore()
  })

  test('classifies, if classes are given', async () => {
    const { x, t } = moons(100)
    const names = ['upper', 'lower']
    using machine = kernelRidge({ inputs: 2, kernel: kernels.rbf(), lambda: 0.01, classes: names })
    await machine.fit(x, t)
    expect((await machine.evaluate(x, t)).accuracy).toBeGreaterThan(0.97)
    expect(names).toContain(await machine.predict(x[0]!))
  })
})

describe('Nyström', () => {
  test('with all samples as centers is kernel ridge regression', async () => {
    const { x } = moons(50)
    const t = x.map(([a, b]) => a! * b!)
    const kernel = kernels.rbf({ sigma: 0.7 })
    using all = await nystrom({ inputs: 2, kernel, centers: 50, lambda: 1e-3 }).fit(x, t)
    using ridge = await kernelRidge({ inputs: 2, kernel, lambda: 50e-3 }).fit(x, t)
    near((await all.predict(x)) as number[], (await ridge.predict(x)) as number[])
  })

  test('classifies a data set as it does arrays, and reports progress', async () => {
    const { x, t } = moons(4000)
    const data = await datasets.fromArrays(x, t)
    const options = { inputs: 2, kernel: kernels.rbf({ sigma: 0.5 }), centers: 60, classes: 2 }
    const parts: number[] = []
    using machine = nystrom(options)
    await machine.fit(data, { seed: 3, onProgress: (part) => parts.push(part) })
    expect((await machine.evaluate(data)).accuracy).toBeGreaterThan(0.99)
    const test = moons(500, 9)
    expect((await machine.evaluate(test.x, test.t)).accuracy).toBeGreaterThan(0.99)
    for (const [i, part] of parts.entries()) expect(part).toBeGreaterThanOrEqual(parts[i - 1] ?? 0)
    // The data set has 32 bits.
    using same = await nystrom(options).fit(
      x.map((row) => row.map(Math.fround)),
      t,
      { seed: 3 },
    )
    expect((await same.parameters()).alphas).toEqual((await machine.parameters()).alphas)
    // The centers, their squares, and α of two classes.
    expect((await memory()).held).toBeGreaterThanOrEqual(2 * 8 * (60 * 3 + 60 * 2))
  })

  test('has a remedy for duplicate centers, and refuses more centers than samples', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { x, t } = moons(40)
    const kernel = kernels.rbf({ sigma: 0.5 })
    using machine = nystrom({ inputs: 2, kernel, centers: [x[0]!, x[1]!, x[0]!], lambda: 0, classes: 2 })
    await machine.fit(x, t)
    expect(machine.warning).toMatch(/3 centers are singular/)
    warn.mockRestore()
    const many = nystrom({ inputs: 2, kernel, centers: 41, classes: 2 })
    await refused('option', /at most the 40 samples/, () => many.fit(x, t))
    await refused('shape', /targets/, () => nystrom({ inputs: 2, kernel, centers: 10 }).fit(x, [...t, 1]))
  })

  test('is disposed of, also while it trains', async () => {
    const { x, t } = moons(3000)
    const machine = nystrom({ inputs: 2, kernel: kernels.rbf({ sigma: 0.5 }), centers: 100, classes: 2 })
    const fit = machine.fit(x, t)
    machine.dispose()
    await fit.catch(() => {})
    await refused('disposed', /disposed/, () => machine.predict(x))
  })
})

describe('saving', () => {
  const { x, t } = moons(80)

  test('a loaded machine answers as the saved one', async () => {
    const kernel = kernels.rbf()
    const names = ['upper', 'lower']
    using counted = await kernelPerceptron({ inputs: 2, kernel, classes: names }).fit(x, t)
    using curve = await kernelRidge({ inputs: 2, kernel, lambda: 0.1 }).fit(
      x,
      x.map(([a, b]) => [a! * b!, a! - b!]),
    )
    using large = await nystrom({ inputs: 2, kernel, centers: 20, classes: 2 }).fit(x, t)
    for (const machine of [counted, curve, large]) {
      using again = await loadKernelMachine(await machine.toBytes())
      expect([again.who, again.sigma, again.classes]).toEqual([machine.who, machine.sigma, machine.classes])
      const [a, b] = await Promise.all([machine.values(x), again.values(x)])
      near(b.data, Array.from(a.data), 1e-9)
      if (machine !== curve) expect(await again.predict(x)).toEqual(await machine.predict(x))
    }
    const path = join(tmpdir(), `hebb-machine-${process.pid}.safetensors`)
    await counted.save(path)
    using again = await loadKernelMachine(path)
    expect(await again.predict(x[0]!)).toBe('upper')
    rmSync(path)
  })

  test('refuses other files and machines that are not trained', async () => {
    await refused('file', /no kernel machine/, async () =>
      loadKernelMachine(await (await hopfield({ units: 2 }).store([[1, 1]])).toBytes()),
    )
    await refused('data', /not trained/, () => kernelRidge({ inputs: 1, kernel: kernels.linear() }).toBytes())
  })
})
