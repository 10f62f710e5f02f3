// A neuron of two inputs, and the gate that it is to be.
import { computed, effect, signal } from '@preact/signals'
import { neuron } from 'hebb'
import { guarded } from '../../page/engine'
import { single } from '../../page/single'
import { numeric, oneOf, remembered } from '../../page/url'

export const TABLE: readonly (readonly [number, number])[] = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
]

/** The answers of each gate to the rows of the table. */
export const GATES = {
  and: [0, 0, 0, 1],
  or: [0, 1, 1, 1],
  nand: [1, 1, 1, 0],
  nor: [1, 0, 0, 0],
  xor: [0, 1, 1, 0],
} as const
export type Gate = keyof typeof GATES
export const NAMES = Object.keys(GATES) as Gate[]

export const gate = remembered<Gate>('gate', 'and', oneOf(NAMES))
export const w1 = remembered('w1', 1, numeric(-2, 2))
export const w2 = remembered('w2', 1, numeric(-2, 2))
export const threshold = remembered('threshold', 2, numeric(-4, 4))

/** What the neuron answers to the rows of the table. */
export const answers = signal<readonly number[] | undefined>(undefined)
/** The answers that the reader's program exports. */
export const theirs = signal<readonly number[] | undefined>(undefined)

export const right = computed(
  () => answers.value?.filter((answer, i) => answer === GATES[gate.value][i]).length ?? 0,
)

const fire = single(() =>
  guarded(async () => {
    const made = neuron({ weights: [w1.value, w2.value], threshold: threshold.value })
    answers.value = await made.fire(TABLE.map((row) => [...row]))
  }),
)

export function begin(): void {
  effect(() => {
    // Whatever it reads here makes it fire again.
    void [w1.value, w2.value, threshold.value]
    theirs.value = undefined
    fire()
  })
}
