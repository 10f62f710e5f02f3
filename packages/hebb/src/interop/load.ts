import { builtin } from '../engine/platform'
import { HebbError } from '../errors'
import { Network, type NetworkSpec } from '../network'
import { readSafetensors } from './safetensors'

/** A network from a file, an address or the bytes of {@link Network.toBytes}. */
export async function loadNetwork(source: string | URL | Uint8Array): Promise<Network> {
  const { tensors, metadata } = readSafetensors(source instanceof Uint8Array ? source : await read(source))
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

async function read(source: string | URL): Promise<Uint8Array> {
  const files = builtin<typeof import('node:fs')>('node:fs')
  if (files && !/^(https?|data|blob):/.test(String(source))) {
    return files.promises.readFile(source).catch((error: Error) => {
      throw new HebbError('file', `the network could not be read: ${error.message}`)
    })
  }
  const answer = await fetch(source)
  if (!answer.ok) throw new HebbError('file', `${answer.url} was answered with ${answer.status}`)
  return new Uint8Array(await answer.arrayBuffer())
}
