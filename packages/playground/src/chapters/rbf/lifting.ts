// Points on a plane, lifted by a third coordinate, and the plane that a perceptron finds between their classes.
import { computed, effect, signal } from '@preact/signals'
import { perceptron } from 'hebb'
import type { Point } from '../../draw/points'
import { random } from '../../draw/random'
import { guarded } from '../../page/engine'
import { single } from '../../page/single'
import { numeric, oneOf, remembered, rows } from '../../page/url'

/** What the third coordinate is made of. */
export const FEATURES = {
  gaussian: 'a Gaussian, exp(−‖x‖²/2)',
  square: 'a square, ‖x‖²/8',
  none: 'nothing, 0',
} as const
export type Feature = keyof typeof FEATURES

const HEIGHTS: Readonly<Record<Feature, (x: number, y: number) => number>> = {
  gaussian: (x, y) => Math.exp(-(x * x + y * y) / 2),
  square: (x, y) => (x * x + y * y) / 8,
  none: () => 0,
}

/** The most points, so that learning takes milliseconds. */
const MOST = 100
const EPOCHS = 2000

export const feature = remembered<Feature>('lift', 'gaussian', oneOf(Object.keys(FEATURES) as Feature[]))
/** From where the space is seen, in degrees. */
export const turn = remembered('turn', 25, numeric(-180, 180, true))
export const tilt = remembered('tilt', 20, numeric(0, 90, true))
const own = remembered<readonly (readonly number[])[]>('lifted', [], rows(3, MOST))

/** A disc, and a ring around it: no line parts them. */
const RING = ringOf(random(1))
export const points = computed(() => (own.value.length > 0 ? own.value : RING) as readonly Point[])
export const height = computed(() => HEIGHTS[feature.value])

export interface Found {
  /** The plane `w[0] x + w[1] y + w[2] z + b = 0`. */
  w: readonly number[]
  b: number
  parts: boolean
  corrections: number
  /** The share of the points on their side. */
  accuracy: number
  feature: Feature
}
export const found = signal<Found | undefined>(undefined)

export function show(points: readonly Point[]): void {
  own.value = points.slice(0, MOST)
}

function ringOf(next: () => number): Point[] {
  const round = (value: number) => Number(value.toFixed(2))
  return Array.from({ length: 36 }, (_, i) => {
    const t = i % 2
    const [angle, radius] = [2 * Math.PI * next(), t === 1 ? 0.9 * Math.sqrt(next()) : 1.5 + 0.5 * next()]
    return [round(radius * Math.cos(angle)), round(radius * Math.sin(angle)), t]
  })
}

const learn = single(() =>
  guarded(async () => {
    const [now, lifted, z] = [points.value, feature.value, height.value]
    const model = perceptron({ inputs: 3 })
    const x = now.map(([x, y]) => [x, y, z(x, y)])
    const t = now.map(([, , t]) => t)
    await model.fit(x, t, { variant: 'pocket', epochs: EPOCHS })
    const { weights, bias, reason, updates } = model.units[0]!
    found.value = {
      w: Array.from(weights),
      b: bias,
      parts: reason === 'converged',
      corrections: updates,
      accuracy: model.accuracy,
      feature: lifted,
    }
  }),
)

export function begin(): void {
  effect(() => {
    void [points.value, feature.value]
    learn()
  })
}
