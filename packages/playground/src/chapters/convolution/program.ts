// The program of the page, and what it may export.
import { computed } from '@preact/signals'
import { isNumbers } from '../../draw/table'
import * as model from './model'
import { isPicture, rowsOf, SIDE } from './picture'

export const program = computed(() => {
  const { value: weights } = model.weights
  const { value: pooling } = model.pooling
  const pooler = { max: 'maxPool2d', average: 'averagePool2d', none: '' }[pooling]
  const options = [
    'filters: 1',
    'kernel: 3',
    ...(model.stride.value > 1 ? [`stride: ${model.stride.value}`] : []),
    ...(model.padding.value > 0 ? [`padding: ${model.padding.value}`] : []),
    ...(model.relu.value === 'yes' ? ["activation: 'relu'"] : []),
    "name: 'conv'",
  ]
  const rows = [0, 3, 6].map((from) => `  [${weights.slice(from, from + 3).join(', ')}],`)
  const kernel = Math.min(model.pool.value, model.size.value)
  return `import { conv2d, ${pooler && `${pooler}, `}network } from 'hebb'

// A digit from 0 (black) to f (white) for each pixel.
export const picture = [
${rowsOf(model.picture.value)
  .map((row) => `  '${row}',`)
  .join('\n')}
].join('')
const pixels = Float32Array.from(picture, (digit) => parseInt(digit, 16) / 15)

// The page shows this filter.
export const filter = [
${rows.join('\n')}
]

const net = await network([1, ${SIDE}, ${SIDE}], [
  conv2d({ ${options.join(', ')} }),${pooler && `\n  ${pooler}({ kernel: ${kernel} }),`}
])
await net.setWeights({
  'conv.weight': { data: Float32Array.from(filter.flat()), shape: [1, 1, 3, 3] },
  'conv.bias': { data: Float32Array.of(${model.bias.value}), shape: [1] },
})
console.log(net.summary())

const { conv } = await net.activations({ data: pixels, shape: [1, ${SIDE}, ${SIDE}] })
console.log('map', conv.shape.slice(1), 'window ${model.shown.value}:', conv.data[${model.shown.value}])
net.dispose()
`
})

/** Shows the picture and the filter of the reader's program. */
export function take({ picture, filter }: Record<string, unknown>): void {
  if (picture !== undefined) {
    if (typeof picture !== 'string' || !isPicture(picture)) {
      throw new Error(`Export a picture of ${SIDE} × ${SIDE} digits from 0 to f.`)
    }
    model.picture.value = picture
  }
  if (filter === undefined) return
  const fits = Array.isArray(filter) && filter.length === 3 && filter.every((row) => isNumbers(row, 3))
  if (!fits) throw new Error('Export a filter of three rows with three finite numbers.')
  model.setWeights(filter.flat())
}
