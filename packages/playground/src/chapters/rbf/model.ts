// The samples, the network that is fitted to them, and the errors for all widths.
import { computed, effect, signal } from '@preact/signals'
import type { Point } from '../../draw/points'
import { guarded, measured } from '../../page/engine'
import { single } from '../../page/single'
import { numeric, oneOf, remembered, rows } from '../../page/url'
import { type Errors, errorsWith, type Fit, fit, type Settings, WIDTHS } from './fit'
import { RANGES, samplesOf, TASKS, type Task } from './samples'

/** How many samples of the seed there are of each kind. */
const COUNTS: Readonly<Record<Task, number>> = { curve: 30, boundary: 60 }

export const task = remembered<Task>('task', 'curve', oneOf(TASKS))
export const sigma = remembered('sigma', 0.1, numeric(0.01, 20))
export const units = remembered('units', 20, numeric(1, 60, true))
export const lambda = remembered('lambda', 1e-3, numeric(0, 100))
export const seed = remembered('seed', 1, numeric(0, 999_999, true))
/** The reader's training and selection samples; empty for those of the seed. */
const ownTrain = remembered<readonly (readonly number[])[]>('train', [], rows(3, 300))
const ownSelection = remembered<readonly (readonly number[])[]>('selection', [], rows(3, 300))

const chosen = (own: readonly (readonly number[])[], seed: number) =>
  (own.length > 0 ? own : samplesOf(task.value, seed, COUNTS[task.value])) as readonly Point[]
export const train = computed(() => chosen(ownTrain.value, seed.value))
/** Samples that are never fitted; they choose σ. */
export const selection = computed(() => chosen(ownSelection.value, seed.value + 500_000))
export const range = computed(() => RANGES[task.value])
export const settings = computed<Settings>(() => ({
  task: task.value,
  units: units.value,
  sigma: sigma.value,
  lambda: lambda.value,
}))

export const fitted = signal<Fit | undefined>(undefined)
/** The errors of the widths that were tried so far. */
export const sweep = signal<readonly Errors[]>([])
export const swept = computed(() => sweep.value.length === WIDTHS.length)
/** The tried width with the least selection error. */
export const best = computed(() =>
  swept.value ? sweep.value.reduce((a, b) => (b.selection < a.selection ? b : a)) : undefined,
)
/** Shows other samples, or with none those of the seed. */
export function show(points: readonly Point[], others?: readonly Point[]): void {
  ownTrain.value = points
  if (others) ownSelection.value = others
}

/** Takes the samples of another seed. */
export function other(): void {
  show([], [])
  seed.value += 1
}

export function choose(name: Task): void {
  show([], [])
  task.value = name
}

const learn = single(() =>
  guarded(async () => {
    const [points, others, now] = [train.value, selection.value, settings.value]
    fitted.value = await measured(
      () => fit(points, others, range.value, now),
      ({ field }) => field.length,
    )
  }),
)

const tryAll = single(() =>
  guarded(async () => {
    const [points, others, now] = [train.value, selection.value, settings.value]
    const stale = () => points !== train.value || others !== selection.value || !same(now, settings.value)
    let found: readonly Errors[] = []
    for (const sigma of WIDTHS) {
      found = [...found, await errorsWith(points, others, { ...now, sigma })]
      if (stale()) return
    }
    sweep.value = found
  }),
)

/** Whether all but the width is the same. */
const same = (a: Settings, b: Settings) => a.task === b.task && a.units === b.units && a.lambda === b.lambda

export function begin(): void {
  effect(() => {
    // Whatever it reads here makes it fit again.
    void [train.value, selection.value, settings.value]
    learn()
  })
  effect(() => {
    void [train.value, selection.value, task.value, units.value, lambda.value]
    sweep.value = []
    tryAll()
  })
}
