// The cities as a file, in and out.
import { readPairs } from '../../draw/table'
import type { OwnData } from '../../page/chapter'
import * as model from './model'

/** Room at the edges of the figure. */
const EDGE = 0.05

export const data: OwnData = {
  accept: '.csv,text/csv',
  hint: 'A table of comma-separated values with two columns, x and y of each city. It is scaled to the figure, alike in both directions.',
  load: async (file) => {
    const all = await readPairs(file, [model.LEAST, model.MOST], 'x and y')
    const [xs, ys] = [all.map(([x]) => x), all.map(([, y]) => y)]
    const [left, bottom] = [Math.min(...xs), Math.min(...ys)]
    const { x, y } = model.RANGE
    const scale = Math.min(
      (x[1] - 2 * EDGE) / (Math.max(...xs) - left || 1),
      (y[1] - 2 * EDGE) / (Math.max(...ys) - bottom || 1),
    )
    await model.show(all.map(([x, y]) => [EDGE + scale * (x - left), EDGE + scale * (y - bottom)]))
  },
  save: {
    name: 'tour.csv',
    content: () => {
      const { value: cities } = model.cities
      const tour = model.now.value?.tour ?? cities.map((_, i) => i)
      return ['x,y', ...tour.map((city) => cities[city]!.slice(0, 2).join(','))].join('\n')
    },
  },
}
