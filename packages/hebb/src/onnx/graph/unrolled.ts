// Recurrent layers written time step by time step, as PyTorch's newer exporter writes nn.RNN: all their nodes become one, with the
// operator UnrolledRNN, which nodes/unrolled.ts translates if the constants are as they must be.
import type { Attribute, Node } from '../file/messages'
import type { MakerOf } from './patterns'

/** A state: an activation of the sum of a row of the projected inputs and of what comes from the state before. */
interface Step {
  state: Node
  row: Node
  removed: string
  recurrent: string
  product: Node | undefined
  bias: string
}

/** `inputs · W + b`, or without b: the product and the name of b. */
function projection(name: string, makerOf: MakerOf) {
  const sum = makerOf(name, 'Add')
  return { product: makerOf(sum ? sum.inputs[0] : name, 'MatMul'), bias: sum?.inputs[1] ?? '' }
}

function stepOf(state: Node | undefined, makerOf: MakerOf): Step | undefined {
  if (state?.op !== 'Tanh' && state?.op !== 'Relu') return undefined
  const [a = '', b = ''] = makerOf(state.inputs[0], 'Add')?.inputs ?? []
  for (const [taken, recurrent] of [
    [a, b],
    [b, a],
  ] as const) {
    const squeeze = makerOf(taken, 'Squeeze')
    const row = makerOf(squeeze?.inputs[0], 'Slice')
    if (row?.inputs.length === 4)
      return { state, row, removed: squeeze!.inputs[1] ?? '', recurrent, ...projection(recurrent, makerOf) }
  }
  return undefined
}

/** The steps of a layer up to its last state, of which none is in `used`. */
function stepsTo(last: Node | undefined, makerOf: MakerOf, used: Set<Node>): Step[] {
  const steps: Step[] = []
  for (let step = stepOf(last, makerOf); step; ) {
    if (used.has(step.state)) return []
    used.add(step.state)
    steps.push(step)
    const before = stepOf(makerOf(step.product?.inputs[0]), makerOf)
    const same = before?.state.op === step.state.op && before.row.inputs[0] === step.row.inputs[0]
    step = same ? before : undefined
  }
  return steps.reverse()
}

const attribute = (name: string, type: number, own: Partial<Attribute>): Attribute => ({
  name,
  type,
  float: 0,
  int: 0,
  text: '',
  floats: [],
  ints: [],
  texts: [],
  ...own,
})
const text = (name: string, text: string) => attribute(name, 3, { text })

/** The node for all states or for the last one, if this node has them of such steps; states in `used` belong to another layer. */
export function unrolledRnn(node: Node, makerOf: MakerOf, used: Set<Node>): Node | undefined {
  const isLast = node.op === 'Squeeze'
  if (!isLast && node.op !== 'Concat') return undefined
  const states = node.inputs.slice(0, isLast ? 1 : undefined)
  const reads = (at: number, before: number) =>
    stepOf(makerOf(states[at]), makerOf)?.product?.inputs[0] === states[before]
  // Of the backward direction the first time step is the last state.
  const backward = !isLast && states.length > 1 && reads(0, 1)
  if (!isLast && !backward && !(states.length > 1 && reads(1, 0))) return undefined
  const steps = stepsTo(makerOf(backward ? states[0] : states.at(-1)), makerOf, used)
  const [first, ...others] = steps
  if (!first || others.length === 0) return undefined
  const order = steps.map(({ state }) => state.outputs[0])
  if (!isLast && `${backward ? order.reverse() : order}` !== `${states}`) return undefined
  const [{ product, bias }] = others as [Step]
  if (first.product && first.bias !== bias) return undefined
  if (others.some((step) => step.product?.inputs[1] !== product!.inputs[1] || step.bias !== bias))
    return undefined
  const projected = first.row.inputs[0] ?? ''
  const flip = makerOf(projected, 'Slice')
  const inputs = projection(flip ? (flip.inputs[0] ?? '') : projected, makerOf)
  if (!inputs.product || (!isLast && backward !== (flip !== undefined))) return undefined
  const names = [
    inputs.product.inputs[0],
    inputs.product.inputs[1],
    inputs.bias,
    product!.inputs[1],
    bias,
    // What comes before the first step: a state, or what an exporter made of it.
    first.product ? first.product.inputs[0] : '',
    first.product ? '' : first.recurrent,
    ...[1, 2, 3, 4].map((at) => flip?.inputs[at]),
    isLast ? node.inputs[1] : '',
    ...steps.flatMap(({ row, removed }) => [...row.inputs.slice(1), removed]),
  ]
  const attributes = [
    attribute('activations', 8, { texts: [first.state.op] }),
    text('direction', flip ? 'reverse' : 'forward'),
    text('returns', isLast ? 'last' : 'all'),
    ...node.attributes.filter(({ name }) => name === 'axis'),
  ]
  return { ...node, op: 'UnrolledRNN', inputs: names.map((name) => name ?? ''), attributes }
}
