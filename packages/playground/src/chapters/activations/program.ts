// The program of the page, and what it may export.
import { computed } from '@preact/signals'
import { isNumbers } from '../../draw/table'
import * as model from './model'

export const program = computed(
  () => `import { collapse, dense, describeActivation, network } from 'hebb'

const activation = '${model.kind.value}'
const { value, derivative, range, bound } = await describeActivation(activation, [${model.x.value}])
console.log('f =', value[0], "f' =", derivative[0], 'range', range, 'largest slope', bound)

const hidden = Array.from({ length: ${model.layers.value} }, () => dense({ units: 16, activation }))
const net = await network([1], [...hidden, dense({ units: 1 })], { seed: ${model.seed.value} })

// Without an activation, all layers together are one line.
if (activation === 'identity') {
  const { weight, bias } = await collapse(net)
  console.log('y =', weight.data[0], '* x +', bias.data[0])
}

const x = Array.from({ length: ${model.grid.length} }, (_, i) => -5 + i / 20)
const { data } = await net.predict(x.map((value) => [value]))
console.log('the answers begin with', data)

// The page draws this curve behind its own.
export const curve = [...data]
net.dispose()
`,
)

/** Draws the curve that the reader's program exports. */
export function take({ curve }: Record<string, unknown>): void {
  if (curve !== undefined && !isNumbers(curve, model.grid.length)) {
    throw new Error(`Export curve as an array of ${model.grid.length} finite numbers.`)
  }
  model.theirs.value = curve as number[] | undefined
}
