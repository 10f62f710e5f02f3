import { checkKeys, pair } from '../options'
import { type Named, named, type Pair } from './common'

export interface Pool2dOptions extends Named {
  /** Height and width of the window. */
  kernel: Pair
  /** Default: the kernel. */
  stride?: Pair
}

function pool2d<const T extends string>(type: T, options: Pool2dOptions) {
  checkKeys(type, options, ['kernel', 'stride', 'name'])
  const kernel = pair(type, 'kernel', options.kernel, 1)
  return { type, ...named(options), kernel, stride: pair(type, 'stride', options.stride ?? kernel, 1) }
}

/** The largest value of each window: `[C, H, W]` → `[C, OH, OW]`, OH = ⌊(H − kernel) / stride⌋ + 1. */
export function maxPool2d(options: Pool2dOptions) {
  return pool2d('maxPool2d', options)
}

/** The mean of each window: `[C, H, W]` → `[C, OH, OW]`, OH = ⌊(H − kernel) / stride⌋ + 1. */
export function averagePool2d(options: Pool2dOptions) {
  return pool2d('averagePool2d', options)
}
