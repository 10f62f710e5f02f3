// A picture, a filter, what the convolution and the pooling make of it, and the window that is looked at.
import { computed, effect, signal } from '@preact/signals'
import { averagePool2d, conv2d, maxPool2d, network } from 'hebb'
import { guarded, measured } from '../../page/engine'
import { single } from '../../page/single'
import { numeric, oneOf, remembered, rows } from '../../page/url'
import { CAT, isPicture, pixelsOf, SIDE } from './picture'

export const KERNEL = 3
export const FILTERS: Readonly<Record<string, { name: string; weights: readonly number[] }>> = {
  edges: { name: 'edges from above', weights: [-1, -2, -1, 0, 0, 0, 1, 2, 1] },
  outline: { name: 'outline', weights: [-1, -1, -1, -1, 8, -1, -1, -1, -1] },
  blur: { name: 'blur', weights: Array(9).fill(0.1111) },
  sharpen: { name: 'sharpen', weights: [0, -1, 0, -1, 5, -1, 0, -1, 0] },
  emboss: { name: 'emboss', weights: [-2, -1, 0, -1, 1, 1, 0, 1, 2] },
  same: { name: 'the picture itself', weights: [0, 0, 0, 0, 1, 0, 0, 0, 0] },
}
export const POOLINGS = { none: 'none', max: 'largest value', average: 'mean' } as const

export const picture = remembered('picture', CAT, {
  write: (text) => text,
  read: (text) => (isPicture(text) ? text : undefined),
})
const kernel = remembered<readonly (readonly number[])[]>('filter', [FILTERS.edges!.weights], rows(9, 1))
export const bias = remembered('bias', 0, numeric(-20, 20))
export const stride = remembered('stride', 1, numeric(1, 6, true))
export const padding = remembered('padding', 0, numeric(0, 2, true))
export const relu = remembered<'yes' | 'no'>('relu', 'no', oneOf(['yes', 'no']))
export const pooling = remembered<keyof typeof POOLINGS>('pooling', 'max', oneOf(['none', 'max', 'average']))
export const pool = remembered('pool', 2, numeric(2, 10, true))
/** The number of the window that is looked at, row by row. */
export const place = remembered('window', 500, numeric(0, 99_999, true))
/** Whether only the windows up to that one are shown, as the filter moves. */
export const moving = signal(false)

export const pixels = computed(() => pixelsOf(picture.value))
export const weights = computed(() => kernel.value[0] ?? FILTERS.edges!.weights)
export function setWeights(all: readonly number[]): void {
  kernel.value = [all.map((value) => Number(value.toPrecision(4)))]
}

/** Height and width of the map, and of the map after pooling. */
export const size = computed(() => Math.floor((SIDE + 2 * padding.value - KERNEL) / stride.value) + 1)
export const shown = computed(() => Math.min(place.value, size.value ** 2 - 1))

export interface Computed {
  map: Float32Array
  size: number
  pooled?: { data: Float32Array; size: number }
}
export const maps = signal<Computed | undefined>(undefined)

const compute = single(() =>
  guarded(async () => {
    const activation = relu.value === 'yes' ? 'relu' : 'identity'
    const options = { kernel: KERNEL, stride: stride.value, padding: padding.value, activation } as const
    const pooler = { max: maxPool2d, average: averagePool2d, none: undefined }[pooling.value]
    const layers = [conv2d({ filters: 1, ...options, name: 'conv' })]
    const window = Math.min(pool.value, size.value)
    const after = pooler ? [pooler({ kernel: window, name: 'pool' })] : []
    using net = await network([1, SIDE, SIDE], [...layers, ...after] as never)
    await net.setWeights({
      'conv.weight': { data: Float32Array.from(weights.value), shape: [1, 1, KERNEL, KERNEL] },
      'conv.bias': { data: Float32Array.of(bias.value), shape: [1] },
    })
    const image = { data: pixels.value, shape: [1, SIDE, SIDE] }
    const found = await measured(
      () => net.activations(image),
      () => 1,
    )
    const { conv, pool: small } = found
    maps.value = {
      map: conv!.data,
      size: conv!.shape.at(-1)!,
      ...(small && { pooled: { data: small.data, size: small.shape.at(-1)! } }),
    }
  }),
)

/** The pixels under the window, from above left; zeros in the padding. */
export const patch = computed(() => {
  const [top, left] = [Math.floor(shown.value / size.value), shown.value % size.value].map(
    (at) => at * stride.value - padding.value,
  ) as [number, number]
  const pixel = (row: number, column: number) =>
    row < 0 || column < 0 || row >= SIDE || column >= SIDE ? 0 : pixels.value[row * SIDE + column]!
  const values = Array.from({ length: KERNEL ** 2 }, (_, i) =>
    pixel(top + Math.floor(i / KERNEL), left + (i % KERNEL)),
  )
  return { top, left, values }
})

export function begin(): void {
  effect(() => {
    // Whatever it reads here makes it compute again.
    void [pixels.value, weights.value, bias.value, stride.value, padding.value]
    void [relu.value, pooling.value, pool.value]
    compute()
  })
}
