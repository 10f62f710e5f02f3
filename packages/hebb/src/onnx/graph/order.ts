// The order in which the nodes of a graph are translated.
import type { Graph, Node } from '../file/messages'
import { damaged } from '../file/protobuf'

/** The nodes that outputs depend on, in an order in which each follows those that it reads. */
export function ordered(graph: Graph, known: ReadonlySet<string>): Node[] {
  const makers = new Map(
    graph.nodes.flatMap((node) => node.outputs.filter(Boolean).map((name) => [name, node])),
  )
  const order: Node[] = []
  const state = new Map<Node, 'open' | 'done'>()
  const stack = graph.outputs.flatMap(({ name }) => makers.get(name) ?? []).reverse()
  while (stack.length > 0) {
    const node = stack.at(-1)!
    const before = state.get(node)
    if (before) {
      stack.pop()
      if (before === 'open') order.push(node)
      state.set(node, 'done')
      continue
    }
    state.set(node, 'open')
    for (const name of [...node.inputs].reverse()) {
      const maker = known.has(name) ? undefined : makers.get(name)
      if (!maker) continue
      if (state.get(maker) === 'open') damaged(`node "${node.name}" depends on itself`)
      if (!state.has(maker)) stack.push(maker)
    }
  }
  return order
}
