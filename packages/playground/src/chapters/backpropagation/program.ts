// The program of the page, and what it may export.
import { computed } from '@preact/signals'
import { isNumbers } from '../../draw/table'
import * as model from './model'

export const program = computed(() => {
  const w = model.weights.value
  const row = (from: number, to: number) => `[${w.slice(from, to).join(', ')}]`
  return `import { dense, network, sgd } from 'hebb'

const net = await network([2], [
  dense({ units: 2, activation: 'sigmoid', name: 'hidden' }),
  dense({ units: 1, activation: 'sigmoid', name: 'output' }),
])
await net.setWeights({
  'hidden.weight': { data: Float32Array.from(${row(0, 4)}), shape: [2, 2] },
  'hidden.bias': { data: Float32Array.from(${row(4, 6)}), shape: [2] },
  'output.weight': { data: Float32Array.from(${row(6, 8)}), shape: [1, 2] },
  'output.bias': { data: Float32Array.from(${row(8, 9)}), shape: [1] },
})

const options = { loss: 'sumSquaredError', optimizer: sgd({ learningRate: ${model.rate.value} }) }
const { layers, loss } = await net.trace([[${model.x1.value}, ${model.x2.value}]], [[${model.t.value}]], options)
console.log('E =', loss)
for (const { name, net, a, delta, dEdw, dw, db } of layers) {
  console.log(name, 'net', net.data, 'a', a.data, 'δ', delta.data)
  console.log('  ∂E/∂w', dEdw.data, 'Δw', dw.data, 'Δb', db.data)
}

// The page goes on from these weights: those after the step.
const before = await net.weights()
const after = layers.flatMap(({ name, dw, db }) => [
  ...dw.data.map((change, i) => before[name + '.weight'].data[i] + change),
  ...db.data.map((change, i) => before[name + '.bias'].data[i] + change),
])
export const weights = after
net.dispose()
`
})

/** Goes on from the weights that the reader's program exports. */
export function take({ weights }: Record<string, unknown>): void {
  if (weights === undefined) return
  if (!isNumbers(weights, 9))
    throw new Error('Export weights as nine finite numbers: w and b of the hidden units, then of the output.')
  model.set(weights)
}
