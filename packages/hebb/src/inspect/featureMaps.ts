import { HebbError } from '../errors'
import type { Samples } from '../network/input'
import { Network } from '../network/network'
import { type Picture, planesOf, toPicture } from './picture'

/**
 * What the layers make of an image: the maps of every layer whose output is `[C, H, W]`, by its name, a grey picture for each
 * channel. Black is the smallest value of the map, white the largest.
 *
 * @throws HebbError `option`; `shape` if it is not one sample
 */
export async function featureMaps(net: Network, image: Samples): Promise<Record<string, Picture[]>> {
  if (!(net instanceof Network)) throw new HebbError('option', 'featureMaps takes a network and an image')
  const maps: [string, Picture[]][] = []
  for (const [name, { data, shape }] of Object.entries(await net.activations(image))) {
    const own = net.description.layers.find((layer) => layer.name === name)!.output
    if (shape.length !== own.length) throw new HebbError('shape', 'featureMaps takes one image')
    if (own.length !== 3) continue
    const [, height, width] = own as [number, number, number]
    const pictures = planesOf(data, height, width).map((plane) => {
      const [least, most] = [plane.reduce((a, b) => Math.min(a, b)), plane.reduce((a, b) => Math.max(a, b))]
      return toPicture([plane], width, least, most)
    })
    maps.push([name, pictures])
  }
  return Object.fromEntries(maps)
}
