// The three kinds of files: `.keras`, a zip; `.h5`; TensorFlow.js's `model.json` with files of weights.
import { beside, isOutside } from '../data/formats/beside'
import { bytesOf, nameOf, type Source } from '../data/formats/source'
import { damaged } from './file/damaged'
import { isHdf5, readHdf5 } from './file/hdf5'
import { isObject } from './file/layer'
import { namedStore, namedWeights, numberedStore, type Store } from './file/store'
import { weightGroups, weightsOf } from './file/tfjs'
import { Zip } from './file/zip'

/** What a file has: `{ class_name, config }`, its weights, and the version that wrote it. */
export interface Opened {
  model: unknown
  store: Store
  version: string
}

/** The most bytes of a file within a zip. */
const MAX_UNPACKED = 2 ** 30

/** Where the files of weights are that a `model.json` names. */
export type External = (name: string) => Source | Promise<Source>

export async function openKeras(source: Source, external: External | undefined): Promise<Opened> {
  const bytes = await bytesOf(source, nameOf(source, 'the Keras model'))
  if (isHdf5(bytes)) return openHdf5(bytes)
  return bytes[0] === 0x50 && bytes[1] === 0x4b ? openZip(bytes) : openTfjs(bytes, source, external)
}

function json(bytes: Uint8Array | string, what: string): Record<string, unknown> {
  try {
    const text = typeof bytes === 'string' ? bytes : new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    const value: unknown = JSON.parse(text)
    if (isObject(value)) return value
  } catch {
    // As if it were something else.
  }
  return damaged(`${what} is no JSON object`)
}

async function openZip(bytes: Uint8Array): Promise<Opened> {
  const zip = new Zip(bytes)
  const read = (name: string) => zip.file(name, MAX_UNPACKED)
  // One after the other, so that of several damaged files the first is named.
  const config = await read('config.json')
  const metadata = await read('metadata.json')
  const weights = await read('model.weights.h5')
  const { keras_version: version } = json(metadata, 'its metadata.json')
  const model = json(config, 'its config.json')
  return { model, store: numberedStore(readHdf5(weights)), version: String(version) }
}

function openHdf5(bytes: Uint8Array): Opened {
  const file = readHdf5(bytes)
  const config = file.texts.get('model_config')
  if (config === undefined) damaged('it has weights without a model; save the whole model')
  const weights = file.groups.get('model_weights') ?? damaged('it has no weights')
  return {
    model: json(config!, 'its model_config'),
    store: namedStore([...namedWeights(weights, [])]),
    version: file.texts.get('keras_version') ?? '',
  }
}

async function openTfjs(bytes: Uint8Array, source: Source, external: External | undefined): Promise<Opened> {
  const { format, modelTopology, weightsManifest } = json(bytes, 'a file that is neither a zip nor HDF5')
  if (format === 'graph-model')
    damaged('it is a graph model of TensorFlow.js; convert the model to ONNX instead, by tf2onnx')
  if (!isObject(modelTopology)) return damaged('it has no modelTopology')
  const files = new Map<string, Uint8Array>()
  const groups = weightGroups(weightsManifest)
  for (const path of groups.flatMap(({ paths }) => paths)) {
    if (isOutside(path)) damaged(`its weights are in "${path.slice(0, 80)}", which is not beside the model`)
    if (files.has(path)) damaged(`it names "${path.slice(0, 80)}" twice`)
    files.set(path, await bytesOf(external ? await external(path) : beside(source, path), path))
  }
  const weights = groups.flatMap((group) =>
    weightsOf(group, joined(group.paths.map((path) => files.get(path)!))),
  )
  // What Python's converter writes has the model within.
  const model = modelTopology.model_config ?? modelTopology
  return {
    model,
    store: namedStore(weights.map(([name, tensor]) => ({ path: name.split('/'), tensor: () => tensor }))),
    version: String(modelTopology.keras_version),
  }
}

/** Files of weights one after the other. */
function joined(files: readonly Uint8Array[]): Uint8Array {
  if (files.length === 1) return files[0]!
  const all = new Uint8Array(files.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const file of files) {
    all.set(file, at)
    at += file.length
  }
  return all
}
