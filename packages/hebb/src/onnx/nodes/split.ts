// Parts of what a layer with weights computes: a layer for each part, with its share of the weights.
import type { NodeView, Translator } from '../graph/node'
import { shownShape, type Value } from '../graph/value'

/** The sizes of the parts of `length`. */
function sizes(node: NodeView, length: number): number[] {
  const given = node.list('split', 1)
  if (given) return given
  const parts = node.int('num_outputs', node.node.outputs.length)
  if (!(parts >= 1 && parts <= length)) node.fail(`makes ${parts} parts of ${length}`)
  const size = Math.ceil(length / parts)
  return Array.from({ length: parts }, (_, at) => Math.min(size, length - at * size))
}

const split: Translator = (node) => {
  const value = node.value()
  const axis = node.axis(value.axes.length, 0)
  const length = value.shape[axis] ?? node.fail(`has no axis ${axis}`)
  const all = sizes(node, length)
  if (all.some((n) => !(n > 0)) || all.reduce((sum, n) => sum + n, 0) !== length)
    node.fail(`makes parts of ${all} of ${length}`)
  const { units } = value.source
  const [dim, ...others] = value.axes[axis]!
  const own = dim && others.length === 0 && dim === value.memory.at(units?.at ?? 0)
  if (!units || !own || !value.sole || value.formula)
    return node.fail(`takes parts of [${shownShape(value)}], which are no units of a layer before it`)
  let first = 0
  return all.map((size): Value => {
    const made = size > 1 ? [{ size }] : []
    const replaced = (one: typeof dim) => (one === dim ? made : [one])
    const part = value.of(units.part(first, size))
    first += size
    return part.with(
      value.axes.map((one) => one.flatMap(replaced)),
      value.memory.flatMap(replaced),
    )
  })
}

export const SPLIT: Record<string, Translator> = { Split: split }
