// Formulas: several nodes over one value become one activation, given by its formula if it has no name.
import { elementwise, type Symbolic, type Term } from '../../expression'
import type { Activation } from '../../layers'
import { activation as activationLayer } from '../../layers'
import { Constant } from '../graph/constants'
import type { NodeView } from '../graph/node'
import { type Formula, Source, Value } from '../graph/value'

/** The most operations of one formula; longer ones become several layers. */
const MAX_LENGTH = 24

/** A number, or a formula of a value. */
type Part = number | { value: Value; formula: Formula }

/** The formula that a value is; the value itself if it is none, or if it becomes a layer with the one before. */
function formulaOf({ formula, source, sole }: Value): Formula {
  const continued = formula && formula.length <= MAX_LENGTH && (sole || !formula.fused)
  return continued
    ? formula
    : { base: source, f: (x) => x, length: 0, fused: sole && source.activated !== undefined }
}

/** A value that is a formula of another one. */
function formulaValue(node: NodeView, value: Value, formula: Formula): Value {
  const { base, f, activation, fused } = formula
  const source = new Source(() => {
    const kind = activation ?? elementwise(f)
    if (fused) return base.activated!(kind).layer
    return node.network.add(activationLayer(kind), [base.layer.name], base.layer.shape)
  })
  return value.of(source, formula)
}

/** Applies a function to a value; `activation` is its name if it has one. */
export function applied(
  node: NodeView,
  value: Value,
  f: (x: Symbolic) => Term,
  activation?: Activation,
): Value {
  const inner = formulaOf(value)
  return formulaValue(node, value, {
    ...inner,
    f: (x) => f(inner.f(x) as Symbolic),
    length: inner.length + 1,
    activation: inner.length === 0 ? activation : undefined,
  })
}

/**
 * A function of inputs that are numbers or formulas of one value; undefined if they are not, or if none is a value. What is
 * computed of numbers alone must be constant before.
 */
export function combined(
  node: NodeView,
  inputs: readonly (Value | Constant | undefined)[],
  f: (...terms: Term[]) => Term,
): Value | undefined {
  const parts: Part[] = []
  for (const input of inputs) {
    const number = input instanceof Constant ? input.uniform : undefined
    if (input instanceof Value) parts.push({ value: input, formula: formulaOf(input) })
    else if (number !== undefined) parts.push(number)
    else return undefined
  }
  const values = parts.filter((part) => typeof part !== 'number')
  const [first, ...others] = values
  if (!first) return undefined
  if (others.some(({ value, formula }) => formula.base !== first.formula.base || !value.like(first.value)))
    return undefined
  const grows = inputs.some(
    (input) => input instanceof Constant && input.shape.length > first.value.shape.length,
  )
  if (grows) return undefined
  return formulaValue(node, first.value, {
    base: first.formula.base,
    f: (x) => f(...parts.map((part) => (typeof part === 'number' ? part : part.formula.f(x)))),
    fused: first.formula.fused && others.length === 0,
    length: 1 + values.reduce((sum, { formula }) => sum + formula.length, 0),
  })
}
