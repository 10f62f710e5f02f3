// The convolutions of LeNet-5 (32 images) and AlexNet (8), forward and both gradients, without bias.
import { type Conv, multiplyAdds } from '../harness/work.ts'
import type { Suite } from './suite.ts'

type Sizes = Omit<Conv, 'kind' | 'part'>

const LAYERS: Record<string, Sizes> = {
  lenet1: { batch: 32, channels: 1, size: 28, filters: 6, kernel: 5, stride: 1, padding: 2 },
  lenet2: { batch: 32, channels: 6, size: 14, filters: 16, kernel: 5, stride: 1, padding: 0 },
  alexnet1: { batch: 8, channels: 3, size: 224, filters: 64, kernel: 11, stride: 4, padding: 2 },
  alexnet2: { batch: 8, channels: 64, size: 27, filters: 192, kernel: 5, stride: 1, padding: 2 },
  alexnet3: { batch: 8, channels: 192, size: 13, filters: 384, kernel: 3, stride: 1, padding: 1 },
  alexnet4: { batch: 8, channels: 384, size: 13, filters: 256, kernel: 3, stride: 1, padding: 1 },
  alexnet5: { batch: 8, channels: 256, size: 13, filters: 256, kernel: 3, stride: 1, padding: 1 },
}

export const conv: Suite = {
  name: 'conv',
  about: 'Convolutions and their gradients: each multiply–add counts, also where an algorithm saves it',
  unit: 'GFLOP/s',
  cases: Object.entries(LAYERS).flatMap(([name, sizes]) =>
    (['forward', 'dX', 'dW'] as const).map((part) => {
      const work: Conv = { kind: 'conv', part, ...sizes }
      return { name: `${name} ${part}`, work, flops: 2 * multiplyAdds(work) }
    }),
  ),
}
