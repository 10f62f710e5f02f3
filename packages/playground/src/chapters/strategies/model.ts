// Optimization algorithms in a race, on one surface and from one start, counted in gradients.
import { computed, effect, signal } from '@preact/signals'
import {
  adam,
  bfgs,
  conjugateGradient,
  gradientDescent,
  lbfgs,
  type MinimizeReason,
  minimize,
  type OptimizerOption,
  sgd,
} from 'hebb'
import { depthOf, type Landscape, landscapes } from '../../draw/landscapes'
import { guarded } from '../../page/engine'
import { single } from '../../page/single'
import { numeric, oneOf, remembered, rows } from '../../page/url'

export const PLACES = ['bowl', 'ravine', 'banana'] as const
export type Place = (typeof PLACES)[number]
/** How many gradients each may ask for. */
export const MOST = 400
/** A value within this of the least one has arrived. */
const NEAR = 1e-3

export interface Racer {
  name: string
  /** As a program writes it; ε is the learning rate. */
  text: string
  make: (rate: number) => OptimizerOption
}

export const RACERS: readonly Racer[] = [
  {
    name: 'Gradient descent',
    text: 'gradientDescent({ learningRate: ε })',
    make: (learningRate) => gradientDescent({ learningRate }),
  },
  {
    name: 'with momentum',
    text: 'sgd({ learningRate: ε, momentum: 0.9 })',
    make: (learningRate) => sgd({ learningRate, momentum: 0.9 }),
  },
  { name: 'Adam', text: 'adam({ learningRate: 0.1 })', make: () => adam({ learningRate: 0.1 }) },
  {
    name: 'Line minimization',
    text: "gradientDescent({ learningRate: 'lineMinimized' })",
    make: () => gradientDescent({ learningRate: 'lineMinimized' }),
  },
  { name: 'Conjugate gradient', text: 'conjugateGradient()', make: () => conjugateGradient() },
  { name: 'BFGS', text: 'bfgs()', make: () => bfgs() },
  { name: 'L-BFGS', text: 'lbfgs()', make: () => lbfgs() },
]

export interface Run {
  racer: Racer
  /** Each place at which a gradient was asked for, with the value there. */
  asked: readonly { x: readonly [number, number]; value: number }[]
  /** After how many gradients the value was near the least one. */
  arrival: number | undefined
  reason: MinimizeReason
}

export const place = remembered<Place>('place', 'banana', oneOf(PLACES))
export const rate = remembered('rate', 0.001, numeric(1e-5, 10))
export const begun = remembered<readonly (readonly number[])[]>('start', [], rows(2, 1))
/** How many gradients of each are shown; −1 for all. */
export const gradients = remembered('gradients', -1, numeric(-1, MOST, true))

export const landscape = computed<Landscape>(() => landscapes[place.value])
export const depth = computed(() => depthOf(landscape.value))
export const start = computed(() => (begun.value[0] ?? landscape.value.start) as readonly [number, number])
export const runs = signal<readonly Run[]>([])
export const theirs = signal<readonly number[] | undefined>(undefined)

export const last = computed(() => Math.max(0, ...runs.value.map(({ asked }) => asked.length)))
export const shown = computed(() =>
  gradients.value < 0 ? last.value : Math.min(gradients.value, last.value),
)
/** Who arrived, the first one first. */
export const ranking = computed(() =>
  runs.value.filter(({ arrival }) => arrival !== undefined).sort((a, b) => a.arrival! - b.arrival!),
)

async function run(racer: Racer, { f, gradient, least }: Landscape): Promise<Run> {
  const asked: { x: readonly [number, number]; value: number }[] = []
  const counted = (x: Float64Array) => {
    if (asked.length < MOST) asked.push({ x: [x[0]!, x[1]!], value: f(x) })
    return gradient(x)
  }
  const options = { method: racer.make(rate.value), gradient: counted, steps: MOST, gradientThreshold: 1e-6 }
  const { reason } = await minimize(f, start.value, options)
  const first = asked.findIndex(({ value }) => value - least < NEAR)
  return { racer, asked, arrival: first < 0 ? undefined : first + 1, reason }
}

const race = single(() =>
  guarded(async () => {
    const { value: now } = landscape
    const all: Run[] = []
    for (const racer of RACERS) all.push(await run(racer, now))
    runs.value = all
  }),
)

export function choose(name: Place): void {
  place.value = name
  begun.value = []
  gradients.value = -1
}

export function begin(): void {
  effect(() => {
    // Whatever it reads here makes them race again.
    void [landscape.value, rate.value, start.value]
    theirs.value = undefined
    race()
  })
}
