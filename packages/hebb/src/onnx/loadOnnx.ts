// Networks of ONNX files.
import { bytesOf, type Source as File, nameOf } from '../data/formats/source'
import { fromWeights } from '../network/fromWeights'
import type { Network } from '../network/network'
import { checkCallback, checkKeys, checkWhole } from '../options'
import type { Graph, Model, Node } from './file/messages'
import { damaged, readModel } from './file/protobuf'
import { readExternal } from './graph/constants'
import { opsetOf, type SampleShapes, translate } from './translate'

/** The numbers that a file may make, besides four for each byte that it has. */
const FREE_NUMBERS = 2 ** 22

/** The versions of the operators that are understood. */
const OPSETS = [6, 27] as const

export interface LoadOnnxOptions {
  /**
   * The shape of one sample, without the batch, where the file leaves it open; or of several inputs by name. In the order of the
   * file's axes: `[T, features]` for an input `[T, N, features]` too.
   */
  input?: SampleShapes
  /** The names of the classes. */
  classes?: readonly string[]
  /** The seed of dropout. Default 0. */
  seed?: number
  /**
   * Where a file of weights is that the model names: its path, address or bytes. Default: beside the model. Files outside of the
   * model's folder are refused.
   */
  external?: (name: string) => File | Promise<File>
  /**
   * The most numbers that its weights may be and that are computed of them, so that a small hostile file cannot fill the memory.
   * Default: four for each byte of the files, and 2²² more.
   */
  maxNumbers?: number
}

/**
 * Loads a network with its weights from an ONNX file: a path (Node), a URL or bytes. It predicts, and trains, like one that is made
 * with Hebb's layers. A sample comes without the batch's axis, the batch first: an input `[T, N, features]` is `[N, T, features]`
 * here, and so are outputs. What has no counterpart is named, all of it, in one error.
 *
 * @example const net = await loadOnnx('lenet5.onnx')
 * @throws HebbError `file` if the file is damaged or has parts that Hebb has no layer for; `option`, `shape`, `data`, `memory`
 */
export async function loadOnnx(source: File, options: LoadOnnxOptions = {}): Promise<Network> {
  checkKeys('loadOnnx', options, ['input', 'classes', 'seed', 'external', 'maxNumbers'])
  checkCallback('loadOnnx', 'external', options.external)
  const seed = checkWhole('loadOnnx', 'seed', options.seed ?? 0, 0)
  const bytes = await bytesOf(source, nameOf(source, 'the ONNX model'))
  const model = readModel(bytes)
  const graph = checkModel(model)
  const tensors = [...graph.initializers, ...graph.nodes.flatMap(tensorsOf)]
  const files = await readExternal(tensors, source, options.external)
  const size = [...files.values()].reduce((sum, file) => sum + file.length, bytes.length)
  const { maxNumbers = FREE_NUMBERS + 4 * size } = options
  const room = checkWhole('loadOnnx', 'maxNumbers', maxNumbers, 0)
  const { input } = options
  const { spec, weights } = translate(graph, { opset: opsetOf(model.opsets), files, input, seed, room })
  return fromWeights(spec, weights, options.classes)
}

const tensorsOf = (node: Node) => node.attributes.flatMap(({ tensor }) => (tensor ? [tensor] : []))

/** The graph of a model whose operators are understood. */
function checkModel({ graph, opsets }: Model): Graph {
  if (!graph || graph.nodes.length === 0) return damaged('it has no graph')
  if (graph.outputs.length === 0) damaged('its graph has no outputs')
  if (graph.sparse.length > 0) damaged('it has sparse tensors, which are not supported')
  const version = opsetOf(opsets)
  if (!(version >= OPSETS[0] && version <= OPSETS[1]))
    damaged(`its operators are of version ${version}; Hebb reads ${OPSETS[0]} to ${OPSETS[1]}`)
  return graph
}
