// Recurrent layers as nodes: one for each level, with axes [T, N, features].
import type { Layer } from '../../layers'
import type { Tensor } from '../../tensor'
import type { Writer } from './writer'

type Recurrent = Extract<Layer, { type: 'rnn' | 'gru' | 'lstm' }>

/** For each gate in ONNX's order its place in PyTorch's: z, r, h of r, z, n; i, o, f, c of i, f, g, o. */
const GATES = { rnn: [0], gru: [1, 0, 2], lstm: [0, 3, 1, 2] }
const ACTIVATIONS = { tanh: 'Tanh', sigmoid: 'Sigmoid', relu: 'Relu' }
const DIRECTIONS = { forward: ['forward'], backward: ['reverse'], both: ['forward', 'reverse'] } as const

/** The weights of all directions, each gate by gate in ONNX's order, one after the other. */
function stacked(tensors: readonly Tensor[], gates: readonly number[], shape: readonly number[]): Tensor {
  const parts = tensors.flatMap(({ data }) => {
    const length = data.length / gates.length
    return gates.map((gate) => data.subarray(gate * length, (gate + 1) * length))
  })
  return { data: Float32Array.from(parts.flatMap((part) => [...part])), shape }
}

/** Adds the nodes of a recurrent layer; `weight` gives its tensors. */
export function writeRecurrent(
  writer: Writer,
  layer: Recurrent,
  x: string,
  weight: (part: string) => Tensor,
): string {
  const gates = GATES[layer.type]
  const rows = gates.length * layer.units
  const ways = DIRECTIONS[layer.direction]
  const directions = ways.length
  const settings = {
    hidden_size: layer.units,
    direction: directions === 2 ? 'bidirectional' : ways[0],
    ...(layer.type === 'gru' && { linear_before_reset: Number(layer.reset === 'after') }),
    ...(layer.type === 'rnn' && {
      activations: Array<string>(directions).fill(ACTIVATIONS[layer.activation]),
    }),
  }
  let value = writer.node('Transpose', [x], { perm: [1, 0, 2] })
  for (let level = 0; level < layer.layers; level++) {
    const both = (part: string) =>
      ways.map((way) => weight(`${part}_l${level}${way === 'reverse' ? '_reverse' : ''}`))
    const inputs = both('weight_ih')
    const W = writer.floats(stacked(inputs, gates, [directions, rows, inputs[0]!.shape[1]!]))
    const R = writer.floats(stacked(both('weight_hh'), gates, [directions, rows, layer.units]))
    const biases = layer.bias ? [both('bias_ih'), both('bias_hh')] : []
    const perDirection = Array.from({ length: directions }, (_, d) => biases.map((kind) => kind[d]!)).flat()
    const B = layer.bias ? writer.floats(stacked(perDirection, gates, [directions, 2 * rows])) : ''
    const states = initialStates(writer, layer, value, both)
    const last = layer.returns === 'last' && level === layer.layers - 1
    const op = layer.type.toUpperCase()
    const made = writer.node(
      op,
      [value, W, R, B, ...(states.length > 0 ? ['', ...states] : [])],
      settings,
      undefined,
      last ? 1 : 0,
    )
    if (last) {
      const turned = writer.node('Transpose', [made], { perm: [1, 0, 2] })
      return writer.node('Reshape', [turned, writer.ints([0, directions * layer.units])])
    }
    const turned = writer.node('Transpose', [made], { perm: [0, 2, 1, 3] })
    value = writer.node('Reshape', [turned, writer.ints([0, 0, directions * layer.units])])
  }
  return writer.node('Transpose', [value], { perm: [1, 0, 2] })
}

/** The learned states, repeated for each sample. */
function initialStates(
  writer: Writer,
  layer: Recurrent,
  value: string,
  both: (part: string) => Tensor[],
): string[] {
  if (layer.initialState === 'zeros') return []
  const parts = layer.type === 'lstm' ? ['initial_h', 'initial_c'] : ['initial_h']
  return parts.map((part) => {
    const own = both(part)
    const state = writer.floats(stacked(own, [0], [own.length, 1, layer.units]))
    const batch = writer.node('Gather', [writer.node('Shape', [value]), writer.ints([1])])
    const shape = writer.node('Concat', [writer.ints([own.length]), batch, writer.ints([layer.units])], {
      axis: 0,
    })
    return writer.node('Expand', [state, shape])
  })
}
