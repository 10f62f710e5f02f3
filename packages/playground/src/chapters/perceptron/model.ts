// The points, the perceptron that learns them, and which of its corrections is shown.
import { computed, effect, signal } from '@preact/signals'
import { type PerceptronUnit, perceptron } from 'hebb'
import { rangeOf } from '../../draw/graph'
import type { Point } from '../../draw/points'
import { random } from '../../draw/random'
import { guarded, measured } from '../../page/engine'
import { single } from '../../page/single'
import { numeric, oneOf, remembered, rows } from '../../page/url'

export const VARIANTS = ['last', 'pocket', 'averaged'] as const
export type Variant = (typeof VARIANTS)[number]
/** The most corrections to step through. */
const HISTORY = 2000
const EPOCHS = 1000

export const seed = remembered('seed', 1, numeric(0, 999_999, true))
export const variant = remembered<Variant>('variant', 'last', oneOf(VARIANTS))
/** The reader's points; empty for those of the seed. */
export const own = remembered<readonly (readonly number[])[]>('points', [], rows(3, 500))
/** The correction that is shown; −1 for the end. */
export const update = remembered('update', -1, numeric(-1, HISTORY, true))

export const points = computed(
  () => (own.value.length > 0 ? own.value : pointsOf(seed.value)) as readonly Point[],
)
export const range = computed(() => rangeOf(points.value, { x: [-1, 1], y: [-0.75, 0.75] }))

/** What was learned from which points. */
export const learned = signal<
  { unit: PerceptronUnit; accuracy: number; points: readonly Point[] } | undefined
>(undefined)
/** The weights and the bias that the reader's program exports. */
export const line = signal<readonly [number, number, number] | undefined>(undefined)

/** The number of corrections that can be shown, and the one that is. */
export const last = computed(() => learned.value?.unit.history.length ?? 0)
export const shown = computed(() => (update.value < 0 ? last.value : Math.min(update.value, last.value)))
export const correction = computed(() => learned.value?.unit.history[shown.value - 1])

/** w₁, w₂ and b after some corrections; before the first they are 0. */
export function weightsAfter(corrections: number): [number, number, number] {
  const { unit } = learned.value!
  if (corrections === 0) return [0, 0, 0]
  const { weights, bias } = corrections >= last.value ? unit : unit.history[corrections - 1]!
  return [weights[0]!, weights[1]!, bias]
}

/** Shows other points, or with none those of the seed. */
export function show(points: readonly (readonly number[])[]): void {
  own.value = points
  update.value = -1
  line.value = undefined
}

/** Points on both sides of a random line, away from it. */
function pointsOf(seed: number): Point[] {
  const next = random(seed)
  const angle = 2 * Math.PI * next()
  const offset = 0.5 * next() - 0.25
  const made: Point[] = []
  while (made.length < 18) {
    const [x, y] = [1.8 * next() - 0.9, 1.3 * next() - 0.65]
    const distance = Math.cos(angle) * x + Math.sin(angle) * y - offset
    const t = distance > 0 ? 1 : 0
    const enough = made.filter((point) => point[2] === t).length >= 9
    if (Math.abs(distance) > 0.08 && !enough) made.push([Number(x.toFixed(3)), Number(y.toFixed(3)), t])
  }
  return made
}

const learn = single(() =>
  guarded(async () => {
    const now = points.value
    const model = perceptron({ inputs: 2 })
    const x = now.map(([x, y]) => [x, y])
    const t = now.map(([, , t]) => t)
    const options = { variant: variant.value, epochs: EPOCHS, history: HISTORY }
    await measured(
      () => model.fit(x, t, options),
      () => model.units[0]!.mistakes.length * now.length,
    )
    const unit = model.units[0]!
    learned.value = { unit, accuracy: model.accuracy, points: now }
  }),
)

export async function begin(): Promise<void> {
  // Loads the engine of the classical models, whose time is not the learning's.
  await perceptron({ inputs: 1 }).fit([[0], [1]], [0, 1])
  effect(() => {
    // Whatever it reads here makes it learn again.
    void [points.value, variant.value]
    learn()
  })
}
