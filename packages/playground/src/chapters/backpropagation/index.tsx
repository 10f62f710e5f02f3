// Backpropagation: one step, number by number.
import './style.css'
import { computed } from '@preact/signals'
import type { Chapter } from '../../page/chapter'
import { Figure } from './figure'
import { data } from './file'
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
      Forward, every unit adds up its inputs and squashes the sum. Backward, every unit learns its share δ of
      the error from the units that it feeds. Both together say how each weight should change.{' '}
      <b>Point at a unit or a weight</b> to see its numbers come about.
    </p>
  ),
  Values: () => (
    <p class="values">
      The inputs are numbered by i, the hidden units by j, the output is k. An edge is orange if its weight is
      positive, blue if it is negative, and as thick as the weight is large.
    </p>
  ),
  breaks: [
    {
      name: 'All weights alike',
      act: () => model.set([0.3, 0.3, 0.3, 0.3, 0, 0, 0.3, 0.3, 0]),
      Why: () => (
        <p>
          Both hidden units now compute the same a, so they get the same δ and the same Δw: press "50 steps"
          and they are still twins. A network that begins with equal weights has in truth one hidden unit.
          This is why weights begin at random.
        </p>
      ),
    },
    {
      name: 'Saturated units',
      act: () => {
        model.t.value = 0
        model.set([9, 9, 8, 8, 4, 4, 6, 6, 3])
      },
      Why: () => (
        <p>
          The net inputs are so large that a is nearly 1, and a (1 − a) nearly 0. The error is as large as it
          can be, yet every δ is tiny, and nothing is learned: press "50 steps". Weights should begin small,
          and inputs should be scaled.
        </p>
      ),
    },
    {
      name: 'Too large steps',
      act: () => {
        model.rate.value = 100
      },
      Why: () => (
        <p>
          Press "Add Δw": the step is so long that the units land in saturation. With one sample this may even
          end well; with several the next one cannot be learned any more.
        </p>
      ),
    },
  ],
  data,
  exercise: {
    Task: () => (
      <p>
        Find inputs and a target with which the first weight, from i₁ to j₁, has <b>Δw = 0 exactly</b>, while
        the error E is above 0.01.
      </p>
    ),
    verdict: computed(() => {
      const { value: trace } = model.trace
      if (!trace) return { solved: false, text: 'Not yet.' }
      const [dw] = model.changes(trace)
      const learns = model.changes(trace).some((change) => change !== 0)
      const solved = dw === 0 && trace.loss > 0.01 && learns
      const text = `Δw = ${dw!.toPrecision(2)}, E = ${trace.loss.toPrecision(2)}`.replaceAll('-', '−')
      if (!learns) return { solved, text: `${text}: but now no weight changes at all.` }
      return { solved, text: `${text}${solved ? ': solved.' : '.'}` }
    }),
  },
}
