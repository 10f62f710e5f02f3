// The program of the page, and what it may export.
import { computed } from '@preact/signals'
import * as model from './model'
import { DEVIATION, MEAN, ORDERS, SCALINGS, SIDE } from './recipe'

export const program = computed(() => {
  return `import { conv2d, datasets, network } from 'hebb'

// The page prepares photographs so: order is ${Object.keys(ORDERS).join(' or ')}, scaling ${Object.keys(SCALINGS).join(', ')}.
export const order = '${model.order.value}'
export const scaling = '${model.scaling.value}'

const x = await datasets.prepare('${model.photo.value}', {
  resize: 256, crop: ${SIDE}, order, scale: scaling === 'bytes' ? 255 : 1,
  ...(scaling === 'normalized' && {
    mean: [${MEAN.join(', ')}],
    deviation: [${DEVIATION.join(', ')}],
  }),
})
console.log('mean of what is read', x.data.reduce((sum, value) => sum + value, 0) / x.data.length)

// The first layer of AlexNet, with drawn weights. With trained ones, from a file in Node:
//   const net = await alexnet({ weights: 'alexnet.safetensors' })   // from 'hebb/zoo'
//   console.log(await net.classify(x, { top: 5 }))
const net = await network([3, ${SIDE}, ${SIDE}], [
  conv2d({ filters: 64, kernel: 11, stride: 4, padding: 2, activation: 'relu', name: 'features.0' }),
], { seed: 1 })
console.log(net.summary())
const { 'features.0': maps } = await net.activations(x)
console.log('maps', maps.shape, 'the largest value', maps.data.reduce((a, b) => Math.max(a, b)))
net.dispose()
`
})

/** Prepares the photograph as the reader's program does. */
export function take({ order, scaling }: Record<string, unknown>): void {
  const known = <T extends string>(all: Readonly<Record<T, string>>, own: unknown): T | undefined => {
    const names = Object.keys(all) as T[]
    const found = names.find((name) => name === own)
    if (own !== undefined && !found) throw new Error(`Export one of ${names.join(', ')}.`)
    return found
  }
  const [ownOrder, ownScaling] = [known(ORDERS, order), known(SCALINGS, scaling)]
  if (ownOrder) model.order.value = ownOrder
  if (ownScaling) model.scaling.value = ownScaling
}
