// Training strategies in a race.
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
      A training strategy is a loss index, which says what is wanted, and an optimization algorithm, which
      searches for it. All algorithms here see the same surface from the same start, and each may ask for{' '}
      {model.MOST} gradients. <b>Drag the start</b>, and press Play to watch the race.
    </p>
  ),
  Values: () => (
    <p class="values">
      The algorithms differ in the direction d and in the rate η. Gradient descent: d = −∇f, η = ε. Conjugate
      gradient adds a part of its last direction; BFGS and L-BFGS estimate the curvature from the gradients
      that they have seen; line minimization searches for the best η along d, with a few gradients for each
      step.
    </p>
  ),
  breaks: [
    {
      name: 'A high rate in a curved valley',
      act: () => {
        model.choose('banana')
        model.rate.value = 0.01
      },
      Why: () => (
        <p>
          ε = 0.01 is harmless in the bowl, but the walls of this valley are a thousand times as steep as its
          ground: the first two diverge. The others find the length of their steps themselves.
        </p>
      ),
    },
    {
      name: 'Judge by a bowl',
      act: () => {
        model.choose('bowl')
        model.rate.value = 0.1
      },
      Why: () => (
        <p>
          On a round bowl nearly all of them arrive after a few gradients, and conjugate gradient and BFGS
          seem to be no better than line minimization. A round bowl tells nothing: losses of networks are
          ravines. Compare algorithms on your own problem, and count gradients, not steps.
        </p>
      ),
    },
  ],
  data: {
    hint: 'Every gradient that each algorithm asked for: the place, and the value there.',
    save: {
      name: 'race.csv',
      content: () => {
        const rows = model.runs.value.flatMap(({ racer, asked }) => {
          return asked.map(({ x, value }, i) => [racer.name, i + 1, ...x, value])
        })
        return ['algorithm,gradients,x1,x2,value', ...rows].join('\n')
      },
    },
  },
  exercise: {
    Task: () => (
      <p>
        On the <b>ravine</b>, find a learning rate with which gradient descent <b>with momentum</b> arrives in
        fewer gradients than Adam, while plain <b>gradient descent</b> arrives too.
      </p>
    ),
    verdict: computed(() => {
      if (model.place.value !== 'ravine') return { solved: false, text: 'Choose the ravine first.' }
      const [plain, momentum, adam] = model.runs.value.map(({ arrival }) => arrival)
      const solved = !!plain && !!momentum && momentum < (adam ?? Number.POSITIVE_INFINITY)
      const text = `With momentum ${momentum ?? 'never'}, Adam ${adam ?? 'never'}, plain ${plain ?? 'never'}`
      return { solved, text: `${text}${solved ? ': solved.' : '.'}` }
    }),
  },
}
