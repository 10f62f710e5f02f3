import { bytesOf, nameOf, type Source } from '../data/source'
import { HebbError } from '../errors'
import { Network } from '../network'
import type { NetworkSpec } from '../spec'
import { readSafetensors } from './safetensors'

/** A network from a file, an address or the bytes of {@link Network.toBytes}. */
export async function loadNetwork(source: Source): Promise<Network> {
  const { tensors, metadata } = readSafetensors(await bytesOf(source, nameOf(source, 'the network')))
  let saved: { spec?: NetworkSpec; classes?: readonly string[] }
  try {
    saved = JSON.parse(metadata.hebb ?? '')
  } catch {
    throw new HebbError(
      'file',
      'this safetensors file says nothing of the network it belongs to: make the network, then setWeights',
    )
  }
  if (!saved?.spec || (saved.classes !== undefined && !Array.isArray(saved.classes))) {
    throw new HebbError('file', 'the description of the network in this file is damaged')
  }
  const net = await Network.create(saved.spec, saved.classes)
  try {
    await net.setWeights(Object.fromEntries(tensors.map(({ name, data, shape }) => [name, { data, shape }])))
    return net
  } catch (error) {
    net.dispose()
    throw error
  }
}
