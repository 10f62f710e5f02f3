// The program of the page, and what it may export.
import { computed } from '@preact/signals'
import { isNumbers } from '../../draw/table'
import * as model from './model'

export const program = computed(() => {
  const { text, gradientText } = model.landscape.value
  const racers = model.RACERS.map(
    ({ name, text }) => `  '${name}': ${text.replace('ε', String(model.rate.value))},`,
  )
  return `import { adam, bfgs, conjugateGradient, gradientDescent, lbfgs, minimize, sgd } from 'hebb'

const f = ${text}
const gradient = ${gradientText}
const racers = {
${racers.join('\n')}
}

export let place
for (const [name, method] of Object.entries(racers)) {
  let gradients = 0
  const counted = (x) => {
    gradients += 1
    return gradient(x)
  }
  const options = { method, gradient: counted, steps: ${model.MOST} }
  const { x, value } = await minimize(f, [${model.start.value.join(', ')}], options)
  console.log(name, 'asked for', gradients, 'gradients, and is at', x, 'with the value', value)
  place = [...x]
}
`
})

/** Marks the place that the reader's program exports. */
export function take({ place }: Record<string, unknown>): void {
  if (place !== undefined && !isNumbers(place, 2))
    throw new Error('Export place as two finite numbers, in an array.')
  model.theirs.value = place as number[] | undefined
}
