import { saveFile } from '../interop/replace'
import { writeSafetensors } from '../interop/safetensors'
import { checkFlag, checkKeys } from '../options'
import type { Tensor } from '../tensor'
import { STATE_KEY, stateTensors } from './checkpoint'
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

/** A network as the bytes of a safetensors file, with its spec and class names in the metadata. */
export async function networkBytes(net: Saveable, options: SaveOptions): Promise<Uint8Array<ArrayBuffer>> {
  checkKeys('save', options, ['optimizer'])
  const { weights, state, values } = checkFlag('save', 'optimizer', options.optimizer ?? false)
    ? await net.checkpoint()
    : { weights: await net.weights() }
  const tensors = Object.entries(weights).map(([name, tensor]) => ({ name, ...tensor }))
  const { spec, classes } = net
  const hebb = JSON.stringify({ version: 1, spec, ...(classes ? { classes } : {}) })
  if (state === undefined || !values) return writeSafetensors(tensors, { format: 'pt', hebb })
  const all = [...tensors, ...stateTensors(state, values)]
  return writeSafetensors(all, { format: 'pt', hebb, [STATE_KEY]: state })
}

/** Writes a network to a file, in Node. An existing file is replaced atomically, see {@link replaceFile}. */
export function saveNetwork(net: Saveable, path: string | URL, options: SaveOptions): Promise<void> {
  return saveFile('network', path, () => networkBytes(net, options))
}
