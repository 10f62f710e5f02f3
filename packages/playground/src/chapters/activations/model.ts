// An activation with its derivative, and a deep network of units that have it.
import { computed, effect, signal } from '@preact/signals'
import { type ActivationFacts, dense, describeActivation, network } from 'hebb'
import { guarded } from '../../page/engine'
import { single } from '../../page/single'
import { numeric, oneOf, remembered } from '../../page/url'

/** Those that are functions of one number, in the order of the documentation. */
export const KINDS = [
  'identity',
  'step',
  'sigmoid',
  'hardSigmoid',
  'tanh',
  'relu',
  'leakyRelu',
  'elu',
  'gelu',
  'silu',
  'mish',
  'softplus',
  'softsign',
  'gaussian',
] as const
export type Kind = (typeof KINDS)[number]

export const RANGE = { x: [-5, 5], y: [-1.2, 2.3] } as const
const WIDTH = 16
const POINTS = 201
/** Places of the curves. */
export const grid = Array.from({ length: POINTS }, (_, i) =>
  Number((-5 + (10 * i) / (POINTS - 1)).toFixed(3)),
)

export const kind = remembered<Kind>('kind', 'sigmoid', oneOf(KINDS))
export const x = remembered('x', 1, numeric(-5, 5))
export const layers = remembered('layers', 4, numeric(1, 12, true))
export const seed = remembered('seed', 1, numeric(0, 999_999, true))

export interface Description {
  kind: Kind
  facts: ActivationFacts
  /** f and f′ at the marked place. */
  value: number
  slope: number
}
export const described = signal<Description | undefined>(undefined)
/** What a deep network with random weights answers to the places of the grid, and the mean |δ| of each of its layers. */
export const deep = signal<{ outputs: Float32Array; deltas: readonly number[] } | undefined>(undefined)
/** The curve that the reader's program exports, at the grid's places. */
export const theirs = signal<readonly number[] | undefined>(undefined)

const describe = single(() =>
  guarded(async () => {
    const { value: name } = kind
    const facts = await describeActivation(name, [...grid, x.value])
    described.value = { kind: name, facts, value: facts.value[POINTS]!, slope: facts.derivative![POINTS]! }
  }),
)

const build = single(() =>
  guarded(async () => {
    const hidden = Array.from({ length: layers.value }, () => dense({ units: WIDTH, activation: kind.value }))
    const net = await network([1], [...hidden, dense({ units: 1 })], { seed: seed.value })
    try {
      const places = grid.map((place) => [place])
      const { data } = await net.predict(places)
      const outputs = data as Float32Array
      // Some activations can be computed, but not trained through: then the message remains.
      deep.value = { outputs, deltas: [] }
      // δ of the answer is 1 for every place, so that the layers' δ are slopes of the answer.
      const targets = Array.from(data, (answer) => [answer + 1])
      const { layers } = await net.trace(places, targets, { loss: 'sumSquaredError' })
      const deltas = layers.slice(0, -1).map(({ delta }) => {
        return delta.data.reduce((sum, value) => sum + Math.abs(value), 0) / delta.data.length
      })
      deep.value = { outputs, deltas }
    } finally {
      net.dispose()
    }
  }),
)

/** How much smaller δ is in the first layer than in the last hidden one. */
export const fading = computed(() => {
  const deltas = deep.value?.deltas ?? []
  return deltas.length > 0 ? deltas[0]! / deltas.at(-1)! : 0
})

export function begin(): void {
  effect(() => {
    void [kind.value, x.value]
    describe()
  })
  effect(() => {
    void [kind.value, layers.value, seed.value]
    theirs.value = undefined
    build()
  })
}
