// Reading data sets back through a network.
import { type Dataset, network, standardize } from 'hebb'

/** A network that returns its input. */
const reader = (features: number) => network([features], [standardize({ mean: 0, deviation: 1 })])

/** The samples of a data set, as stored in the engine. */
export async function valuesOf(data: Dataset) {
  const features = data.shape.reduce((a, b) => a * b, 1)
  return (await (await reader(features)).predict(data)).toArray()
}

/** Whether each sample's target equals its values, or for classes the index of the largest value. */
export async function targetsAreValues(data: Dataset) {
  const net = await reader(data.shape[0]!)
  return net.evaluate(data, { loss: 'meanSquaredError' })
}
