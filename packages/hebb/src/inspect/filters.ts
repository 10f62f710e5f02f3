import { HebbError } from '../errors'
import { Network } from '../network/network'
import { type Picture, planesOf, toPicture } from './picture'

/**
 * The filters of a convolution as pictures, `[filter][channel]`; filters of three channels are one coloured picture each. Grey is 0,
 * white the largest weight of the layer in size, black its negative: an edge is a picture that is dark on one side and light on the
 * other. `layer` is its name; by default it is the first convolution.
 *
 * @throws HebbError `option` if there is no such convolution
 */
export async function filters(net: Network, layer?: string): Promise<Picture[][]> {
  if (!(net instanceof Network))
    throw new HebbError('option', 'filters takes a network and the name of a layer')
  const { layers } = net.description
  const names = layers.filter(({ type }) => type === 'conv2d').map(({ name }) => name)
  const name = layer ?? names[0]
  if (name === undefined || !names.includes(name)) {
    const own = names.length > 0 ? `they are ${names.join(', ')}` : 'it has none'
    throw new HebbError('option', `filters takes the name of a convolution of the network: ${own}`)
  }
  const { data, shape } = (await net.weights())[`${name}.weight`]!
  const [height, width] = shape.slice(-2) as [number, number]
  const most = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const spec = net.spec.layers[layers.findIndex((one) => one.name === name)]!
  const table = spec.type === 'conv2d' ? spec.connections : undefined
  const planes = planesOf(data, height, width)
  const counts = table ? table.map(({ length }) => length) : Array(shape[0]).fill(shape[1])
  return counts.map((count: number) => {
    const own = planes.splice(0, count)
    const pictures = count === 3 && !table ? [own] : own.map((plane) => [plane])
    return pictures.map((planes) => toPicture(planes, width, -most, most))
  })
}
