import { builtin } from '../engine/platform'
import { HebbError, shown } from '../errors'
import { replaceFile } from '../interop/replace'
import { writeSafetensors } from '../interop/safetensors'
import type { Tensor } from '../tensor'
import type { NetworkSpec } from './spec'

/** The parts of a network that are saved. */
interface Saveable {
  readonly spec: NetworkSpec
  readonly classes: readonly string[] | undefined
  weights(): Promise<Record<string, Tensor>>
}

/** A network as the bytes of a safetensors file, with its spec and class names in the metadata. */
export async function networkBytes(net: Saveable): Promise<Uint8Array<ArrayBuffer>> {
  const weights = await net.weights()
  const tensors = Object.entries(weights).map(([name, tensor]) => ({ name, ...tensor }))
  const { spec, classes } = net
  const hebb = JSON.stringify({ version: 1, spec, ...(classes ? { classes } : {}) })
  return writeSafetensors(tensors, { format: 'pt', hebb })
}

/** Writes a network to a file, in Node. An existing file is replaced atomically, see {@link replaceFile}. */
export async function saveNetwork(net: Saveable, path: string | URL): Promise<void> {
  const url = builtin<typeof import('node:url')>('node:url')
  if (!url) {
    throw new HebbError('option', 'in a browser there are no files: use toBytes() and offer it as a download')
  }
  if (path === '' || (typeof path !== 'string' && !(path instanceof URL))) {
    throw new HebbError('option', `save takes the path of a file, got ${shown(path)}`)
  }
  const bytes = await networkBytes(net)
  try {
    await replaceFile(path instanceof URL ? url.fileURLToPath(path) : path, bytes)
  } catch (error) {
    throw new HebbError('file', `the network could not be saved: ${(error as Error).message}`)
  }
}
