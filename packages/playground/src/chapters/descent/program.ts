// The program of the page, and what it may export.
import { computed } from '@preact/signals'
import { isNumbers } from '../../draw/table'
import * as model from './model'

export const program = computed(() => {
  const { text, gradientText, variables } = model.landscape.value
  const { value: rate } = model.rate
  const { value: momentum } = model.momentum
  const name = momentum === 0 ? 'gradientDescent' : 'sgd'
  const options = momentum === 0 ? `learningRate: ${rate}` : `learningRate: ${rate}, momentum: ${momentum}`
  const names = [name, 'minimize'].sort().join(', ')
  return `import { ${names} } from 'hebb'

const f = ${text}
const gradient = ${gradientText}

const found = await minimize(f, [${model.start.value.slice(0, variables).join(', ')}], {
  method: ${name}({ ${options} }),
  gradient,
  steps: ${model.MOST_STEPS},
  gradientThreshold: 1e-4,
})
console.log(found.explanation)
console.log(found.steps.length - 1, 'steps to', found.x, 'with the value', found.value)
for (const { step, x, value, gradient } of found.steps.slice(0, 5)) {
  console.log(step, x, value, gradient)
}

// The page marks this place.
export const place = [...found.x]
`
})

/** Marks the place that the reader's program exports. */
export function take({ place }: Record<string, unknown>): void {
  const { variables } = model.landscape.value
  if (place !== undefined && !isNumbers(place, variables)) {
    throw new Error(
      `Export place as ${variables} finite ${variables === 1 ? 'number' : 'numbers'}, in an array.`,
    )
  }
  model.theirs.value = variables === 2 ? (place as number[] | undefined) : undefined
}
