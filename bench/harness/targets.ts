// Hebb's performance targets, as ratios within one run, and whether they are met.
import type { Competitor } from './engines.ts'
import type { Results, Run } from './results.ts'
import { geometricMean, median, type Ratio, ratio } from './statistics.ts'

export interface Target {
  suite: string
  /** Each is a target of its own, unless `mean`. */
  cases: readonly string[]
  engine: Competitor
  /** The fastest of these is the rival. */
  rivals: readonly Competitor[]
  least: number
  /** For the geometric mean of all cases. */
  mean?: true
  /** An optional, higher target. */
  stretch?: true
}

export const SQUARES = ['512x512x512', '1024x1024x1024']
export const CONVS = ['64x363x3025', '192x1600x729', '384x1728x169', '256x3456x169']
const ELMAN = ['train elman 32-128']
const GATED = ['gru', 'lstm'].flatMap((cell) => [`train ${cell} 32-128`, `train ${cell} 64-256`])
const INFERENCE = [...ELMAN, ...GATED].map((name) => name.replace('train', 'infer'))
const TRAINING = ['train b32', 'train b64', 'train b128']
const RELAXED = 'hebb-node-relaxed 2'
const WEB = ['ort-web-node 2', 'ort-web-chromium 2']
const TFJS = ['tfjs-wasm-node 1', 'tfjs-wasm-chromium 2']
const NATIVE = ['numpy 2', 'pytorch 2', 'ort-node 2', 'gemm-crate 2', 'candle 2']
const CHROMIUM = { engine: 'hebb-chromium 2', rivals: [RELAXED], least: 0.9 }

export const TARGETS: readonly Target[] = [
  { suite: 'gemm', cases: SQUARES, engine: 'hebb-node-relaxed 1', rivals: ['tfjs-wasm-node 1'], least: 1.5 },
  { suite: 'gemm', cases: SQUARES, engine: 'hebb-node 1', rivals: ['tfjs-wasm-node 1'], least: 1.2 },
  { suite: 'gemm', cases: CONVS, engine: RELAXED, rivals: ['tfjs-wasm-chromium 2', ...WEB], least: 1.5 },
  { suite: 'gemm', cases: CONVS, engine: RELAXED, rivals: ['hebb-node-relaxed 1'], least: 1.75, mean: true },
  {
    suite: 'gemm',
    cases: ['1x9216x4096'],
    engine: RELAXED,
    rivals: [...NATIVE, ...WEB, ...TFJS],
    least: 0.9,
  },
  { suite: 'lenet', cases: TRAINING, engine: RELAXED, rivals: ['pytorch 2'], least: 1.5 },
  { suite: 'lenet', cases: TRAINING, engine: RELAXED, rivals: ['pytorch 2'], least: 2, stretch: true },
  { suite: 'lenet', cases: TRAINING, engine: 'hebb-node 2', rivals: ['pytorch 2'], least: 1.2 },
  { suite: 'lenet', cases: ['infer b1'], engine: RELAXED, rivals: ['tfjs-wasm-node 1'], least: 2 },
  { suite: 'lenet', cases: ['infer b1 here'], engine: RELAXED, rivals: WEB, least: 2 },
  { suite: 'lenet', cases: ['infer b64'], engine: RELAXED, rivals: ['tfjs-wasm-chromium 2'], least: 1.5 },
  { suite: 'lenet', cases: ['infer b64'], engine: RELAXED, rivals: ['ort-node 2'], least: 0.5 },
  {
    suite: 'lenet',
    cases: ['infer b64'],
    engine: RELAXED,
    rivals: ['ort-node 2'],
    least: 0.8,
    stretch: true,
  },
  { suite: 'alexnet', cases: ['infer b1'], engine: RELAXED, rivals: ['pytorch 2'], least: 1 },
  { suite: 'alexnet', cases: ['infer b8'], engine: RELAXED, rivals: ['pytorch 2'], least: 1 / 1.4 },
  {
    suite: 'alexnet',
    cases: ['infer b8'],
    engine: RELAXED,
    rivals: ['pytorch 2'],
    least: 1 / 1.2,
    stretch: true,
  },
  { suite: 'alexnet', cases: ['train b16'], engine: RELAXED, rivals: ['pytorch 2'], least: 1 / 1.75 },
  {
    suite: 'alexnet',
    cases: ['train b16'],
    engine: RELAXED,
    rivals: ['pytorch 2'],
    least: 1 / 1.6,
    stretch: true,
  },
  { suite: 'mlp', cases: ['train b128'], engine: RELAXED, rivals: ['pytorch 2'], least: 0.7 },
  { suite: 'mlp', cases: ['train b128'], engine: RELAXED, rivals: TFJS, least: 30 },
  { suite: 'rnn', cases: ELMAN, engine: RELAXED, rivals: ['pytorch 2'], least: 1.5 },
  { suite: 'rnn', cases: ELMAN, engine: RELAXED, rivals: ['pytorch 2'], least: 2, stretch: true },
  { suite: 'rnn', cases: ELMAN, engine: RELAXED, rivals: TFJS, least: 15 },
  { suite: 'rnn', cases: GATED, engine: RELAXED, rivals: ['pytorch 2'], least: 1.2 },
  { suite: 'rnn', cases: GATED, engine: RELAXED, rivals: ['pytorch 2'], least: 1.5, stretch: true },
  {
    suite: 'rnn',
    cases: [...ELMAN, ...GATED, ...INFERENCE],
    engine: RELAXED,
    rivals: ['hebb-node-relaxed 1'],
    least: 1,
  },
  {
    suite: 'rnn',
    cases: INFERENCE,
    engine: 'hebb-chromium 2',
    rivals: ['ort-web-chromium 2'],
    least: 2,
  },
  {
    suite: 'rnn',
    cases: ['stream lstm 32-128 b1', 'stream lstm 32-128 b1 here'],
    engine: RELAXED,
    rivals: ['pytorch 1', 'pytorch 2'],
    least: 2,
  },
  { suite: 'gemm', cases: [...CONVS, '1x9216x4096'], ...CHROMIUM },
  { suite: 'lenet', cases: [...TRAINING, 'infer b1', 'infer b64'], ...CHROMIUM },
  { suite: 'mlp', cases: ['train b128'], ...CHROMIUM },
  { suite: 'gemm', cases: SQUARES, engine: 'hebb-native 1', rivals: ['numpy 1'], least: 0.8 },
  { suite: 'gemm', cases: SQUARES, engine: 'hebb-native 1', rivals: ['gemm-crate 1'], least: 0.9 },
]

export interface Verdict extends Omit<Target, 'cases' | 'rivals' | 'mean'> {
  case: string
  rival: Competitor
  /** One per run, the last run last. */
  ratios: Ratio[]
  met: number
}

/** How the runs of a suite meet its targets; targets that were not measured have no verdict. */
export function verdicts({ suite, cases }: Results, targets: readonly Target[] = TARGETS): Verdict[] {
  return targets
    .filter((target) => target.suite === suite)
    .flatMap(({ cases: names, mean, ...target }) => {
      if (!mean) return names.flatMap((name) => verdict({ ...target, case: name }, cases[name] ?? []))
      const all = names.map((name) => cases[name] ?? [])
      const runs = Array.from({ length: Math.min(...all.map(({ length }) => length)) }, (_, i) =>
        together(all.map((list) => list.at(-1 - i)!)),
      )
      return verdict({ ...target, case: `geometric mean of ${names.join(', ')}` }, runs.reverse())
    })
}

/** The runs of several cases as one. */
function together(runs: readonly Run[]): Run {
  const names = Object.keys(runs[0]!.rates).filter((name) => runs.every(({ rates }) => rates[name]))
  const rates = names.map((name) => [name, geometricMean(runs.map(({ rates }) => rates[name]!))])
  return { ...runs[0]!, rates: Object.fromEntries(rates) }
}

function verdict(target: Omit<Target, 'cases' | 'mean'> & { case: string }, runs: readonly Run[]): Verdict[] {
  const { rivals, ...rest } = target
  const found = runs.flatMap(({ rates }) => {
    const own = rates[target.engine]
    const others = rivals.filter((name) => rates[name])
    if (!own || others.length === 0) return []
    const rival = others.reduce((a, b) => (median(rates[b]!) > median(rates[a]!) ? b : a))
    return [{ rival, ratio: ratio(own, rates[rival]!) }]
  })
  if (found.length === 0) return []
  const ratios = found.map(({ ratio }) => ratio)
  const met = ratios.filter((ratio) => ratio.median >= target.least).length
  return [{ ...rest, rival: found.at(-1)!.rival, ratios, met }]
}

/** Met in two of three runs; of fewer runs, in all. */
export function holds({ ratios, met }: Pick<Verdict, 'ratios' | 'met'>): boolean {
  return met >= Math.min(2, ratios.length)
}

export interface Regression {
  case: string
  engine: Competitor
  rival: Competitor
  before: number
  now: number
}

/** Ratios that are lower than the committed ones: by a tenth, and by more than the spread of the rounds. */
export function regressions(before: Results, now: Results, targets = TARGETS): Regression[] {
  const old = verdicts(before, targets)
  return verdicts(now, targets).flatMap((verdict) => {
    const same = old.find(
      (o) => o.case === verdict.case && o.engine === verdict.engine && o.rival === verdict.rival,
    )
    if (!same) return []
    const [was, is] = [same.ratios.at(-1)!, verdict.ratios.at(-1)!]
    if (is.median > 0.9 * was.median || is.p90 > was.p10) return []
    return [
      {
        case: verdict.case,
        engine: verdict.engine,
        rival: verdict.rival,
        before: was.median,
        now: is.median,
      },
    ]
  })
}
