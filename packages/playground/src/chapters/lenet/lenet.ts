// LeNet-5 in its original and in its modern form.
import { conv2d, dense, flatten, maxPool2d, type Network, network, standardize } from 'hebb'
import { lenet5 } from 'hebb/zoo'

export const KINDS = {
  tanh: 'tanh, average pooling (as in 1998)',
  relu: 'ReLU, max pooling (as today)',
} as const
export type Kind = keyof typeof KINDS

/** With random weights. */
export function untrained(kind: Kind, seed: number): Promise<Network<number>> {
  if (kind === 'tanh') return lenet5({ seed })
  const activation = 'relu'
  return network(
    [1, 28, 28],
    [
      standardize({ mean: 0.1307, deviation: 0.3081 }),
      conv2d({ filters: 6, kernel: 5, padding: 2, activation }),
      maxPool2d({ kernel: 2 }),
      conv2d({ filters: 16, kernel: 5, activation }),
      maxPool2d({ kernel: 2 }),
      flatten(),
      dense({ units: 120, activation }),
      dense({ units: 84, activation }),
      dense({ units: 10, activation: 'softmax' }),
    ],
    { seed },
  )
}

/** With the weights that come with Hebb. */
export function trained(): Promise<Network<number>> {
  return lenet5({ weights: 'mnist' })
}
