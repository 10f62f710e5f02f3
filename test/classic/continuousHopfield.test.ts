// The continuous Hopfield network, through the package.
import { continuousHopfield, energy, type HopfieldProgress, shutdown, travellingSalesman } from 'hebb'
import { afterAll, describe, expect, test } from 'vitest'
import { randomCities, shortest } from '../../packages/examples/09-hopfield-continuous/tours'
import { random } from '../../packages/examples/random'
import { refused } from '../helpers/refused'

afterAll(shutdown)

/** A random symmetric matrix with diagonal 0. */
function symmetric(units: number, next: () => number): number[][] {
  const weights = Array.from({ length: units }, () => new Array<number>(units).fill(0))
  for (let i = 0; i < units; i++) {
    for (let j = 0; j < i; j++) weights[i]![j] = weights[j]![i] = 2 * next() - 1
  }
  return weights
}

describe('the continuous network', () => {
  test('follows the equation down to a minimum of the energy', async () => {
    for (let seed = 1; seed <= 10; seed++) {
      const next = random(seed)
      const weights = symmetric(8, next)
      const bias = Array.from({ length: 8 }, () => next() - 0.5)
      const resistance = Array.from({ length: 8 }, () => 0.5 + next())
      const capacitance = Array.from({ length: 8 }, () => 0.5 + next())
      const net = continuousHopfield({ weights, bias, gain: 5, resistance, capacitance })
      const { v, u, energy: e, terms, ...run } = await net.run({ until: 1e-12, seed })
      expect([run.converged, run.reason, run.rises]).toEqual([true, 'converged', 0])
      expect(e).toBeCloseTo(terms.interaction + terms.integral + terms.input, 12)
      for (let i = 0; i < 8; i++) {
        expect(v[i]).toBeCloseTo(1 / (1 + Math.exp(-5 * u[i]!)), 12)
        // At rest Wv − u/R + I = 0.
        const net = weights[i]!.reduce((sum, w, j) => sum + w * v[j]!, bias[i]! - u[i]! / resistance[i]!)
        expect(Math.abs(net)).toBeLessThan(1e-3)
      }
      const { energy: path, slope, time, step } = run.trace
      for (let k = 1; k < path.length; k++) {
        expect(path[k]).toBeLessThanOrEqual(path[k - 1]! + 1e-12)
        expect([slope[k]! <= 0, time[k]! > time[k - 1]!]).toEqual([true, true])
      }
      expect([step[0], step.at(-1), path.at(-1)]).toEqual([0, run.steps, e])
    }
  })

  test('gives the same with fixed steps, and the same bits again', async () => {
    const net = continuousHopfield({ weights: symmetric(6, random(3)), bias: [1, 0, 0, 0, 0, -1], gain: 3 })
    const start = [0.1, 0.4, 0.5, 0.6, 0.2, 0.9]
    const adaptive = await net.run({ start, until: 1e-14 })
    for (const integrator of ['euler', 'rungeKutta'] as const) {
      const fixed = await net.run({ start, until: 1e-14, integrator, step: 0.01 })
      expect(fixed.rises).toBe(0)
      fixed.v.forEach((v, i) => {
        expect(v).toBeCloseTo(adaptive.v[i]!, 5)
      })
    }
    expect(await net.run({ start, until: 1e-14 })).toEqual(adaptive)
    const long = await continuousHopfield({
      weights: [
        [0, -10],
        [-10, 0],
      ],
      bias: [5, 5],
      gain: 5,
    }).run({
      integrator: 'euler',
      step: 10,
      steps: 50,
    })
    expect(long.rises).toBeGreaterThan(0)
  })

  test('recalls patterns, and sharpens its outputs as the gain rises', async () => {
    const next = random(5)
    const units = 60
    const patterns = Array.from({ length: 4 }, () => Array.from({ length: units }, () => Math.round(next())))
    const weights = Array.from({ length: units }, (_, i) =>
      Array.from({ length: units }, (_, j) =>
        i === j ? 0 : patterns.reduce((sum, p) => sum + (2 * p[i]! - 1) * (2 * p[j]! - 1), 0) / units,
      ),
    )
    const bias = weights.map((row) => -row.reduce((sum, w) => sum + w, 0) / 2)
    const memory = continuousHopfield({ weights, bias, gain: 50 })
    for (const pattern of patterns) {
      const cue = pattern.map((p, i) => (i % 6 === 0 ? 0.9 - 0.8 * p : 0.1 + 0.8 * p))
      const { v } = await memory.run({ start: cue })
      expect(Array.from(v, Math.round)).toEqual(pattern)
    }
    const { v, trace } = await memory.run({ start: patterns[0]!, anneal: { from: 10, factor: 2, steps: 50 } })
    expect([trace.gain[0], trace.gain.at(-1)]).toEqual([10, 50])
    expect(Array.from(v, Math.round)).toEqual(patterns[0])
  })

  test('lets others compute, and reports its progress', async () => {
    const reports: HopfieldProgress[] = []
    const weights = symmetric(400, random(2))
    const options = { integrator: 'euler', step: 1e-6, until: 0, history: 10 } as const
    const net = continuousHopfield({ weights })
    const long = net.run({ ...options, steps: 6000, onProgress: (progress) => reports.push(progress) })
    const other = await continuousHopfield({
      weights: [
        [0, 1],
        [1, 0],
      ],
    }).run()
    expect([other.converged, reports.length < 100]).toEqual([true, true])
    const { steps, trace } = await long
    expect([steps, trace.step.length <= 11]).toEqual([6000, true])
    expect(reports.length).toBeGreaterThan(0)
    for (const { steps, time, gain, slope } of reports) {
      expect(steps).toBeLessThanOrEqual(6000)
      expect(time).toBeCloseTo(steps * 1e-6, 9)
      expect([gain, slope <= 0]).toEqual([50, true])
    }
  })

  test('refuses what it cannot run', async () => {
    const run = (weights: number[][], options: object = {}, how: object = {}) =>
      continuousHopfield({ weights, ...options }).run(how)
    const pair = [
      [0, 1],
      [1, 0],
    ]
    await refused('data', 'symmetric, or the energy may rise: [0][1] is 1 and [1][0] is 2', () =>
      run([
        [0, 1],
        [2, 0],
      ]),
    )
    await refused('data', 'weights[0][1] is NaN', () =>
      run([
        [0, Number.NaN],
        [1, 0],
      ]),
    )
    await refused('data', 'bias[1] is inf', () => run(pair, { bias: [0, Number.POSITIVE_INFINITY] }))
    await refused('shape', 'weights must be [units, units], got [1,2]', () => run([[0, 1]]))
    await refused('shape', 'bias has 3 values for 2 units', () => run(pair, { bias: [1, 2, 3] }))
    await refused('shape', '3 values of resistance for 2 units', () => run(pair, { resistance: [1, 1, 1] }))
    await refused('option', 'capacitance must be above 0, got -1', () => run(pair, { capacitance: -1 }))
    await refused('option', 'gain must be a number, finite and above 0', () => run(pair, { gain: 0 }))
    await refused('shape', 'N² units', () => run(pair, { permutation: true }))
    await refused('data', 'start[1] is 1.5: outputs are in 0…1', () => run(pair, {}, { start: [0, 1.5] }))
    await refused('option', 'must not be above the gain', () => run(pair, {}, { anneal: { from: 60 } }))
    await refused('option', 'step must be a number', () => run(pair, {}, { step: -1 }))
    await refused('option', 'give weights, or an energy', async () => continuousHopfield({}))
    await refused('option', 'no option "lambda"', () => run(pair, { lambda: 1 }))
  })
})

describe('a stated energy', () => {
  test('is minimised, and its diagnosis says which weight to raise', async () => {
    const solve = (weight: number) =>
      continuousHopfield({
        energy: energy({
          units: 3,
          linear: [3, 1, 2],
          binary: 1,
          constraints: [
            { name: 'one', coefficients: [1, 1, 1], equals: 1, weight },
            { name: 'not the second', coefficients: [0, 1, 0], equals: 0, weight: 50 },
          ],
        }),
      }).run()
    const weak = await solve(0.5)
    expect(weak.diagnosis).toMatch(
      /^constraint one is .* instead of 1, off by .*: raise its weight from 0.5 to/,
    )
    const [one, second] = weak.constraints
    expect(one).toMatchObject({ name: 'one', equals: 1, weight: 0.5 })
    expect(one!.value - one!.excess).toBeCloseTo(1, 12)
    expect(second!.raiseTo).toBeUndefined()
    let weight = 0.5
    let found = weak
    for (let round = 0; round < 10 && found.constraints[0]!.raiseTo; round++) {
      weight = found.constraints[0]!.raiseTo!
      found = await solve(weight)
    }
    expect(found.diagnosis).toBe('all constraints hold')
    expect(Array.from(found.v, Math.round)).toEqual([0, 0, 1])
    expect(found.objective).toBeCloseTo(2, 0)
  })

  test('reads voltages as the A/D converter of Tank and Hopfield', async () => {
    const bits = [1, 2, 4, 8]
    for (const x of [0, 1, 6, 9, 15]) {
      const stated = energy({
        units: 4,
        quadratic: bits.map((a) => bits.map((b) => a * b)),
        linear: bits.map((b) => -x * b),
        binary: bits.map((b) => b * b),
      })
      const { v } = await continuousHopfield({ energy: stated, gain: 100 }).run({ start: [0, 0, 0, 0] })
      const read = v.reduce((sum, one, i) => sum + bits[i]! * Math.round(one), 0)
      expect(Math.abs(read - x)).toBeLessThanOrEqual(1)
    }
  })

  test('assigns at the least cost in the valid subspace', async () => {
    const side = 5
    for (let seed = 1; seed <= 10; seed++) {
      const next = random(seed)
      const costs = Array.from({ length: side * side }, next)
      const best = (row: number, used: number): number =>
        row === side
          ? 0
          : Math.min(
              ...Array.from({ length: side }, (_, c) =>
                used & (1 << c) ? 9 : costs[side * row + c]! + best(row + 1, used | (1 << c)),
              ),
            )
      const { v } = await continuousHopfield({
        energy: energy({ units: side * side, linear: costs }),
        gain: 2000,
        permutation: true,
      }).run({ integrator: 'euler', step: 0.5, anneal: { from: 1, factor: 1.1 } })
      const cost = costs.reduce((sum, one, i) => sum + one * Math.round(v[i]!), 0)
      expect(cost).toBeCloseTo(best(0, 0), 9)
    }
  })

  test('refuses wrong terms', async () => {
    const one = { coefficients: [1, 1], equals: 1 }
    const run = (options: object) => continuousHopfield({ energy: energy({ units: 2, ...options }) }).run()
    await refused('data', 'quadratic must be symmetric', () =>
      run({
        quadratic: [
          [0, 1],
          [2, 0],
        ],
      }),
    )
    await refused('shape', 'quadratic must be [2, 2]', () => run({ quadratic: [[1]] }))
    await refused('shape', 'linear has 1 values for 2 units', () => run({ linear: [1] }))
    await refused('shape', '3 values of binary for 2 units', () => run({ binary: [1, 2, 3] }))
    await refused('option', 'constraint 0: weight must be', () =>
      run({ constraints: [{ ...one, weight: 0 }] }),
    )
    await refused('shape', 'constraint 1: coefficients has 1 values', () =>
      run({ constraints: [one, { ...one, coefficients: [1] }] }),
    )
    await refused('data', 'all coefficients of constraint none are 0', () =>
      run({ constraints: [{ ...one, name: 'none', coefficients: [0, 0] }] }),
    )
    await refused('data', 'its terms must be finite', () => run({ linear: [Number.NaN, 0] }))
    const stated = energy({ units: 2 })
    await refused('option', 'either weights and bias, or an energy', async () =>
      continuousHopfield({ energy: stated, bias: [1, 1] }),
    )
  })
})

describe('the travelling salesman', () => {
  test('finds only tours in the valid subspace, near the optimum', async () => {
    let ratios = 0
    for (let seed = 1; seed <= 20; seed++) {
      const cities = randomCities(10, seed)
      const { tour, valid, length, lengths, v } = await travellingSalesman({ cities, seed })
      expect([valid, lengths.length, v.length]).toEqual([true, 4, 100])
      expect([...tour!].sort((a, b) => a - b)).toEqual(cities.map((_, city) => city))
      const closed = tour!.map((city, i) => {
        const [a, b] = [cities[city]!, cities[tour![(i + 1) % 10]!]!]
        return Math.hypot(a[0] - b[0], a[1] - b[1])
      })
      expect(length).toBeCloseTo(
        closed.reduce((a, b) => a + b),
        12,
      )
      ratios += length! / shortest(cities)
    }
    expect(ratios / 20).toBeLessThan(1.03)
  })

  test('finds tours of 30 cities within 5 %', async () => {
    let ratios = 0
    for (let seed = 1; seed <= 5; seed++) {
      const cities = randomCities(30, seed)
      const { valid, length } = await travellingSalesman({ cities, seed })
      expect(valid).toBe(true)
      ratios += length! / shortest(cities)
    }
    expect(ratios / 5).toBeLessThan(1.05)
  })

  test('says which results of 1985 are no tours', async () => {
    let valid = 0
    for (let seed = 1; seed <= 30; seed++) {
      const found = await travellingSalesman({ cities: randomCities(10, seed), method: 'penalties', seed })
      expect([found.valid, found.length === undefined]).toEqual([found.tour !== undefined, !found.valid])
      valid += Number(found.valid)
    }
    expect(valid).toBeLessThan(15)
    const again = { cities: randomCities(10, 4), method: 'penalties', seed: 4 } as const
    expect(await travellingSalesman(again)).toEqual(await travellingSalesman(again))
  })

  test('reads distances, and refuses wrong ones', async () => {
    const distances = [
      [0, 1, 2],
      [1, 0, 2],
      [2, 2, 0],
    ]
    expect((await travellingSalesman({ distances, starts: 1 })).length).toBe(5)
    // Cities at one place.
    expect((await travellingSalesman({ cities: new Array(5).fill([1, 1]) })).length).toBe(0)
    await refused('data', 'at least 3 cities, got 2', () =>
      travellingSalesman({
        distances: [
          [0, 1],
          [1, 0],
        ],
      }),
    )
    await refused('data', 'distances must be symmetric', () =>
      travellingSalesman({
        distances: [
          [0, 1, 2],
          [1, 0, 2],
          [3, 2, 0],
        ],
      }),
    )
    await refused('data', 'distances[1][1] is 1: it must be 0', () =>
      travellingSalesman({
        distances: [
          [0, 1, 2],
          [1, 1, 2],
          [2, 2, 0],
        ],
      }),
    )
    await refused('option', 'either cities or distances', () => travellingSalesman({}))
    await refused('option', 'settings.u0', () =>
      travellingSalesman({ distances, settings: { u0: Number.NaN } }),
    )
    await refused('option', 'u0 above 0', () => travellingSalesman({ distances, settings: { u0: 0 } }))
    await refused('data', 'distances[0][0] is NaN', () =>
      travellingSalesman({
        cities: [
          [Number.NaN, 1],
          [1, 2],
          [3, 4],
        ],
      }),
    )
  })
})
