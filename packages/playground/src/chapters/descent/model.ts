// A landscape, a start, and the steps down from it.
import { computed, effect, signal } from '@preact/signals'
import { gradientDescent, type Minimum, minimize, sgd } from 'hebb'
import { depthOf, type Landscape, landscapes, type Place } from '../../draw/landscapes'
import { guarded } from '../../page/engine'
import { single } from '../../page/single'
import { numeric, oneOf, remembered, rows } from '../../page/url'

export const MOST_STEPS = 200
export const NAMES = Object.keys(landscapes) as Place[]

export const place = remembered<Place>('place', 'valleys', oneOf(NAMES))
export const rate = remembered('rate', 0.05, numeric(1e-4, 10))
/** α, the share of the last step that is made again. */
export const momentum = remembered('momentum', 0, numeric(0, 0.99))
/** Where the reader starts; empty for the landscape's own start. */
export const begun = remembered<readonly (readonly number[])[]>('start', [], rows(2, 1))
/** The step that is shown; −1 for the last. */
export const step = remembered('step', -1, numeric(-1, MOST_STEPS, true))

export const landscape = computed<Landscape>(() => landscapes[place.value])
export const depth = computed(() => depthOf(landscape.value))
export const start = computed(() => (begun.value[0] ?? landscape.value.start) as readonly [number, number])
export const found = signal<Minimum | undefined>(undefined)
/** The place that the reader's program exports. */
export const theirs = signal<readonly number[] | undefined>(undefined)

export const last = computed(() => Math.max(0, (found.value?.steps.length ?? 1) - 1))
export const shown = computed(() => (step.value < 0 ? last.value : Math.min(step.value, last.value)))

/** The first step from which the value stays within a hundredth of the least one. */
export const arrival = computed(() => {
  const steps = found.value?.steps ?? []
  const { least } = landscape.value
  const away = steps.findLastIndex(({ value }) => !(value - least < 0.01))
  return away < steps.length - 1 ? away + 1 : undefined
})

const descend = single(() =>
  guarded(async () => {
    const { f, gradient, variables } = landscape.value
    const method =
      momentum.value === 0
        ? gradientDescent({ learningRate: rate.value })
        : sgd({ learningRate: rate.value, momentum: momentum.value })
    const options = { method, gradient, steps: MOST_STEPS, gradientThreshold: 1e-4 }
    const from = start.value.slice(0, variables)
    found.value = await minimize(f, from, options)
  }),
)

export function choose(name: Place): void {
  place.value = name
  begun.value = []
  step.value = -1
}

export function begin(): void {
  effect(() => {
    // Whatever it reads here makes it descend again.
    void [landscape.value, rate.value, momentum.value, start.value]
    theirs.value = undefined
    descend()
  })
}
