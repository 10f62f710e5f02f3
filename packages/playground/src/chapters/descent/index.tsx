// Down the gradient, on a curve and on a surface.
import './style.css'
import { computed } from '@preact/signals'
import type { Chapter } from '../../page/chapter'
import { Figure } from './figure'
import formula from './formula.tex'
import * as model from './model'
import { program, take } from './program'

export { begin } from './model'

/** The exercise's limit. */
const FEW = 40

export const chapter: Chapter = {
  formula,
  Figure,
  program,
  take,
  Idea: () => (
    <p>
      The gradient of a function points where it rises most. To find a minimum, take steps against it (Cauchy,
      1847). How long they are is the learning rate ε: too small, and it takes for ever; too large, and they
      jump over the valley. <b>Drag the start.</b>
    </p>
  ),
  Values: () => {
    const { value: found } = model.found
    const now = found?.steps[model.shown.value]
    const next = found?.steps[model.shown.value + 1]
    if (!now || !next) return <p class="values">Move the step back to see how the next one comes about.</p>
    const moved = next.x[0]! - now.x[0]!
    return (
      <p class="values">
        In the first direction: Δ = −{model.rate.value} · {short(now.gradient[0]!)}
        {model.momentum.value > 0 && ` + ${model.momentum.value} · (the last Δ)`} = {short(moved)}, from{' '}
        {short(now.x[0]!)} to {short(next.x[0]!)}.
      </p>
    )
  },
  breaks: [
    {
      name: 'Too high a rate',
      act: () => {
        model.choose('parabola')
        model.rate.value = 1.05
        model.momentum.value = 0
      },
      Why: () => (
        <p>
          Each step lands farther up on the other side than it began: the value grows until it is no number
          any more. On a parabola of curvature 2 this happens for every ε above 2/2 = 1. The sign of it is a
          loss that rises or becomes NaN; the remedy is a rate of a third or a tenth.
        </p>
      ),
    },
    {
      name: 'Too low a rate',
      act: () => {
        model.choose('ravine')
        model.rate.value = 0.002
        model.momentum.value = 0
      },
      Why: () => (
        <p>
          All 200 steps are used, and the minimum is still far. The loss falls, but ever more slowly. A rate
          that suits the steep walls is too low for the flat ground: this is what momentum helps with.
        </p>
      ),
    },
    {
      name: 'The wrong valley',
      act: () => {
        model.choose('valleys')
        model.rate.value = 0.05
        model.momentum.value = 0
        model.begun.value = [[0.5, 0]]
      },
      Why: () => (
        <p>
          The descent ends in the right valley, but the left one is deeper: gradient descent sees only the
          slope under its feet. Start elsewhere, or give it momentum, to roll over the hill.
        </p>
      ),
    },
  ],
  data: {
    hint: 'Every step: the place, the value and the gradient there.',
    save: {
      name: 'descent.csv',
      content: () => {
        const { variables } = model.landscape.value
        const columns = (name: string) => (variables === 2 ? `${name}1,${name}2` : name)
        const rows = (model.found.value?.steps ?? []).map(({ step, x, value, gradient }) => {
          return [step, ...x, value, ...gradient]
        })
        return [`step,${columns('x')},value,${columns('gradient')}`, ...rows].join('\n')
      },
    },
  },
  exercise: {
    Task: () => (
      <p>
        Choose <b>the ravine</b> and leave the start where it is. Find a rate and a momentum with which the
        value stays below 0.01 after at most <b>{FEW} steps</b>.
      </p>
    ),
    verdict: computed(() => {
      if (model.place.value !== 'ravine') return { solved: false, text: 'Choose the ravine first.' }
      if (model.begun.value.length > 0)
        return { solved: false, text: 'Choose the landscape again: the start was moved.' }
      const { value: arrival } = model.arrival
      if (arrival === undefined) return { solved: false, text: 'It does not get there.' }
      const solved = arrival <= FEW
      return { solved, text: `${arrival} steps${solved ? ': solved.' : ', not yet.'}` }
    }),
  },
}

const short = (value: number) => String(Number(value.toPrecision(3))).replace('-', '−')
