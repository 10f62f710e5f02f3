import { HebbError } from '../errors'
import type { Samples } from '../network/input'
import { Network } from '../network/network'

/** The outputs of a layer over some samples. */
export interface ActivationStatistics {
  name: string
  mean: number
  /** The standard deviation. */
  deviation: number
  least: number
  most: number
  /** The share of zeros: of units behind ReLU those that are off. */
  zeros: number
  /** The share of units that give the same for all samples: with ReLU those that are dead, with tanh those that are saturated. */
  constant: number
}

/**
 * The statistics of each layer's output over a batch. A healthy network keeps its deviations of one size from layer to layer;
 * where they shrink to nothing or grow, or most units are constant, it learns slowly or not at all.
 *
 * @throws HebbError `option`; `shape`, `data`
 */
export async function activationStatistics(net: Network, x: Samples): Promise<ActivationStatistics[]> {
  if (!(net instanceof Network)) {
    throw new HebbError('option', 'activationStatistics takes a network and samples')
  }
  const { layers } = net.description
  return Object.entries(await net.activations(x)).map(([name, { data }]) => {
    const units = layers.find((layer) => layer.name === name)!.output.reduce((a, b) => a * b)
    let [sum, squares, least, most, zeros] = [0, 0, Infinity, -Infinity, 0]
    for (const value of data) {
      sum += value
      least = Math.min(least, value)
      most = Math.max(most, value)
      if (value === 0) zeros++
    }
    const mean = sum / data.length
    const varies = new Uint8Array(units)
    for (const [i, value] of data.entries()) {
      squares += (value - mean) ** 2
      if (value !== data[i % units]) varies[i % units] = 1
    }
    return {
      name,
      mean,
      deviation: Math.sqrt(squares / data.length),
      least,
      most,
      zeros: zeros / data.length,
      constant: 1 - varies.reduce((a, b) => a + b, 0) / units,
    }
  })
}
