// Cities, and the network's outputs on its way to a tour.
import { computed, effect, signal } from '@preact/signals'
import { type Tour, travellingSalesman } from 'hebb'
import type { Point } from '../../draw/points'
import { random } from '../../draw/random'
import { guarded } from '../../page/engine'
import { single } from '../../page/single'
import { numeric, oneOf, remembered, rows } from '../../page/url'

export const RANGE = { x: [0, 1], y: [0, 0.7] } as const
export const LEAST = 3
export const MOST = 30
/** The starts whose tours are compared. */
export const STARTS = 8
/** After so many steps one looks; most runs end between 200 and 2,000. */
const LOOKS = [1, 2, 4, 7, 10, 15, 22, 32, 46, 68, 100, 140, 200, 280, 400, 560, 800, 1200, 2400, 100_000]

export const method = remembered('method', 'subspace', oneOf(['subspace', 'penalties'] as const))
/** The seed of the network's start. */
export const start = remembered('start', 1, numeric(0, 999_999, true))
/** The seed of the cities. */
export const seed = remembered('seed', 1, numeric(0, 999_999, true))
export const count = remembered('count', 10, numeric(LEAST, MOST, true))
/** The reader's cities; empty for those of the seed. */
const own = remembered<readonly (readonly number[])[]>('cities', [], rows(2, MOST))
/** The look that is shown; −1 for the last. */
export const look = remembered('look', -1, numeric(-1, LOOKS.length, true))

export const cities = computed<readonly Point[]>(() =>
  own.value.length >= LEAST ? own.value.map(([x, y]) => [x!, y!, 1]) : made(seed.value, count.value),
)

function made(seed: number, count: number): Point[] {
  const next = random(seed)
  const round = (value: number) => Number(value.toFixed(3))
  return Array.from({ length: count }, () => [round(0.05 + 0.9 * next()), round(0.05 + 0.6 * next()), 1])
}

/** Shows other cities, or with none those of the seed. */
export async function show(all: readonly (readonly number[])[]): Promise<void> {
  if (all.length !== 0 && (all.length < LEAST || all.length > MOST)) {
    // The end of a search takes messages away.
    await search()
    throw new Error(`The page takes ${LEAST} to ${MOST} cities.`)
  }
  // Rounded as in the address, so that a link shows the same numbers.
  own.value = all.map((row) => row.slice(0, 2).map((value) => Number(value.toPrecision(4))))
  look.value = -1
}

export interface Run {
  cities: readonly Point[]
  /** What the outputs are after more and more steps. */
  looks: readonly Tour[]
  /** The length of the tour from each of some starts. */
  lengths: readonly (number | undefined)[]
}
export const run = signal<Run | undefined>(undefined)
export const last = computed(() => Math.max(0, (run.value?.looks.length ?? 1) - 1))
export const shown = computed(() => (look.value < 0 ? last.value : Math.min(look.value, last.value)))
export const now = computed(() => run.value?.looks[shown.value])

const search = single(() =>
  guarded(async () => {
    const points = cities.value
    const options = {
      cities: points.map(([x, y]) => [x, y]),
      method: method.value,
      seed: start.value,
    }
    const looks: Tour[] = []
    for (const steps of LOOKS) {
      looks.push(await travellingSalesman({ ...options, starts: 1, steps }))
      if (looks.at(-1)!.steps < steps) break
    }
    const { lengths } = await travellingSalesman({ ...options, starts: STARTS })
    run.value = { cities: points, looks, lengths }
  }),
)

export function begin(): void {
  effect(() => {
    // Whatever it reads here makes it search again.
    void [cities.value, method.value, start.value]
    search()
  })
}
