// Layers that programs write as several nodes, which become one node with an operator of its own.
import type { Node } from '../file/messages'
import { unrolledRnn } from './unrolled'

/** What makes a value, if it has one of these operators. */
export type MakerOf = (name: string | undefined, ...ops: string[]) => Node | undefined

/** The nodes of a graph; the last node of a layer that is recognised stands for the layer, and those before it are not read. */
export function recognized(nodes: readonly Node[]): Node[] {
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node])))
  const makerOf: MakerOf = (name = '', ...ops) => {
    const maker = makers.get(name)
    return maker && (ops.length === 0 || ops.includes(maker.op)) ? maker : undefined
  }
  const used = new Set<Node>()
  return nodes.map(
    (node) =>
      responseNorm(node, makerOf) ?? radial(node, makerOf) ?? unrolledRnn(node, makerOf, used) ?? node,
  )
}

/** What lies between the pooling and what follows: an axis is removed, if it is one. */
const REMOVING = ['Reshape', 'Squeeze', 'If', 'Equal', 'Gather', 'Shape']

/** PyTorch's local response normalisation: x / (k + α · mean of x² over channels)^β, the mean as a pooling in three dimensions. */
function responseNorm(node: Node, makerOf: MakerOf): Node | undefined {
  if (node.op !== 'Div') return undefined
  const [x] = node.inputs
  const power = makerOf(node.inputs[1], 'Pow')
  const shifted = makerOf(power?.inputs[0], 'Add')
  const scaled = makerOf(shifted?.inputs[0], 'Mul')
  let pool = makerOf(scaled?.inputs[0], ...REMOVING)
  for (let step = 0; pool && pool.op !== 'AveragePool' && step < REMOVING.length; step++)
    pool = makerOf(pool.inputs[0], ...REMOVING, 'AveragePool')
  const padded = makerOf(pool?.inputs[0], 'Pad')
  const shaped = makerOf(padded?.inputs[0], 'Reshape')
  const square = makerOf(shaped?.inputs[0], 'Mul')
  const found = pool?.op === 'AveragePool' && square?.inputs.every((name) => name === x)
  if (
    !found ||
    padded!.inputs[2] ||
    padded!.attributes.some(({ name, text }) => name === 'mode' && text !== 'constant')
  )
    return undefined
  const constants = [shaped, padded, scaled, shifted, power].map((one) => one!.inputs[1] ?? '')
  return { ...node, op: 'LocalResponseNorm', inputs: [x!, ...constants], attributes: pool!.attributes }
}

/** Radial basis functions as Hebb writes them: −‖x − c‖², or its exponential with a factor for each unit. */
function radial(node: Node, makerOf: MakerOf): Node | undefined {
  const weighted = node.op === 'Exp' ? makerOf(node.inputs[0], 'Mul') : undefined
  const negative =
    node.op === 'Exp' ? makerOf(weighted?.inputs[0], 'Neg') : node.op === 'Neg' ? node : undefined
  const squares = makerOf(negative?.inputs[0], 'ReduceSumSquare')
  const apart = makerOf(squares?.inputs[0], 'Sub')
  const beside = makerOf(apart?.inputs[0], 'Unsqueeze')
  if (!beside) return undefined
  const inputs = [
    beside.inputs[0],
    apart!.inputs[1],
    beside.inputs[1],
    squares!.inputs[1],
    weighted?.inputs[1],
  ]
  return {
    ...node,
    op: 'RadialBasis',
    inputs: inputs.map((name) => name ?? ''),
    attributes: squares!.attributes,
  }
}
