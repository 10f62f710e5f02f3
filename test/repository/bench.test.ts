// The benchmark's own logic: which engines are compared, and what counts as met, regressed or different.
import { describe, expect, test } from 'vitest'
import type { Answer } from '../../bench/harness/adapter'
import { measure } from '../../bench/harness/measure'
import { folder, merge, type Results, type Run, undisturbed } from '../../bench/harness/results'
import { agree, geometricMean, quantile, ratio } from '../../bench/harness/statistics'
import { holds, regressions, type Target, verdicts } from '../../bench/harness/targets'
import { headline, withHeadline } from '../../bench/report/headline'
import { roofline } from '../../bench/report/roofline'
import { SUITES } from '../../bench/suites'

const run = (rates: Run['rates']): Run => ({ date: '', load: 0, rates })
const machine = { cpu: 'a', cores: 2, arch: 'x64', node: 'v24' }
const results = (cases: Results['cases'], more: Partial<Results> = {}): Results => ({
  ...{ suite: 's', machine, versions: {}, missing: [] },
  ...{ cases, ...more },
})

describe('statistics', () => {
  test('a quantile is interpolated between its neighbours', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5)
    expect([0, 0.1, 1].map((q) => quantile([20, 10], q))).toEqual([10, 11, 20])
  })

  test('a ratio pairs rounds: a drift that affects both cancels out', () => {
    const drift = [1, 2, 4, 8, 16]
    const { median, p10, p90, pairs } = ratio(
      drift.map((d) => 3 * d),
      [...drift, 5],
    )
    expect([median, p10, p90, pairs]).toEqual([3, 3, 3, 5])
  })

  test('a geometric mean is computed per round', () => {
    expect(
      geometricMean([
        [1, 2, 9],
        [4, 8],
      ]),
    ).toEqual([2, 4].map((n) => expect.closeTo(n, 12)))
  })

  test('answers agree up to rounding', () => {
    expect(agree([100, 1e-3], [100.001, 0])).toBe(true)
    expect(agree([100, 1e-3], [100.1, 0])).toBe(false)
    expect(agree([1], [1, 2])).toBe(false)
    expect(agree([Number.NaN], [Number.NaN])).toBe(false)
  })
})

describe('measure', () => {
  const log: string[] = []
  const engine = (name: string, answer: Answer) => ({
    version: '1',
    end() {},
    async ask() {
      log.push(name)
      return answer
    },
  })
  const pace = { rounds: 2, seconds: 0, warmUp: 0 }
  const work = { kind: 'gemm', m: 1, k: 1, n: 1 } as const

  test('engines take turns; those that differ, cannot or fail are missing, with the reason', async () => {
    const answers: Record<string, Answer> = {
      a: { perSecond: 10, check: [1, 2] },
      differs: { perSecond: 99, check: [1, 3] },
      b: { perSecond: 20, check: [1, 2.00001] },
      unchecked: { perSecond: 5, check: null },
      cannot: { cannot: 'no such thing' },
      fails: { error: 'out of memory' },
      infinite: { perSecond: 9, check: [Number.NaN, 2] },
    }
    const engines = new Map(Object.entries(answers).map(([name, answer]) => [name, engine(name, answer)]))
    const { rates, missing } = await measure(work, engines, pace)
    expect(rates).toEqual({ a: [10, 10], b: [20, 20], unchecked: [5, 5] })
    expect(missing).toEqual({
      differs: expect.stringMatching(/differs: 1, 3, …, where a has 1, 2/),
      cannot: 'no such thing',
      fails: 'out of memory',
      infinite: expect.stringContaining('not finite'),
    })
    expect(log.slice(-6)).toEqual(['a', 'b', 'unchecked', 'a', 'b', 'unchecked'])
  })
})

describe('targets', () => {
  const target: Target = {
    suite: 's',
    cases: ['c'],
    engine: 'h 2',
    rivals: ['slow 1', 'fast 2', 'absent 1'],
    least: 1.5,
  }
  const of = (...ratios: number[]) =>
    results({ c: ratios.map((r) => run({ 'h 2': [r, r], 'slow 1': [0.1, 0.1], 'fast 2': [1, 1] })) })

  test('the fastest rival counts, and two of three runs decide', () => {
    const [verdict] = verdicts(of(1.6, 1.4, 1.5), [target])
    expect(verdict).toMatchObject({ case: 'c', rival: 'fast 2', met: 2 })
    expect(holds(verdict!)).toBe(true)
    expect(holds(verdicts(of(1.6, 1.4, 1.3), [target])[0]!)).toBe(false)
    expect(holds(verdicts(of(1.6, 1.4), [target])[0]!)).toBe(false)
  })

  test('what was not measured has no verdict', () => {
    expect(verdicts(results({}), [target])).toEqual([])
    expect(verdicts(results({ c: [run({ 'h 2': [1] })] }), [target])).toEqual([])
  })

  test('a mean is over all cases, per run', () => {
    const cases = { a: [run({ 'h 2': [2], 'h 1': [1] })], b: [run({ 'h 2': [8], 'h 1': [1] })] }
    const mean: Target = {
      suite: 's',
      cases: ['a', 'b'],
      engine: 'h 2',
      rivals: ['h 1'],
      least: 4,
      mean: true,
    }
    const [verdict] = verdicts(results(cases), [mean])
    expect(verdict!.ratios[0]!.median).toBeCloseTo(4, 12)
    expect(verdicts(results({ a: cases.a }), [mean])).toEqual([])
  })

  test('a regression is a lower ratio, not a lower rate', () => {
    const [slower, worse] = [
      results({ c: [run({ 'h 2': [0.8, 0.9], 'fast 2': [0.5, 0.56] })] }),
      results({ c: [run({ 'h 2': [1.2, 1.2], 'fast 2': [1, 1] })] }),
    ]
    expect(regressions(of(1.6), slower, [target])).toEqual([])
    expect(regressions(of(1.6), worse, [target])).toEqual([
      { case: 'c', engine: 'h 2', rival: 'fast 2', before: 1.6, now: 1.2 },
    ])
    const noisy = results({ c: [run({ 'h 2': [1, 1.2, 3], 'fast 2': [1, 1, 1] })] })
    expect(regressions(of(1.6), noisy, [target])).toEqual([])
  })
})

describe('merging', () => {
  const old = results(
    { c: [1, 2, 3].map((n) => run({ h: [n] })), d: [run({ h: [9] })] },
    { versions: { h: '1', x: '1' }, missing: [{ engine: 'y', reason: 'not there' }] },
  )

  test('the last three runs of each case are kept', () => {
    const now = results({ c: [run({ h: [4] })] }, { versions: { h: '2', y: '1' } })
    const { cases, versions, missing } = merge(old, now)
    expect(cases.c!.map(({ rates }) => rates.h)).toEqual([[2], [3], [4]])
    expect(cases.d).toEqual(old.cases.d)
    expect(versions).toEqual({ h: '2', x: '1', y: '1' })
    expect(missing).toEqual([])
  })

  test('disturbed cases are not kept', () => {
    const runs = { quiet: [run({ h: [1] })], disturbed: [{ ...run({ h: [1] }), load: 0.9 }] }
    const { kept, disturbed } = undisturbed(results(runs))
    expect(kept.cases).toEqual({ quiet: runs.quiet })
    expect(disturbed).toEqual(['disturbed'])
  })

  test('each kind of machine has a folder of its own', () => {
    expect(folder({ ...machine, cpu: 'AMD EPYC family 26, AVX-512' })).toBe(
      'amd-epyc-family-26-avx-512-2-cores',
    )
  })
})

describe('reports from the results', () => {
  test('a kernel is compared with the roof of its own engine', () => {
    const peak = results({ madds: [run({ 'hebb-node 1': [40e9] })], read: [run({ 'hebb-node 1': [10e9] })] })
    const name = '1x9216x4096'
    const gemm = results({ [name]: [run({ 'hebb-node 1': [50], 'pytorch 1': [90] })] })
    const table = roofline(peak, [{ suite: SUITES.gemm!, results: gemm }])
    // 2·9216·4096 operations, and 4·(9216 + 9216·4096 + 4096) bytes.
    expect(table).toContain(`gemm ${name} | 3.77 (9 %) | 7.55 (76 %) |`)
    expect(roofline(undefined, [])).toBe('')
  })

  test('the headline shows the fastest variant of an engine, and a gap if it cannot run', () => {
    const cases = {
      'train b128': [
        run({ 'hebb-node-relaxed 2': [3e4], 'tfjs-wasm-node 1': [700], 'tfjs-wasm-chromium 2': [800] }),
      ],
    }
    const block = headline((suite) => (suite === 'mlp' ? results(cases) : undefined))
    expect(block.replace(/ +/g, ' ')).toContain('samples/s | 30,000 | – | – | – | – | 800 |')
    expect(() => withHeadline('# Hebb', block)).toThrow('the README has no')
  })

  test('each row of the headline is a case of its suite', () => {
    const all = (suite: string) =>
      results(Object.fromEntries(SUITES[suite]!.cases.map(({ name }) => [name, [run({ 'pytorch 2': [1] })]])))
    const lines = headline(all).replace(/ +/g, ' ').split('\n')
    const rows = lines.filter((line) => line.startsWith('| ')).slice(2)
    expect(rows).toHaveLength(8)
    for (const row of rows) expect(row).toMatch(/ \| – \| – \| [\d.]+ \| – \| – \| – \|$/)
    expect(rows.filter((row) => /AlexNet|LSTM/.test(row))).toHaveLength(3)
  })
})
