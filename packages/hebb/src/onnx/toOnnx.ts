// Networks as ONNX files.
import { HebbError } from '../errors'
import { saveFile } from '../interop/saveFile'
import type { Layer } from '../layers'
import { Network } from '../network/network'
import type { Bytes, Tensor } from '../tensor'
import { writeModel } from './file/protobuf'
import { writeActivation } from './write/activations'
import { WRITING, type Written } from './write/layers'
import { valueInfo, Writer } from './write/writer'

/** The version of ONNX's operators that is written, and that of the file's format. */
const OPSET = 20
const IR_VERSION = 9

/**
 * A network as the bytes of an ONNX file (version 20 of the operators). Its inputs and outputs have the names, and the shapes with
 * the batch first, that they have in Hebb; token numbers are 64-bit integers. Losses, optimizers, class names and the recipe for images are not part of
 * it. {@link loadOnnx} reads it.
 *
 * @throws HebbError `option` if a network of another kind, or one with sequences of different lengths, is given
 */
export async function toOnnx(net: Network): Promise<Bytes> {
  if (!(net instanceof Network)) throw new HebbError('option', 'toOnnx takes a network')
  const { layers, inputs, outputs } = net.description
  const lengths = inputs.find(([name]) => name.endsWith('.lengths'))
  if (lengths)
    throw new HebbError('option', `toOnnx: ONNX files have no "${lengths[0]}"; leave it out of the inputs`)
  const weights = await net.weights()
  const writer = new Writer()
  const specs = new Map(net.spec.layers.map((layer, at) => [layers[at]!.name, layer]))
  const shapes = new Map(inputs)
  const tokens = new Set(layers.filter(({ type }) => type === 'embedding').map(({ from }) => from[0]!))
  const floats = new Map<string, string>()

  for (const { name, from, output } of layers) {
    const own = specs.get(name)!
    const [layer, owner] = own.type === 'shared' ? [specs.get(own.of)!, own.of] : [own, name]
    const read = (one: string) => {
      if (!tokens.has(one) || layer.type === 'embedding') return one
      if (!floats.has(one)) floats.set(one, writer.node('Cast', [one], { to: 1 }))
      return floats.get(one)!
    }
    const written: Written = {
      inputs: from.map(read),
      shapes: from.map((one) => shapes.get(one)!),
      output,
      weight: (part) => weights[`${owner}.${part}`]!,
      named: (part) => `${owner}.${part}`,
    }
    writeLayer(writer, layer, written, name, weights[`${owner}.slope`])
    shapes.set(name, output)
  }
  return writeModel({
    irVersion: IR_VERSION,
    producer: 'hebb',
    opsets: [{ version: OPSET }],
    graph: {
      name: 'hebb',
      nodes: writer.nodes,
      initializers: writer.initializers,
      inputs: inputs.map(([name, shape]) => valueInfo(name, shape, tokens.has(name))),
      outputs: outputs.map(({ name, shape }) => valueInfo(name, shape)),
    },
  })
}

function writeLayer(
  writer: Writer,
  layer: Layer,
  own: Written,
  name: string,
  slope: Tensor | undefined,
): void {
  const write = WRITING[layer.type as keyof typeof WRITING] as (
    writer: Writer,
    layer: Layer,
    own: Written,
  ) => string
  const value = write(writer, layer, own)
  const activation = 'activation' in layer && layer.type !== 'rnn' ? layer.activation : 'identity'
  const made = writeActivation(writer, activation, value, own.output, slope)
  // The value that others read has the layer's name.
  const last = writer.nodes.at(-1)
  if (last && made !== own.inputs[0]) {
    last.outputs = last.outputs!.map((output) => (output === made ? name : output))
    last.name = name
  } else writer.node('Identity', [made], {}, name)
}

/**
 * Writes {@link toOnnx} to a file, in Node. An existing file is replaced atomically.
 *
 * @throws HebbError `file`, `option`
 */
export function saveOnnx(net: Network, path: string | URL): Promise<void> {
  return saveFile('ONNX file', path, () => toOnnx(net))
}
