// The layers of AlexNet as torchvision has it: what each makes of an image, and what it costs.
import { conv2d, maxPool2d } from 'hebb'

interface Convolution {
  name: string
  filters: number
  channels: number
  kernel: number
  stride?: number
  padding: number
  /** Rows and columns of its maps. */
  side: number
}

const CONVOLUTIONS: readonly Convolution[] = [
  { name: 'features.0', filters: 64, channels: 3, kernel: 11, stride: 4, padding: 2, side: 55 },
  { name: 'features.3', filters: 192, channels: 64, kernel: 5, padding: 2, side: 27 },
  { name: 'features.6', filters: 384, channels: 192, kernel: 3, padding: 1, side: 13 },
  { name: 'features.8', filters: 256, channels: 384, kernel: 3, padding: 1, side: 13 },
  { name: 'features.10', filters: 256, channels: 256, kernel: 3, padding: 1, side: 13 },
]
/** Each behind the convolution of that name. */
const POOLINGS: Readonly<Record<string, { name: string; side: number }>> = {
  'features.0': { name: 'features.2', side: 27 },
  'features.3': { name: 'features.5', side: 13 },
  'features.10': { name: 'features.12', side: 6 },
}
const DENSE = [
  { name: 'classifier.1', inputs: 9216, units: 4096 },
  { name: 'classifier.4', inputs: 4096, units: 4096 },
  { name: 'classifier.6', inputs: 4096, units: 1000 },
] as const

export interface Row {
  name: string
  text: string
  shape: readonly number[]
  parameters: number
  macs: number
}

export const ROWS: readonly Row[] = [
  ...CONVOLUTIONS.flatMap(({ name, filters, channels, kernel, side }): Row[] => {
    const products = channels * kernel ** 2
    const pool = POOLINGS[name]
    return [
      {
        name,
        text: `convolution ${kernel} × ${kernel}`,
        shape: [filters, side, side],
        parameters: filters * (products + 1),
        macs: filters * side ** 2 * products,
      },
      ...(pool
        ? [
            {
              name: pool.name,
              text: 'pooling 3 × 3',
              shape: [filters, pool.side, pool.side],
              parameters: 0,
              macs: 0,
            },
          ]
        : []),
    ]
  }),
  ...DENSE.map(({ name, inputs, units }) => ({
    name,
    text: 'dense',
    shape: [units],
    parameters: units * (inputs + 1),
    macs: units * inputs,
  })),
]

/** The layers that have maps. */
export const MAPPED = ROWS.filter(({ shape }) => shape.length === 3)

/** The layers before the dense ones, which take a twentieth of the memory. */
export const features = () =>
  CONVOLUTIONS.flatMap(({ name, filters, kernel, stride = 1, padding }) => {
    const pool = POOLINGS[name]
    return [
      conv2d({ name, filters, kernel, stride, padding, activation: 'relu' }),
      ...(pool ? [maxPool2d({ name: pool.name, kernel: 3, stride: 2 })] : []),
    ]
  })
