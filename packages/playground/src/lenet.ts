// LeNet-5 in its original and in its modern form.
import { averagePool2d, conv2d, dense, flatten, maxPool2d, type Network, network, standardize } from 'hebb'

export const KINDS = {
  tanh: 'tanh, average pooling (as in 1998)',
  relu: 'ReLU, max pooling (as today)',
} as const
export type Kind = keyof typeof KINDS

export function lenet(activation: Kind): Promise<Network<number>> {
  const pool2d = activation === 'tanh' ? averagePool2d : maxPool2d
  return network(
    [1, 28, 28],
    [
      standardize({ mean: 0.1307, deviation: 0.3081 }),
      conv2d({ filters: 6, kernel: 5, padding: 2, activation }),
      pool2d({ kernel: 2 }),
      conv2d({ filters: 16, kernel: 5, activation }),
      pool2d({ kernel: 2 }),
      flatten(),
      dense({ units: 120, activation }),
      dense({ units: 84, activation }),
      dense({ units: 10, activation: 'softmax' }),
    ],
    { seed: 1 },
  )
}
