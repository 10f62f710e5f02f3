// Which axis of an input is the batch: the first, but the second of what an RNN, GRU or LSTM reads time step by time step.
import type { Node } from '../file/messages'

/** Operators that leave the axes of their first input where they are. */
const KEEPS = /^(Identity|Cast|Dropout|Relu|Tanh|Sigmoid|MatMul|Add|Sub|Mul|Div|LeakyRelu|Clip)$/

/** The batch's axis of each input, followed back from the recurrent nodes. */
export function batchAxes(nodes: readonly Node[], inputs: readonly string[]): Map<string, number> {
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node])))
  const axes = new Map<string, number>()
  for (const node of nodes) {
    if (!/^(RNN|GRU|LSTM|UnrolledRNN)$/.test(node.op)) continue
    const layout = node.attributes.find(({ name }) => name === 'layout')?.int ?? 0
    let [name, axis] = [node.inputs[0] ?? '', layout === 1 ? 0 : 1]
    for (let maker = makers.get(name); maker; maker = makers.get(name)) {
      if (maker.op === 'Transpose')
        axis = maker.attributes.find(({ name }) => name === 'perm')?.ints[axis] ?? axis
      else if (maker.op === 'Gather') {
        name = maker.inputs[1] ?? ''
        continue
      } else if (!KEEPS.test(maker.op)) break
      name = maker.inputs[0] ?? ''
    }
    if (inputs.includes(name) && !axes.has(name)) axes.set(name, axis)
  }
  return axes
}
