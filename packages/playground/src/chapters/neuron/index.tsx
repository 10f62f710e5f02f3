// The neuron of McCulloch and Pitts, and the gates that it can be.
import './style.css'
import { computed } from '@preact/signals'
import type { Chapter } from '../../page/chapter'
import { Figure } from './figure'
import formula from './formula.tex'
import * as model from './model'
import { program, take } from './program'

export { begin } from './model'

function set(gate: model.Gate, w1: number, w2: number, threshold: number): void {
  model.gate.value = gate
  model.w1.value = w1
  model.w2.value = w2
  model.threshold.value = threshold
}

export const chapter: Chapter = {
  formula,
  Figure,
  program,
  take,
  Idea: () => (
    <p>
      The first model of a neuron (McCulloch and Pitts, 1943) adds up its inputs, each times a weight, and
      fires if the sum reaches a threshold. With inputs of 0 and 1 it is a logic gate. It cannot learn:{' '}
      <b>you</b> set its weights. They place a line in the plane of the inputs, and the neuron fires on one
      side of it.
    </p>
  ),
  breaks: [
    {
      name: 'Ask for XOR',
      act: () => set('xor', 1, 1, 1),
      Why: () => (
        <p>
          XOR fires if exactly one input is 1. Move the sliders as you like: at least one row stays wrong,
          because no straight line has the two circles on one side and the two squares on the other. A second
          layer is needed: run the code, where three neurons do it.
        </p>
      ),
    },
    {
      name: 'A threshold that is met exactly',
      act: () => set('and', 0.1, 0.7, 0.8),
      Why: () => (
        <p>
          0.1 + 0.7 is 0.8, so AND should fire in the last row. But the table shows net = 0.7999999999999999:
          computers round decimal fractions, and the neuron stays silent. Put the threshold between the sums,
          such as 0.75, and never on one of them.
        </p>
      ),
    },
    {
      name: 'Weights of 0',
      act: () => set('or', 0, 0, 0),
      Why: () => (
        <p>
          The neuron does not listen to its inputs: net is 0 everywhere, and it fires always, or never if θ is
          above 0. There is no line any more.
        </p>
      ),
    },
  ],
  exercise: {
    Task: () => (
      <p>
        Choose <b>NAND</b> and find weights and a threshold for it. (Every other gate can be built of NANDs
        alone.)
      </p>
    ),
    verdict: computed(() => {
      if (model.gate.value !== 'nand') return { solved: false, text: 'Choose NAND first.' }
      const solved = model.right.value === 4
      return {
        solved,
        text: solved ? 'This neuron is NAND: solved.' : `${model.right.value} of 4 rows are right.`,
      }
    }),
  },
  data: {
    hint: 'The truth table: the inputs, the net input, the output, and what the gate asks for.',
    save: {
      name: 'gate.csv',
      content: () => {
        const { value: answers } = model.answers
        const wanted = model.GATES[model.gate.value]
        const rows = model.TABLE.map(([x1, x2], i) => {
          return [x1, x2, x1 * model.w1.value + x2 * model.w2.value, answers?.[i], wanted[i]]
        })
        return ['x1,x2,net,y,target', ...rows].join('\n')
      },
    },
  },
}
