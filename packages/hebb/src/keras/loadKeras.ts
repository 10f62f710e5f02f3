// Networks of Keras's and TensorFlow.js's files.
import type { Source } from '../data/formats/source'
import { fromWeights } from '../network/fromWeights'
import type { Network } from '../network/network'
import { checkCallback, checkKeys, checkWhole } from '../options'
import { readModel } from './file/graph'
import { type External, openKeras } from './open'
import { type SampleShapes, translate } from './translate'

export interface LoadKerasOptions {
  /** The shape of one sample where the file leaves it open, in Keras's order: `[H, W, C]`; or of several inputs by name. */
  input?: SampleShapes
  /** The names of the classes. */
  classes?: readonly string[]
  /** The seed of dropout. Default 0. */
  seed?: number
  /**
   * Where a file of weights is that a `model.json` names: its path, address or bytes. Default: beside the model. Files outside of
   * the model's folder are refused.
   */
  external?: External
}

/**
 * Loads a network with its weights from a file of Keras (`.keras`, or `.h5` with the whole model) or of TensorFlow.js
 * (`model.json` of a layers model): a path (Node), a URL or bytes. It predicts, and trains, like one that is made with Hebb's
 * layers. **Images have their channels first**: an input `[H, W, C]` of Keras is `[C, H, W]` here, and so are outputs that are
 * images; sequences stay `[T, features]`. Noise, regularisation and constraints of the training are left out. What has no
 * counterpart is named, all of it, in one error.
 *
 * @example const net = await loadKeras('digits.keras')
 * @throws HebbError `file` if the file is damaged or has parts that Hebb has no layer for; `option`, `shape`, `data`, `memory`
 */
export async function loadKeras(source: Source, options: LoadKerasOptions = {}): Promise<Network> {
  checkKeys('loadKeras', options, ['input', 'classes', 'seed', 'external'])
  checkCallback('loadKeras', 'external', options.external)
  const seed = checkWhole('loadKeras', 'seed', options.seed ?? 0, 0)
  const { model, store, version } = await openKeras(source, options.external)
  const { spec, weights } = translate(readModel(model), { store, version, input: options.input, seed })
  return fromWeights(spec, weights, options.classes)
}
