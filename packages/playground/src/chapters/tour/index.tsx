// The continuous Hopfield network looks for a short tour.
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
      In the continuous Hopfield network time flows, and outputs lie between 0 and 1. Its energy can state a
      problem: here, to visit every city once on a short way. The energy only falls, and where the network
      comes to rest is a tour, one of many good ones. <b>Click to add a city</b>, drag one, and press play.
    </p>
  ),
  Values: () => {
    const n = model.cities.value.length
    return (
      <p class="values">
        {n} cities are {n * n} units: v of unit (x, i) says whether city x is at position i. Row and column
        sums are 1 in a tour. While the gain λ rises, the outputs move from 1/{n} each to 0 and 1.
      </p>
    )
  },
  breaks: [
    {
      name: 'Penalties that fight',
      act: () => {
        model.method.value = 'penalties'
        model.look.value = -1
      },
      Why: () => (
        <p>
          Hopfield and Tank (1985) added a penalty for every broken constraint. Short ways and whole tours
          then work against each other, and the energy has minima that are no tours: a city is left out, or
          comes twice. Aiyer and Fallside (1991) keep the outputs where the constraints hold, and every result
          is a tour.
        </p>
      ),
    },
    {
      name: 'All on a line',
      act: () => {
        model.show(
          Array.from({ length: 10 }, (_, i) => [0.05 + 0.1 * i, 0.35]).map((row) =>
            row.map((x) => Number(x.toFixed(3))),
          ),
        )
      },
      Why: () => (
        <p>
          There are many equally short tours: to the end and back, with each city on either way. The network
          has no reason to prefer one, and different starts end in different ones. The sign of it: equal
          lengths of different tours.
        </p>
      ),
    },
  ],
  exercise: {
    Task: () => (
      <p>
        The network falls into one of many minima. Find cities for which the {model.STARTS} starts end in
        tours of at least <b>three different lengths</b>.
      </p>
    ),
    verdict: computed(() => {
      const { value: run } = model.run
      if (!run) return { solved: false, text: 'Searching …' }
      const different = new Set(run.lengths.flatMap((one) => (one === undefined ? [] : [one.toFixed(4)])))
        .size
      const solved = different >= 3
      return {
        solved,
        text: `${different} different ${different === 1 ? 'length' : 'lengths'}${solved ? ': solved.' : '.'}`,
      }
    }),
  },
}
