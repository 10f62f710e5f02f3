// The networks of a command: safetensors, with how their data was read, ONNX, and files of Keras and TensorFlow.js.
import { accessSync, constants } from 'node:fs'
import { dirname } from 'node:path'
import { InvalidArgumentError } from 'commander'
import { HebbError, loadNetwork, type Network } from 'hebb'
import { bytesOf } from '../data/formats/source'
import { parseSafetensors } from '../interop/safetensors'
import { saveFile } from '../interop/saveFile'
import { networkFile } from '../network/save'
import type { Reading } from './data'

/** The key of the metadata. */
const KEY = 'hebb.data'

/** Throws unless a network can be saved there: known before it is trained. */
export function checkPlace(path: string): void {
  if (!/\.(safetensors|onnx)$/i.test(path))
    throw new InvalidArgumentError(`${path} ends neither in .safetensors nor in .onnx`)
  try {
    accessSync(dirname(path), constants.W_OK)
  } catch (error) {
    throw new HebbError('file', `${path} cannot be written: ${(error as Error).message}`)
  }
}

const isOnnx = (path: string) => /\.onnx$/i.test(path)
const isKeras = (path: string) => /\.(keras|h5|hdf5|json)$/i.test(path)

/** A network, and how the data of its training was read, if that is known. */
export interface Model {
  net: Network
  reading: Reading | undefined
}

/** Loads a network. `input` is the shape of a sample, where another program's file leaves it open. */
export async function openModel(path: string, { input }: { input?: number[] }): Promise<Model> {
  if (isOnnx(path)) {
    const { loadOnnx } = await import('hebb/onnx')
    return { net: await loadOnnx(path, input ? { input } : {}), reading: undefined }
  }
  if (isKeras(path)) {
    const { loadKeras } = await import('hebb/keras')
    return { net: await loadKeras(path, input ? { input } : {}), reading: undefined }
  }
  const bytes = await bytesOf(path, path)
  const reading = readingOf(parseSafetensors(bytes).metadata[KEY], path)
  return { net: await loadNetwork(bytes), reading }
}

function readingOf(text: string | undefined, path: string): Reading | undefined {
  if (text === undefined) return undefined
  try {
    const { format, options } = JSON.parse(text)
    if (format === 'idx') return { format }
    if (['CSV', 'images'].includes(format) && typeof options === 'object' && options)
      return { format, options }
  } catch {
    // It is no JSON.
  }
  throw new HebbError('file', `${path}: its description of the data is damaged`)
}

/** Saves a network as the file's name says. */
export async function saveModel({ net, reading }: Model, path: string): Promise<void> {
  if (isOnnx(path)) return (await import('hebb/onnx')).saveOnnx(net, path)
  const metadata: Record<string, string> = reading ? { [KEY]: JSON.stringify(reading) } : {}
  await saveFile('network', path, () => networkFile(net, false, { tensors: [], metadata }))
}
