// Matrix products m×k×n.
import { type Gemm, multiplyAdds } from '../harness/work.ts'
import type { Case, Suite } from './suite.ts'

const SHAPES: [m: number, k: number, n: number][] = [
  [256, 256, 256],
  [512, 512, 512],
  [1024, 1024, 1024],
  // AlexNet's convolutions as products, filters × taps × positions.
  [64, 363, 3025],
  [192, 1600, 729],
  [384, 1728, 169],
  [256, 3456, 169],
  // Its first dense layer, for one image and for 32.
  [1, 9216, 4096],
  [32, 9216, 4096],
  // Skinny: few rows, few columns, a short inner dimension.
  [4, 1024, 1024],
  [1024, 1024, 8],
  [1024, 16, 1024],
]

const QUICK = '512x512x512'

export const gemm: Suite = {
  name: 'gemm',
  about: 'Matrix products m×k×n of f32, row by row',
  unit: 'GFLOP/s',
  cases: SHAPES.map(([m, k, n]): Case => {
    const [name, work]: [string, Gemm] = [`${m}x${k}x${n}`, { kind: 'gemm', m, k, n }]
    return { name, work, flops: 2 * multiplyAdds(work), ...(name === QUICK && { quick: true }) }
  }),
}
