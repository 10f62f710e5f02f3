// A network of two inputs i, two hidden units j and one output k, and one training step of it.
import { computed, effect, signal } from '@preact/signals'
import { dense, type Network, network, sgd, type Trace } from 'hebb'
import { guarded } from '../../page/engine'
import { single } from '../../page/single'
import { numeric, remembered, rows } from '../../page/url'

/** w₁₁, w₁₂, w₂₁, w₂₂ from the inputs, b₁, b₂, then w₁, w₂ to the output and its b. */
export type Weights = readonly number[]
const START: Weights = [0.5, -0.4, 0.3, 0.6, 0.1, -0.1, 0.7, -0.9, 0.2]
const DIGITS = 6
/** The most steps that are kept. */
const KEPT = 2000

export const own = remembered<readonly Weights[]>('weights', [], rows(START.length, 1, DIGITS))
export const x1 = remembered('x1', 1, numeric(-2, 2))
export const x2 = remembered('x2', 0.5, numeric(-2, 2))
export const t = remembered('t', 1, numeric(0, 1))
export const rate = remembered('rate', 0.5, numeric(0, 100))

export const weights = computed(() => own.value[0] ?? START)
export const trace = signal<Trace | undefined>(undefined)

/** The weights of each step so far, and the one that is shown. */
export const kept = signal<readonly Weights[]>([weights.peek()])
export const shown = signal(0)
export const last = computed(() => kept.value.length - 1)

let net: Network | undefined

const tensors = (w: Weights) => ({
  'hidden.weight': { data: Float32Array.from(w.slice(0, 4)), shape: [2, 2] },
  'hidden.bias': { data: Float32Array.from(w.slice(4, 6)), shape: [2] },
  'output.weight': { data: Float32Array.from(w.slice(6, 8)), shape: [1, 2] },
  'output.bias': { data: Float32Array.from(w.slice(8)), shape: [1] },
})

const compute = single(() =>
  guarded(async () => {
    net ??= await network(
      [2],
      [
        dense({ units: 2, activation: 'sigmoid', name: 'hidden' }),
        dense({ units: 1, activation: 'sigmoid', name: 'output' }),
      ],
    )
    await net.setWeights(tensors(weights.value))
    const options = { loss: 'sumSquaredError', optimizer: sgd({ learningRate: rate.value }) } as const
    trace.value = await net.trace([[x1.value, x2.value]], [[t.value]], options)
  }),
)

/** Rounded as in the address, so that a link shows the same numbers. */
const rounded = (all: Weights) => all.map((value) => Number(value.toPrecision(DIGITS)))

/** Δw of each weight, in their order. */
export function changes({ layers: [hidden, output] }: Trace): number[] {
  return [hidden!.dw!, hidden!.db!, output!.dw!, output!.db!].flatMap(({ data }) => Array.from(data))
}

/** Takes steps: each adds its Δw to the weights. */
export const step = (count: number) =>
  guarded(async () => {
    for (let i = 0; i < count; i++) {
      await compute()
      const change = changes(trace.value!)
      const next = rounded(weights.value.map((weight, i) => weight + change[i]!))
      kept.value = [...kept.value.slice(Math.max(0, shown.value + 2 - KEPT), shown.value + 1), next]
      shown.value = last.value
      own.value = [next]
    }
    await compute()
  })

/** Shows the weights of an earlier step. */
export function show(step: number): void {
  shown.value = step
  own.value = [kept.value[step]!]
}

/** Begins anew with other weights. */
export function set(all: Weights): void {
  const next = rounded(all)
  kept.value = [next]
  shown.value = 0
  own.value = [next]
}

export const reset = () => set(START)

export function begin(): void {
  effect(() => {
    // Whatever it reads here makes it compute again.
    void [weights.value, x1.value, x2.value, t.value, rate.value]
    compute()
  })
}
