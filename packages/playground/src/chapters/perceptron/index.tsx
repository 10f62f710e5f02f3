// The perceptron learns from its mistakes.
import { computed } from '@preact/signals'
import type { Chapter } from '../../page/chapter'
import { Figure } from './figure'
import formula from './formula.tex'
import * as model from './model'
import { program, take } from './program'
import { data } from './table'

export { begin } from './model'

export const chapter: Chapter = {
  formula,
  Figure,
  program,
  take,
  data,
  Idea: () => (
    <p>
      Rosenblatt's perceptron (1958) is a neuron that finds its weights by itself. It looks at one point after
      another. Where its answer is right nothing changes; where it is wrong, the point is added to the weights
      or subtracted from them, and the line turns. <b>Drag a point</b>, or click to add one.
    </p>
  ),
  Values: () => {
    const { value: correction } = model.correction
    if (!correction) return null
    const [x, y] = model.learned.value!.points[correction.sample]!
    const wrong = 1 - correction.target
    const sign = correction.target === 1 ? 1 : -1
    return (
      <p class="values">
        Correction {model.shown.value}: t = {correction.target}, y = {wrong}, x = ({two(x)}, {two(y)}), so Δw
        = ({two(sign * x)}, {two(sign * y)}) and Δb = {two(sign)}. Now w = ({two(correction.weights[0]!)},{' '}
        {two(correction.weights[1]!)}), b = {two(correction.bias)}.
      </p>
    )
  },
  breaks: [
    {
      name: 'A point among the others',
      act: () => {
        const others = model.points.value.filter(([, , t]) => t === 1)
        const mean = (axis: 0 | 1) => others.reduce((sum, point) => sum + point[axis], 0) / others.length
        model.show([...model.points.value, [mean(0), mean(1), 0]])
      },
      Why: () => (
        <p>
          A square now lies among the circles. No line separates them, so the weights change for ever: the
          line jumps, and what it is at the end is chance. The sign of it is that mistakes never reach 0. Keep
          the <b>best</b> weights (pocket) or their <b>mean</b> (averaged) instead, or use a network with a
          hidden layer.
        </p>
      ),
    },
    {
      name: 'Two points that almost touch',
      act: () => {
        model.show([
          ...model.points.value.filter(([x, y]) => Math.hypot(x, y) > 0.15),
          [0, 0.01, 1],
          [0, -0.01, 0],
        ])
      },
      Why: () => (
        <p>
          The gap γ between the classes is now tiny, and Novikoff's bound (R/γ)² is huge: it may take
          thousands of corrections, although two points are as easy to see as before. Or the points can no
          longer be separated at all.
        </p>
      ),
    },
    {
      name: 'Forget one class',
      act: () => {
        model.show(model.points.value.filter(([, , t]) => t === 1))
      },
      Why: () => (
        <p>
          With samples of one class there is nothing to separate: a unit that always fires is right. Hebb
          refuses to learn from such data, and says why under the figure.
        </p>
      ),
    },
  ],
  exercise: {
    Task: () => (
      <p>
        Arrange the points so that a line still separates them, but the perceptron needs <b>more than 100</b>{' '}
        corrections to find it.
      </p>
    ),
    verdict: computed(() => {
      const unit = model.learned.value?.unit
      if (!unit) return { solved: false, text: 'Not yet.' }
      if (!unit.converged) return { solved: false, text: 'No line was found that separates these points.' }
      const solved = unit.updates > 100
      return { solved, text: `${unit.updates} corrections${solved ? ': solved.' : ', not yet.'}` }
    }),
  },
}

const two = (value: number) => String(Number(value.toFixed(2))).replace('-', '−')
