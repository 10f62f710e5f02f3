// Hopfield networks and dense memories, through the package.
import { readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { denseMemory, type Hopfield, hopfield, loadMemory, memory, shutdown } from 'hebb'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { refused } from '../helpers/refused'

afterAll(shutdown)

const PAIR = [
  [1, 1, 1, -1],
  [1, -1, 1, 1],
]

/** Random patterns by a linear congruential generator. */
function patternsOf(count: number, units: number, seed = 1): number[][] {
  let state = seed
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  return Array.from({ length: count }, () => Array.from({ length: units }, () => (random() < 0.5 ? -1 : 1)))
}

const binary = (pattern: number[]) => pattern.map((s) => (s + 1) / 2)
const overlap = (a: number[], b: number[]) => a.reduce((sum, s, i) => sum + s * b[i]!, 0) / a.length

describe('the Hopfield network', () => {
  test('stores and recalls as on paper', async () => {
    using net = await hopfield({ units: 4 }).store(PAIR)
    // Σ ss′ without the diagonal.
    expect((await net.weights()).data).toEqual(
      Float64Array.from([0, 0, 2, 0, 0, 0, 0, -2, 2, 0, 0, 0, 0, -2, 0, 0]),
    )
    expect(await net.thresholds()).toEqual(new Float64Array(4))
    // E = −(w₀₂s₀s₂ + w₁₃s₁s₃) = −4 for both patterns.
    const { state, energy, pattern, converged, reason } = await net.recall([1, 1, 1, null])
    expect([state, energy, pattern, converged, reason]).toEqual([PAIR[0], -4, 0, true, 'fixedPoint'])
    expect((await net.recall(PAIR)).map((one) => one.pattern)).toEqual([0, 1])
    expect([await net.stability(0), await net.stability(1)]).toEqual([2, 2])
    expect([net.count, net.units]).toEqual([2, 4])
  })

  test('records each update, its inverting output, and an energy that never rises', async () => {
    for (const values of ['bipolar', 'binary'] as const) {
      const own = (pattern: number[]) => (values === 'binary' ? binary(pattern) : pattern)
      using net = await hopfield({ units: 60, values }).store(patternsOf(4, 60).map(own))
      const { data } = await net.weights()
      const thresholds = await net.thresholds()
      const cue = own(patternsOf(1, 60, 9)[0]!)
      const { trace, state, energy, changes } = await net.recall(cue, { trace: true, seed: 3 })
      const now = [...cue]
      let [last, changed] = [Number.POSITIVE_INFINITY, 0]
      for (const update of trace) {
        const net = now.reduce(
          (sum, y, j) => sum + data[60 * update.unit + j]! * y,
          -thresholds[update.unit]!,
        )
        expect(update.net).toBeCloseTo(net, 9)
        changed += Number(now[update.unit] !== update.output)
        now[update.unit] = update.output
        expect(update.inverting).toBe(values === 'binary' ? 1 - update.output : -update.output)
        expect(update.energy).toBeLessThanOrEqual(last + 1e-9)
        last = update.energy
      }
      expect([now, changed]).toEqual([state, changes])
      expect(last).toBeCloseTo(energy, 9)
    }
  })

  test('is the same network with binary as with bipolar units', async () => {
    const patterns = patternsOf(5, 50)
    const cue = patternsOf(1, 50, 4)[0]!
    for (const rule of ['hebb', 'storkey', 'pseudoInverse', 'flow'] as const) {
      using one = await hopfield({ units: 50, rule }).store(patterns)
      using other = await hopfield({ units: 50, rule, values: 'binary' }).store(patterns.map(binary))
      const options = { seed: 2, trace: true }
      const [a, b] = [await one.recall(cue, options), await other.recall(binary(cue), options)]
      expect(b.state).toEqual(binary(a.state))
      expect(b.trace.map(({ unit }) => unit)).toEqual(a.trace.map(({ unit }) => unit))
      for (const [i, { net }] of a.trace.entries()) expect(2 * b.trace[i]!.net).toBeCloseTo(net, 9)
      expect((await other.weights()).data).toEqual((await one.weights()).data)
    }
  })

  test('every rule recalls from noise, from a part, and from images', async () => {
    const patterns = patternsOf(6, 100)
    for (const rule of ['hebb', 'storkey', 'pseudoInverse', 'flow'] as const) {
      using net = await hopfield({ units: 100, rule }).store({
        data: Int32Array.from(patterns.flat()),
        shape: [6, 10, 10],
      })
      for (const [number, pattern] of patterns.entries()) {
        const noisy = pattern.map((s, i) => (i % 10 === number ? -s : s))
        const half = pattern.map((s, i) => (i < 50 ? s : null))
        const none = pattern.map((s, i) => (i < 50 ? s : 0))
        const found = await net.recall([noisy, half, none], { seed: number })
        expect(found.map((one) => one.pattern)).toEqual([number, number, number])
        expect(found[2]!.state).toEqual(found[1]!.state)
        expect(await net.recall(half, { seed: number })).toEqual(found[1])
      }
    }
  })

  test('finds cycles of synchronous updates', async () => {
    const net = hopfield({
      units: 2,
      weights: [
        [0, -1],
        [-1, 0],
      ],
    })
    const both = await net.recall([1, 1], { order: 'synchronous', trace: true })
    expect([both.reason, both.converged, both.state, both.cycle]).toEqual(['cycle', false, [1, 1], [-1, -1]])
    expect(both.trace.map(({ step, unit, output }) => [step, unit, output])).toEqual([
      [1, 0, -1],
      [1, 1, -1],
      [2, 0, 1],
      [2, 1, 1],
    ])
    expect([both.pattern, both.overlap, both.spurious]).toEqual([undefined, undefined, undefined])
    expect((await net.recall([1, 1])).converged).toBe(true)
    expect((await net.recall([1, 1], { order: 'synchronous', steps: 1 })).reason).toBe('steps')
    net.dispose()
  })

  test('names spurious states', async () => {
    const patterns = patternsOf(5, 800)
    using net = await hopfield({ units: 800 }).store(patterns)
    const reversed = await net.recall(patterns[3]!.map((s) => -s))
    expect(reversed.spurious).toEqual({
      kind: 'reversed',
      name: 'reverse of pattern 3',
      patterns: [3],
      signs: [-1],
    })
    const mixture = patterns[0]!.map((_, i) =>
      Math.sign(patterns[0]![i]! - patterns[2]![i]! + patterns[4]![i]!),
    )
    const { spurious, pattern } = await net.recall(mixture)
    expect([spurious!.kind, [...spurious!.patterns].sort(), pattern]).toEqual([
      'mixture',
      [0, 2, 4],
      undefined,
    ])
    expect(spurious!.signs[spurious!.patterns.indexOf(2)]).toBe(-1)
    expect(spurious!.name).toMatch(/^mixture of patterns .*-2/)
  })

  test('warns if it holds more than the rule can', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const said = async (memory: Promise<{ dispose(): void }>) => {
      warn.mockClear()
      ;(await memory).dispose()
      return warn.mock.calls.flat().join()
    }
    expect(await said(hopfield({ units: 100 }).store(patternsOf(13, 100)))).toBe('')
    expect(await said(hopfield({ units: 100 }).store(patternsOf(14, 100)))).toContain(
      "14 patterns are more than 100 units hold by Hebb's rule (0.138 N of random patterns, here 13)",
    )
    expect(await said(hopfield({ units: 100, rule: 'storkey' }).store(patternsOf(40, 100)))).toContain(
      'Storkey',
    )
    expect(await said(hopfield({ units: 60, rule: 'pseudoInverse' }).store(patternsOf(60, 60)))).toContain(
      'leave no weights',
    )
    const learnt = { units: 60, rule: 'pseudoInverse', thresholds: 'learn' } as const
    expect(await said(hopfield(learnt).store(patternsOf(60, 60)))).toBe('')
    expect(await said(denseMemory({ units: 20 }).store(patternsOf(60, 20)))).toContain('degree 3')
    warn.mockRestore()
  })

  test('holds as many patterns as units by pseudo-inverse and flow', async () => {
    const patterns = patternsOf(60, 60)
    for (const rule of ['pseudoInverse', 'flow'] as const) {
      using net = await hopfield({ units: 60, rule, thresholds: 'learn' }).store(patterns)
      for (const pattern of patterns.keys()) expect(await net.stability(pattern)).toBeGreaterThan(0)
      expect((await net.recall(patterns)).map((one) => one.state)).toEqual(patterns)
    }
  })

  test('is saved and loaded to the same bits', async () => {
    const file = join(tmpdir(), `hebb-hopfield-${process.pid}.safetensors`)
    const cues = patternsOf(5, 40, 7)
    for (const rule of ['hebb', 'storkey', 'pseudoInverse', 'flow'] as const) {
      using net = await hopfield({ units: 40, rule, thresholds: 'learn' }).store(patternsOf(4, 40))
      await net.save(file)
      using again = (await loadMemory(file)) as Hopfield
      expect(again.count).toBe(4)
      expect((await again.weights()).data).toEqual((await net.weights()).data)
      expect(await again.recall(cues)).toEqual(await net.recall(cues))
      expect(await again.toBytes()).toEqual(new Uint8Array(readFileSync(file)))
    }
    rmSync(file)
    const given = hopfield({
      units: 2,
      thresholds: [1, 2],
      weights: [
        [0, 3],
        [3, 0],
      ],
    })
    using loaded = await loadMemory(await given.toBytes())
    expect(await loaded.recall([-1, 1])).toEqual(await given.recall([-1, 1]))
    given.dispose()
    for (const options of [{ degree: 4 }, { degree: 'softmax', beta: 0.5 }] as const) {
      using dense = await denseMemory({ units: 40, ...options }).store(patternsOf(4, 40))
      using again = await loadMemory(await dense.toBytes())
      expect(await again.recall(cues)).toEqual(await dense.recall(cues))
    }
    await refused('file', 'holds no memory', () =>
      loadMemory(new Uint8Array([2, 0, 0, 0, 0, 0, 0, 0, 123, 125])),
    )
  })

  test('is held by the engine until it is disposed of, and reports progress', async () => {
    const before = (await memory()).held
    const net = hopfield({ units: 300, rule: 'storkey' })
    const parts: number[] = []
    await net.store(patternsOf(40, 300), { onProgress: (part) => parts.push(part) })
    expect(parts.every((part, i) => part >= 0 && part <= 1 && part >= (parts[i - 1] ?? 0))).toBe(true)
    expect((await memory()).held).toBe(before + 8 * (300 * 300 + 40 * 300))
    await net.store(patternsOf(10, 300))
    expect((await memory()).held).toBe(before + 8 * (300 * 300 + 10 * 300))
    net.dispose()
    net.dispose()
    expect((await memory()).held).toBe(before)
    await refused(
      'disposed',
      'this memory has been disposed of',
      () => net.recall(patternsOf(1, 300)[0]!),
      () => net.store(patternsOf(1, 300)),
    )
  })

  test('refuses what it cannot store, recall or be', async () => {
    const net = hopfield({ units: 4 })
    await refused('data', 'this hopfield is empty: call store()', () => net.recall([1, 1, 1, 1]))
    await refused('shape', 'nested arrays must be regular', () =>
      net.store([
        [1, 1, 1, 1],
        [1, 1],
      ]),
    )
    await refused('shape', 'samples of 4 values', () => net.store([[1, 1, 1]]))
    await refused(
      'data',
      "has 0 as its value 1 (both from 0), it must be -1 or 1; for 0 and 1 use values: 'binary'",
      () => net.store([[1, 0, 1, 1]]),
    )
    await refused('data', 'patterns 0 and 2 (from 0) are equal', () => net.store([...PAIR, PAIR[0]!]))
    await refused('data', 'NaN', () => net.store([[Number.NaN, 1, 1, 1]]))
    await net.store(PAIR)
    await refused('data', 'cue 0 has 2 as its value 0', () => net.recall([2, 1, 1, 1]))
    await refused('shape', 'samples of 4 values', () => net.recall([1, 1]))
    await refused('option', 'pattern', () => net.stability(2))
    const inverse = hopfield({ units: 4, rule: 'pseudoInverse' })
    await refused('data', 'pattern 2 (from 0) is a linear combination of those before it', () =>
      inverse.store([...PAIR, PAIR[0]!.map((s) => -s)]),
    )
    const weights = (rows: number[][]) => hopfield({ units: 2, weights: rows }).recall([1, 1])
    await refused('data', 'weights[1][0] is 2 and weights[0][1] is 1: weights must be symmetric', () =>
      weights([
        [0, 1],
        [2, 0],
      ]),
    )
    await refused('data', 'weights[1][1] is 1', () =>
      weights([
        [0, 1],
        [1, 1],
      ]),
    )
    await refused('shape', 'have weights [2, 2]', () => weights([[0, 1]]))
    await refused(
      'option',
      'nothing to learn',
      async () => hopfield({ units: 1, weights: [[0]], rule: 'hebb' }),
      () => hopfield({ units: 1, weights: [[0]] }).store([[1]]),
    )
    await refused('option', '4 thresholds, got 1', async () => hopfield({ units: 4, thresholds: [1] }))
    net.dispose()
  })
})

describe('the dense memory', () => {
  test('of degree 2 is the Hopfield network, and of degree 3 holds more patterns than units', async () => {
    const patterns = patternsOf(7, 64)
    const cue = patternsOf(1, 64, 5)[0]!
    using net = await hopfield({ units: 64 }).store(patterns)
    using two = await denseMemory({ units: 64, degree: 2 }).store(patterns)
    const [a, b] = [await net.recall(cue, { seed: 1 }), await two.recall(cue, { seed: 1 })]
    expect([b.state, b.energy]).toEqual([a.state, 2 * a.energy - 7 * 64])
    const many = patternsOf(100, 64)
    using three = await denseMemory({ units: 64, degree: 3, values: 'binary' }).store(many.map(binary))
    const noisy = many.map((pattern) => binary(pattern.map((s, i) => (i < 4 ? -s : s))))
    const found = await three.recall(noisy)
    const right = found.filter(
      (one, i) =>
        one.pattern === i &&
        overlap(
          one.state.map((x) => 2 * x - 1),
          many[i]!,
        ) > 0.97,
    )
    expect(right.length).toBeGreaterThan(95)
  })

  test('with softmax recalls any numbers, and names blends', async () => {
    const rows = [
      [0.5, 2, -1],
      [3, 0, 1],
      [-2, 1, 2.5],
    ]
    using net = await denseMemory({ units: 3, degree: 'softmax', beta: 4 }).store(rows)
    const { state, pattern, overlap, energy } = await net.recall([2.5, null, 1])
    expect([pattern, state.map((x) => Math.round(1e6 * x) / 1e6)]).toEqual([1, [3, 0, 1]])
    expect(overlap).toBeGreaterThan(0.999)
    // −lse + ½|s|² + ln(3)/β + ½max|x|² at a pattern.
    expect(energy).toBeCloseTo(-10 + 5 + Math.log(3) / 4 + 11.25 / 2, 6)
    using blunt = await denseMemory({ units: 3, degree: 'softmax', beta: 0.01 }).store(rows)
    const { spurious } = await blunt.recall([1, 1, 1])
    expect([spurious!.kind, spurious!.patterns.length]).toEqual(['mixture', 3])
  })

  test('refuses what it cannot be', async () => {
    await refused('option', 'leave out values', async () =>
      denseMemory({ units: 3, degree: 'softmax', values: 'binary' }),
    )
    await refused('option', "beta is an option of degree: 'softmax'", async () =>
      denseMemory({ units: 3, beta: 1 }),
    )
    await refused('option', 'degree 400 is out of range', () =>
      denseMemory({ units: 9, degree: 400 }).store([[1, 1, 1, 1, 1, 1, 1, 1, 1]]),
    )
    using net = await denseMemory({ units: 3 }).store([[1, 1, -1]])
    await refused('option', 'order must be one of asynchronous', () =>
      net.recall([1, 1, 1], { order: 'synchronous' }),
    )
    await refused('data', 'cue 0 has 0.5', () => net.recall([0.5, 1, 1]))
  })
})
