// A network of radial basis functions, and the width that selection samples choose.
import { computed } from '@preact/signals'
import type { Chapter } from '../../page/chapter'
import * as cut from './cut'
import { Figure, three } from './figure'
import formula from './formula.tex'
import { Lift } from './lift'
import * as lifting from './lifting'
import * as model from './model'
import { program, take } from './program'
import { readSamples } from './samples'
import { Taylor } from './taylor'

export function begin(): void {
  model.begin()
  lifting.begin()
  cut.begin()
}

/** So near to the least selection error counts as found. */
const NEAR = 1.05

export const chapter: Chapter = {
  formula,
  Figure,
  program,
  take,
  Idea: () => (
    <p>
      A radial basis function answers to what is near its center, and σ says how near. A network of them is a
      sum of such bumps, and the weights are found by least squares, in one step. All depends on the{' '}
      <b>width σ</b>: drag it from one end to the other, and watch which samples are still met.
    </p>
  ),
  Values: () => {
    const { value: fitted } = model.fitted
    const { value: best } = model.best
    if (!fitted) return null
    return (
      <p class="values">
        {fitted.centers.length} functions, σ = {fitted.sigma}, λ = {fitted.settings.lambda}, b ={' '}
        {three(fitted.bias).replace('-', '−')}; the largest weight is{' '}
        {three(Math.max(...fitted.weights.map(Math.abs)))}.
        {best &&
          ` Of all widths tried, σ = ${best.sigma} has the least selection error, ${three(best.selection)}.`}
      </p>
    )
  },
  More: () => (
    <>
      <Lift />
      <Taylor />
    </>
  ),
  breaks: [
    {
      name: 'Much too narrow',
      act: () => {
        model.units.value = 60
        model.lambda.value = 1e-6
        model.sigma.value = 0.03
      },
      Why: () => (
        <p>
          A function on every sample, and each knows its own sample only. The training error is nearly 0, and
          between the samples the network says nothing. The sign of it: the selection error is many times the
          training error. Never choose σ by the training error.
        </p>
      ),
    },
    {
      name: 'Much too wide',
      act: () => {
        model.sigma.value = 8
        model.lambda.value = 1
      },
      Why: () => (
        <p>
          Every function is nearly the same everywhere, so their sum is nearly a plane. The sign of it: both
          errors are large, and nearly equal. A smaller σ helps, or a smaller λ.
        </p>
      ),
    },
    {
      name: 'Regularize too much',
      act: () => {
        model.sigma.value = 0.5
        model.lambda.value = 10
      },
      Why: () => (
        <p>
          λ makes weights expensive, and all of them become small: the output follows the samples half of the
          way only. The sign of it: even the training error is large, and the largest weight is small.
        </p>
      ),
    },
  ],
  exercise: {
    Task: () => (
      <p>
        The width at the beginning is not good. Find one whose <b>selection error</b> is at most 5 % above the
        least of all widths.
      </p>
    ),
    verdict: computed(() => {
      const { value: fitted } = model.fitted
      const { value: best } = model.best
      if (!fitted || !best) return { solved: false, text: 'Trying all widths …' }
      const part = fitted.selection / best.selection - 1
      const solved = part <= NEAR - 1
      const above = `The selection error is ${Math.max(0, 100 * part).toFixed(0)} % above the least`
      return { solved, text: `${above}${solved ? ': solved.' : '.'}` }
    }),
  },
  data: {
    accept: '.csv,text/csv',
    hint: 'A table of comma-separated values: x and t for a curve, x₁, x₂ and a class for a boundary. It is scaled to the figure, and every third row is kept for selection.',
    load: async (file) => {
      const points = await readSamples(file, model.task.value)
      const held = (i: number) => i % 3 === 2
      model.show(
        points.filter((_, i) => !held(i)),
        points.filter((_, i) => held(i)),
      )
    },
    save: {
      name: 'samples.csv',
      content: () => {
        const curve = model.task.value === 'curve'
        const rows = [...model.train.value, ...model.selection.value]
        return [
          curve ? 'x,t' : 'x1,x2,class',
          ...rows.map((row) => (curve ? row.slice(0, 2) : row).join(',')),
        ].join('\n')
      },
    },
  },
}
