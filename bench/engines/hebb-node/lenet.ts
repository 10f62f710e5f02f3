// The benchmark's LeNet-5: ReLU and max pooling, or the classic tanh and average pooling.
import { averagePool2d, conv2d, dense, flatten, maxPool2d, type Network, network } from 'hebb'

export async function lenet(variant: string): Promise<Network> {
  const activation = variant === 'tanh' ? 'tanh' : 'relu'
  const pool = variant === 'tanh' ? averagePool2d : maxPool2d
  return network(
    [1, 28, 28],
    [
      conv2d({ filters: 6, kernel: 5, padding: 2, activation }),
      pool({ kernel: 2 }),
      conv2d({ filters: 16, kernel: 5, activation }),
      pool({ kernel: 2 }),
      flatten(),
      dense({ units: 120, activation }),
      dense({ units: 84, activation }),
      dense({ units: 10, activation: 'softmax' }),
    ],
    { seed: 1 },
  )
}
