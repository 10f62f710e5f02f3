// The program of the page, and what it may export.
import { computed } from '@preact/signals'
import { isNumbers } from '../../draw/table'
import * as model from './model'

export const program = computed(() => {
  const rows = model.cities.value.map(([x, y]) => `  [${x}, ${y}],`)
  return `import { travellingSalesman } from 'hebb'

// The page shows these cities.
export const cities = [
${rows.join('\n')}
]
const { tour, length, steps } = await travellingSalesman({
  cities, method: '${model.method.value}', seed: ${model.start.value}, starts: 1,
})
console.log('the tour', tour, 'has the length', length)
console.log(steps, 'steps of', cities.length ** 2, 'units')
`
})

/** Shows the cities of the reader's program. */
export async function take({ cities }: Record<string, unknown>): Promise<void> {
  if (cities === undefined) return
  const { x, y } = model.RANGE
  const inside = (row: unknown) =>
    isNumbers(row, 2) && row[0]! >= x[0] && row[0]! <= x[1] && row[1]! >= y[0] && row[1]! <= y[1]
  if (!Array.isArray(cities) || !cities.every(inside)) {
    throw new Error('Export cities as rows [x, y], with x from 0 to 1 and y from 0 to 0.7.')
  }
  const same =
    cities.length === model.cities.value.length &&
    cities.every((row, i) => row[0] === model.cities.value[i]![0] && row[1] === model.cities.value[i]![1])
  if (!same) await model.show(cities)
}
