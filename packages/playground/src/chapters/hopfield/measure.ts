// How much a memory holds: random patterns are stored and asked for, at one load after another.
import { signal } from '@preact/signals'
import { denseMemory, hopfield } from 'hebb'
import { random } from '../../draw/random'
import { oneOf, remembered } from '../../page/url'
import * as model from './model'

export interface Curve {
  name: string
  units: number
  rule: model.Rule
  /** The load M/N and the part of the patterns that is recalled with an overlap above 0.9. */
  points: readonly (readonly [load: number, part: number])[]
}

const range = (from: number, to: number, step: number) =>
  Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => from + i * step)

/** Curves of one rule for networks of different sizes, or of different rules for one size. */
export const EXPERIMENTS = {
  sizes: {
    loads: range(0.08, 0.2, 0.01),
    curves: [100, 300, 1000].map((units) => ({ name: `${units} units`, units, rule: 'hebb' as const })),
  },
  rules: {
    loads: range(0.05, 1.1, 0.075),
    curves: (['hebb', 'storkey', 'pseudoInverse', 'flow', 'dense'] as const).map((rule) => ({
      name: model.RULES[rule],
      units: 120,
      rule,
    })),
  },
} as const
export type Experiment = keyof typeof EXPERIMENTS

export const experiment = remembered<Experiment>('capacity', 'sizes', oneOf(['sizes', 'rules']))
export const curves = signal<readonly Curve[]>([])
export const measuring = signal(false)

/** Measures until it is done, or until `measuring` is false. */
export async function measure(): Promise<void> {
  const { loads, curves: planned } = EXPERIMENTS[experiment.value]
  curves.value = planned.map((curve) => ({ ...curve, points: [] }))
  measuring.value = true
  try {
    for (const load of loads) {
      for (const [i, { units, rule }] of planned.entries()) {
        const part = await recalledPart(rule, units, Math.round(load * units))
        if (!measuring.value) return
        curves.value = curves.value.map((curve, j) =>
          j === i ? { ...curve, points: [...curve.points, [load, part] as const] } : curve,
        )
      }
    }
  } finally {
    measuring.value = false
  }
}

function empty(rule: model.Rule, units: number) {
  if (rule === 'dense') return denseMemory({ units, degree: 3 })
  return hopfield({ units, rule, ...(rule === 'hebb' ? {} : { thresholds: 'learn' }) })
}

/** The patterns that are asked for, at least. */
const ASKED = 60

export async function recalledPart(rule: Curve['rule'], units: number, count: number): Promise<number> {
  const next = random(model.seed.value + 1000 * count + units)
  const asked = Math.min(count, 20)
  const networks = Math.ceil(ASKED / asked)
  let right = 0
  for (let network = 0; network < networks; network++) {
    const patterns = Int32Array.from({ length: count * units }, () => (next() < 0.5 ? -1 : 1))
    const memory = empty(rule, units)
    try {
      await memory.store({ data: patterns, shape: [count, units] })
      const cues = Array.from({ length: asked }, (_, i) =>
        Array.from(patterns.subarray(i * units, (i + 1) * units)),
      )
      for (const [i, { state }] of (await memory.recall(cues)).entries()) {
        const overlap = state.reduce((sum, y, j) => sum + y * cues[i]![j]!, 0) / units
        right += Number(overlap > 0.9)
      }
    } finally {
      memory.dispose()
    }
  }
  return right / (networks * asked)
}
