// The program of the page, and what it may export.
import { computed } from '@preact/signals'
import { checkPoints, isNumbers } from '../../draw/table'
import * as model from './model'

export const program = computed(() => {
  const rows = model.points.value.map(
    (point) => `[${point.map((value) => Number(value.toFixed(3))).join(', ')}]`,
  )
  const lines = Array.from(
    { length: Math.ceil(rows.length / 3) },
    (_, i) => `  ${rows.slice(3 * i, 3 * i + 3).join(', ')},`,
  )
  const { value: variant } = model.variant
  const options = variant === 'last' ? '' : `, { variant: '${variant}' }`
  return `import { perceptron } from 'hebb'

// x₁, x₂ and the class t of each point.
export const points = [
${lines.join('\n')}
]
const x = points.map(([x1, x2]) => [x1, x2])
const t = points.map(([, , t]) => t)

const model = await perceptron({ inputs: 2 }).fit(x, t${options})
const [unit] = model.units
console.log(unit.reason, 'after', unit.updates, 'corrections')
console.log('w =', unit.weights, 'b =', unit.bias)
console.log('at most', unit.bound, 'corrections, as γ =', unit.margin)

// The page draws this line.
export const line = [...unit.weights, unit.bias]
`
})

/** Shows the points and the line of the reader's program. */
export function take({ points, line }: Record<string, unknown>): void {
  if (points !== undefined) model.show(checkPoints(points))
  if (line !== undefined && !isNumbers(line, 3)) {
    throw new Error('Export a line as [w1, w2, b], three finite numbers.')
  }
  model.line.value = line as [number, number, number] | undefined
}
