// Activation functions, their derivatives, and deep networks with and without them.
import './style.css'
import { computed } from '@preact/signals'
import type { Chapter } from '../../page/chapter'
import { Figure } from './figure'
import formula from './formula.tex'
import * as model from './model'
import { program, take } from './program'

export { begin } from './model'

export const chapter: Chapter = {
  formula,
  Figure,
  program,
  take,
  Idea: () => (
    <p>
      A unit passes its net input through an activation function f. Without one, a network of any depth is a
      straight line. Backward, each layer multiplies the error by the slope f′: where that is small, layers
      before it learn slowly. <b>Drag the place</b> on the axis, and choose how deep the network below is.
    </p>
  ),
  Values: () => {
    const { value: described } = model.described
    if (!described) return null
    const { value, slope } = described
    return (
      <p class="values">
        At net = {model.x.value}: a = {value.toPrecision(4)}, and δ is multiplied by f′ ={' '}
        {slope.toPrecision(3)}. Through {model.layers.value} layers that is{' '}
        {(slope ** model.layers.value).toPrecision(2)}.
      </p>
    )
  },
  breaks: [
    {
      name: 'No activation',
      act: () => {
        model.kind.value = 'identity'
        model.layers.value = 12
      },
      Why: () => (
        <p>
          Twelve layers, and the answer is a straight line: the product of all their matrices is one matrix.
          Run the code: <code>collapse</code> computes it. Such a network can learn nothing that one layer
          could not.
        </p>
      ),
    },
    {
      name: 'Deep, with sigmoids',
      act: () => {
        model.kind.value = 'sigmoid'
        model.layers.value = 12
      },
      Why: () => (
        <p>
          The slope of a sigmoid is at most ¼, so δ shrinks with every layer backward. In the first layer next
          to nothing is left: this is the vanishing gradient. Compare with relu or tanh at the same depth.
        </p>
      ),
    },
    {
      name: 'A step',
      act: () => {
        model.kind.value = 'step'
        model.layers.value = 3
      },
      Why: () => (
        <p>
          The threshold of the first neurons has slope 0 everywhere: every δ before it would be 0, and
          gradient descent would learn nothing. Hebb refuses to train through it, and says so. This is why
          backpropagation needs functions with a derivative.
        </p>
      ),
    },
  ],
  data: {
    hint: "The curves: f and f′ over the net input, and the deep network's answer.",
    save: {
      name: 'activation.csv',
      content: () => {
        const facts = model.described.value?.facts
        const outputs = model.deep.value?.outputs
        const rows = model.grid.map((net, i) => [net, facts?.value[i], facts?.derivative?.[i], outputs?.[i]])
        return ['net,f,slope,deep', ...rows].join('\n')
      },
    },
  },
  exercise: {
    Task: () => (
      <p>
        Find an activation with which δ in the <b>first of twelve layers</b> is still at least a twentieth of
        that in the last one, and whose values are <b>bounded</b> on both sides.
      </p>
    ),
    verdict: computed(() => {
      const { value: described } = model.described
      const bounded = described?.facts.range?.every(Number.isFinite) ?? false
      if (model.layers.value !== 12) return { solved: false, text: 'Set twelve hidden layers first.' }
      const part = `δ in the first layer is ${model.fading.value.toPrecision(2)} times that in the last`
      if (!bounded) return { solved: false, text: `${part}, but ${model.kind.value} is not bounded.` }
      const solved = model.fading.value >= 0.05
      return { solved, text: `${part}${solved ? ': solved.' : '.'}` }
    }),
  },
}
