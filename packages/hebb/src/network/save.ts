import { saveFile } from '../interop/saveFile'
import { STATE_KEY, STATE_PREFIX, type StateDescription } from '../interop/stateNames'
import { type FileParts, type NamedTensor, writeSafetensors } from '../interop/writeSafetensors'
import { checkFlag, checkKeys } from '../options'
import { type Bytes, size, type Tensor } from '../tensor'
import type { NetworkSpec } from './spec'

/** What {@link Network.toBytes} and {@link Network.save} write besides the network. */
export interface SaveOptions {
  /** Whether the optimizer's state is saved too, so that training goes on with the same bits. Default false. */
  optimizer?: boolean
}

/** The parts of a network that are saved. */
interface Saveable {
  readonly spec: NetworkSpec
  readonly classes: readonly string[] | undefined
  weights(): Promise<Record<string, Tensor>>
  /** The weights, and the optimizer's state of the same moment. */
  checkpoint(): Promise<{ weights: Record<string, Tensor>; state?: string; values?: Float32Array }>
}

/** A network as the bytes of a safetensors file. */
export async function networkBytes(net: Saveable, options: SaveOptions): Promise<Bytes> {
  checkKeys('save', options, ['optimizer'])
  return networkFile(net, checkFlag('save', 'optimizer', options.optimizer ?? false))
}

/**
 * A network as the bytes of a safetensors file, with its spec and class names in the metadata: with the optimizer's state, if it
 * is asked for, and with more tensors, and metadata that comes first.
 */
export async function networkFile(net: Saveable, optimizer: boolean, more?: FileParts): Promise<Bytes> {
  const { weights, state, values } = optimizer ? await net.checkpoint() : { weights: await net.weights() }
  const own = Object.entries(weights).map(([name, tensor]) => ({ name, ...tensor }))
  const { spec, classes } = net
  const hebb = JSON.stringify({ version: 1, spec, ...(classes ? { classes } : {}) })
  return writeSafetensors({
    tensors: [...own, ...(state && values ? stateTensors(state, values) : []), ...(more?.tensors ?? [])],
    metadata: { ...more?.metadata, format: 'pt', hebb, ...(state && { [STATE_KEY]: state }) },
  })
}

/** The tensors of an optimizer's state. */
function stateTensors(state: string, values: Float32Array): NamedTensor[] {
  const { tensors } = JSON.parse(state) as StateDescription
  let at = 0
  return tensors.map(({ name, shape }) => {
    const from = at
    at += size(shape)
    return { name: STATE_PREFIX + name, shape, data: values.subarray(from, at) }
  })
}

/** Writes a network to a file, in Node. An existing file is replaced atomically, see {@link replaceFile}. */
export function saveNetwork(net: Saveable, path: string | URL, options: SaveOptions): Promise<void> {
  return saveFile('network', path, () => networkBytes(net, options))
}
