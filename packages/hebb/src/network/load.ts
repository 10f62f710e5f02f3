import { bytesOf, nameOf, type Source } from '../data/formats/source'
import { HebbError } from '../errors'
import { separateState } from '../interop/optimizerState'
import { FLOATS, parseSafetensors } from '../interop/safetensors'
import { isTexts } from '../options'
import { Network } from './network'
import type { NetworkSpec } from './spec'

/**
 * Loads a network from a file, a URL or the bytes of {@link Network.toBytes}, with the optimizer's state if it was saved.
 */
export async function loadNetwork(source: Source): Promise<Network> {
  const { tensors, metadata } = parseSafetensors(await bytesOf(source, nameOf(source, 'the network')), FLOATS)
  let saved: { spec?: NetworkSpec; classes?: readonly string[] }
  try {
    saved = JSON.parse(metadata.hebb ?? '')
  } catch {
    throw new HebbError(
      'file',
      'this safetensors file has weights, but no network: make the network with its layers, then await net.setWeights(await readSafetensors(file))',
    )
  }
  const { classes } = saved ?? {}
  if (!saved?.spec || !(classes === undefined || isTexts(classes))) {
    throw new HebbError('file', 'the description of the network in this file is damaged')
  }
  const { weights, state } = separateState(tensors, metadata)
  const net = await Network.create(saved.spec, classes, true)
  try {
    await net.adopt(weights, state)
    return net
  } catch (error) {
    net.dispose()
    throw error
  }
}
