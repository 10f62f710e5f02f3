// Sums, products and comparisons: of values with numbers, of a value with itself, of a value with weights, of two values.
import { exp, log, maximum, minimum, type Symbolic, type Term, where } from '../../expression'
import { add, conv2d, multiply, standardize } from '../../layers'
import { equal, size } from '../../tensor'
import { channelwise, plain } from '../graph/builder'
import { Constant } from '../graph/constants'
import type { NodeView, Operand, Translator } from '../graph/node'
import { Source, shownShape, Value } from '../graph/value'
import { applied, combined } from './formulas'

const isSymbol = (term: Term): term is Symbolic => typeof term !== 'number'
const plus = (a: Term, b: Term): Term => (isSymbol(a) ? a.plus(b) : isSymbol(b) ? b.plus(a) : a + b)
const times = (a: Term, b: Term): Term => (isSymbol(a) ? a.times(b) : isSymbol(b) ? b.times(a) : a * b)
const minus = (a: Term, b: Term): Term => (isSymbol(a) ? a.minus(b) : plus(times(b, -1), a))
const over = (a: Term, b: Term): Term =>
  isSymbol(a) ? a.over(b) : isSymbol(b) ? b.power(-1).times(a) : a / b
const power = (a: Term, b: Term): Term => {
  if (isSymbol(a)) return isSymbol(b) ? exp(b.times(log(a))) : a.power(b)
  return isSymbol(b) ? exp(b.times(Math.log(a))) : a ** b
}
/** 1 if a > b, else 0. */
const greater = (a: Term, b: Term): Term => where(a, b, 1, 0)

/** The numbers of a constant in the order of a sample's memory, whose axes are those of the value. */
function perSample(node: NodeView, value: Value, constant: Constant): Float64Array {
  const { shape, batchAxis } = value
  const own = [...Array(Math.max(0, shape.length - constant.shape.length)).fill(1), ...constant.shape]
  const fits = own.every((n, axis) => n === 1 || (axis !== batchAxis && n === shape[axis]))
  if (own.length > shape.length || !fits || batchAxis < 0 || !value.ordered)
    node.fail(`weights [${constant.shape}] do not fit the value [${shownShape(value)}]`)
  node.network.spend(size(value.sample))
  const all = new Float64Array(size(value.sample))
  const { values } = constant
  const strides = own.map((n, axis) => (n === 1 ? 0 : size(own.slice(axis + 1))))
  const sample = value.sample
  const steps = strides.filter((_, axis) => axis !== batchAxis)
  for (let i = 0; i < all.length; i++) {
    let [rest, at] = [i, 0]
    for (let axis = sample.length - 1; axis >= 0; axis--) {
      at += (rest % sample[axis]!) * steps[axis]!
      rest = Math.floor(rest / sample[axis]!)
    }
    all[i] = values[at]!
  }
  return all
}

/** Each value times a number plus a number: a convolution of 1 × 1 for each channel, or for each value. */
function scaled(node: NodeView, value: Value, scale: Float64Array, shift?: Float64Array): Value {
  const total = scale.length
  const sample = plain(value)
  const both = [scale, ...(shift ? [shift] : [])]
  const channels = [sample[0]!, total].find((n) => both.every((numbers) => channelwise(numbers, n)))!
  const shape = sample.length === 3 && channels === sample[0] ? sample : [channels, total / channels, 1]
  const from = node.network.read(value.source, shape)
  const layer = conv2d({ filters: channels, kernel: 1, groups: channels, bias: shift !== undefined })
  const of = (numbers: Float64Array) => Float32Array.from(channelwise(numbers, channels)!)
  const weights = {
    weight: { data: of(scale), shape: [channels, 1, 1, 1] },
    ...(shift && { bias: { data: of(shift), shape: [channels] } }),
  }
  const emit = () => node.network.add(layer, [from], shape, weights)
  const biased = (numbers: Float64Array) =>
    channelwise(numbers, channels) ? scaled(node, value, scale, numbers).source : undefined
  return value.of(new Source(emit, shift ? {} : { biased }))
}

/**
 * A value and numbers that are no weights, because the file has them in a node: as a scaling, which is not trained, if they are
 * the same wherever a channel is, and no factor changes the sign.
 */
function fixed(
  node: NodeView,
  value: Value,
  numbers: Float64Array,
  constantFirst: boolean,
): Value | undefined {
  const sample = plain(value)
  const channels = sample.length === 3 ? sample[0] : sample.at(-1)!
  const repeats = numbers.every((n, i) => n === numbers[i % channels])
  const own = sample.length === 3 ? channelwise(numbers, channels) : repeats && numbers.subarray(0, channels)
  const { op } = node
  if (!own || (constantFirst && op !== 'Add' && op !== 'Mul')) return undefined
  const [list, ones] = [[...own], Array(channels).fill(1)]
  const zeros = ones.map(() => 0)
  const scaling = {
    Add: { mean: list, deviation: ones, invert: true },
    Sub: { mean: list, deviation: ones },
    Mul: { mean: zeros, deviation: list, invert: true },
    Div: { mean: zeros, deviation: list },
  }[op]
  if (!scaling || scaling.deviation.some((n: number) => !(n > 0))) return undefined
  const from = node.network.read(value.source, sample)
  return value.of(new Source(() => node.network.add(standardize(scaling), [from], sample)))
}

/** A value and weights: added, subtracted, multiplied or divided. */
function affine(node: NodeView, given: Value, constant: Constant, constantFirst: boolean): Value {
  const value = node.network.inOrder(given)
  const numbers = perSample(node, value, constant)
  const { op } = node
  const scaling = constant.name === '' ? fixed(node, value, numbers, constantFirst) : undefined
  if (scaling) return scaling
  if (op === 'Add' || op === 'Sub' || op === 'Sum') {
    const sign = op === 'Sub' && constantFirst ? -1 : 1
    const shift = op === 'Sub' && !constantFirst ? numbers.map((n) => -n) : numbers
    const biased = sign === 1 && value.sole && value.source.biased?.(shift)
    if (biased) return value.of(biased)
    return scaled(
      node,
      value,
      numbers.map(() => sign),
      shift,
    )
  }
  if (op === 'Mul') return scaled(node, value, numbers)
  if (op === 'Div' && !constantFirst)
    return scaled(
      node,
      value,
      numbers.map((n) => 1 / n),
    )
  if (op === 'Div')
    return scaled(
      node,
      applied(node, value, (x) => x.power(-1)),
      numbers,
    )
  return node.fail('has weights of several values')
}

/** The sum of values of the same layout. */
function sum(node: NodeView, given: readonly Value[]): Value {
  const alike = given.every((value) => value.like(given[0]!))
  const values = alike ? given : given.map((value) => node.network.inOrder(value))
  const [first] = values as [Value]
  if (values.some((value) => !value.like(first)))
    node.fail(`adds values of different shapes, [${values.map(shownShape).join('], [')}]`)
  const shape = plain(first)
  const from = values.map((value) => node.network.read(value.source, shape))
  return first.of(new Source(() => node.network.add(add({ from }), from, shape)))
}

/** The product of values of the same layout, or of an image and a factor for each of its channels. */
function product(node: NodeView, a: Value, b: Value): Value {
  const [whole, factor] =
    b.sample.length === a.sample.length && size(b.sample) > size(a.sample) ? [b, a] : [a, b]
  if (whole.like(factor)) {
    const shape = plain(whole)
    const from = [a, b].map((value) => node.network.read(value.source, shape))
    return whole.of(new Source(() => node.network.add(multiply({ from }), from, shape)))
  }
  const [channels, ...space] = whole.sample
  const fits = [whole, factor].every((value) => value.ordered && value.batchAxis === 0)
  if (!fits || space.length === 0 || !equal(factor.sample, [channels!, ...space.map(() => 1)]))
    node.fail(
      `multiplies values of different shapes, [${shownShape(a)}] and [${shownShape(b)}], which are no image and factors of its channels`,
    )
  const shape = space.length === 2 ? whole.sample : [channels!, 1, size(space)]
  const from = [node.network.read(whole.source, shape), node.network.read(factor.source, [channels!])]
  return whole.of(new Source(() => node.network.add(multiply({ from }), from, shape)))
}

/** An operator of two operands. */
const binary =
  (f: (a: Term, b: Term) => Term): Translator =>
  (node) => {
    const [a, b] = node.inputs as [Operand, Operand]
    if (!a || !b) return node.fail('needs two inputs')
    const formula = combined(node, [a, b], f)
    if (formula) return formula
    if (a instanceof Value && b instanceof Value) {
      if (node.op === 'Add') return sum(node, [a, b])
      if (node.op === 'Sub') return sum(node, [a, applied(node, b, (x) => x.negative())])
      if (node.op === 'Mul') return product(node, a, b)
      return node.fail('of two different values')
    }
    if (a instanceof Value && b instanceof Constant) return affine(node, a, b, false)
    if (b instanceof Value && a instanceof Constant) return affine(node, b, a, true)
    return node.fail('of two constants')
  }

/** An operator of any number of operands. */
const folded =
  (f: (a: Term, b: Term) => Term): Translator =>
  (node) => {
    if (node.inputs.length === 1) return node.value()
    const formula = combined(node, node.inputs, (first, ...rest) => rest.reduce(f, first!))
    if (formula) return formula
    if (node.op !== 'Sum') return node.fail('of different values')
    return sum(
      node,
      node.inputs.map((_, at) => node.value(at)),
    )
  }

/** The sum of any number of operands, divided by their number. */
const mean: Translator = (node) => {
  const formula = combined(node, node.inputs, (...terms) => over(terms.reduce(plus), terms.length))
  if (formula) return formula
  const all = sum(
    node,
    node.inputs.map((_, at) => node.value(at)),
  )
  return applied(node, all, (x) => x.over(node.inputs.length))
}

const chosen: Translator = (node) =>
  combined(node, node.inputs, (condition, a, b) => where(condition!, 0.5, a!, b!)) ??
  node.fail('chooses between different values')

export const ARITHMETIC: Record<string, Translator> = {
  Add: binary(plus),
  Sub: binary(minus),
  Mul: binary(times),
  Div: binary(over),
  Pow: binary(power),
  Greater: binary(greater),
  Less: binary((a, b) => greater(b, a)),
  GreaterOrEqual: binary((a, b) => minus(1, greater(b, a))),
  LessOrEqual: binary((a, b) => minus(1, greater(a, b))),
  Not: (node) => applied(node, node.value(), (x) => minus(1, x) as Symbolic),
  Max: folded(maximum),
  Min: folded(minimum),
  Sum: folded(plus),
  Mean: mean,
  Where: chosen,
}
