// The program of the page, and what it may export.
import { computed } from '@preact/signals'
import * as model from './model'

export const program = computed(
  () => `import { logicGate, neuron } from 'hebb'

const table = [[0, 0], [0, 1], [1, 0], [1, 1]]

const own = neuron({ weights: [${model.w1.value}, ${model.w2.value}], threshold: ${model.threshold.value} })
console.log('this neuron:', await own.fire(table))

// A gate with weights that Hebb knows.
const or = await logicGate('or')
console.log('OR has the weights', or.weights, 'and the threshold', or.threshold)

// No neuron is XOR, but three are: AND of OR and NAND.
const nand = await logicGate('nand')
const and = await logicGate('and')
const hidden = [await or.fire(table), await nand.fire(table)]
const xor = await and.fire(table.map((_, i) => [hidden[0][i], hidden[1][i]]))
console.log('XOR of two layers:', xor)

// The page shows these answers beside its own.
export const answers = xor
`,
)

/** Shows the answers of the reader's program. */
export function take({ answers }: Record<string, unknown>): void {
  if (answers === undefined) {
    model.theirs.value = undefined
    return
  }
  const fits =
    Array.isArray(answers) && answers.length === 4 && answers.every((answer) => answer === 0 || answer === 1)
  if (!fits) throw new Error('Export answers as four numbers, each 0 or 1.')
  model.theirs.value = answers
}
