// Activations and other functions of single numbers.
import {
  abs,
  erf,
  exp,
  expm1,
  log,
  maximum,
  minimum,
  type Symbolic,
  sigmoid,
  softplus,
  sqrt,
  type Term,
  tanh,
  where,
} from '../../expression'
import { type Activation, activation, elu, leakyRelu } from '../../layers'
import { size } from '../../tensor'
import { tensor } from '../graph/builder'
import type { NodeView, Translator } from '../graph/node'
import { Source, shownShape } from '../graph/value'
import { applied } from './formulas'

const unary =
  (f: (x: Symbolic, node: NodeView) => Term, name?: (node: NodeView) => Activation | undefined): Translator =>
  (node) =>
    applied(node, node.value(), (x) => f(x, node), name?.(node))

const near = (a: number, b: number) => Math.abs(a - b) < 1e-6
const named = (activation: Activation) => () => activation

/** a·x + b between 0 and 1. */
const ramp = (x: Symbolic, a: number, b: number) => minimum(maximum(x.times(a).plus(b), 0), 1)

/** GELU with tanh. */
function tanhGelu(x: Symbolic): Term {
  const inner = x.plus(x.power(3).times(0.044715)).times(Math.sqrt(2 / Math.PI))
  return x.times(0.5).times(tanh(inner).plus(1))
}

/** A limit of Clip: an attribute in old versions, an input in new ones. */
function limit(node: NodeView, name: 'min' | 'max'): number | undefined {
  if (node.has(name)) return node.float(name, 0)
  const given = node.optional(name === 'min' ? 1 : 2)
  return given && (given.uniform ?? node.fail(`${name} has several values`))
}

const clip: Translator = (node) => {
  const [least, most] = [limit(node, 'min'), limit(node, 'max')]
  if (least === undefined && most === undefined) return node.value()
  return applied(node, node.value(), (x) => {
    const above = least === undefined || least < -1e38 ? x : maximum(x, least)
    return most === undefined || most > 1e38 ? above : minimum(above, most)
  })
}

/** Softmax over the last axis; before version 13 over all axes from `axis` on. */
const softmax =
  (kind: 'softmax' | 'logSoftmax'): Translator =>
  (node) => {
    const value = node.ordered()
    const { shape } = value
    const rank = shape.length
    const axis = node.axis(rank, node.opset < 13 ? 1 : -1)
    const last = node.opset < 13 ? size(shape.slice(axis)) : shape[axis]!
    const after = size(shape.slice(axis + 1))
    const isLast = node.opset < 13 || after === 1
    if (!isLast || !value.ordered || axis <= value.batchAxis || value.batchAxis < 0)
      node.fail(`normalises over axis ${axis}, which is not the last of a sample`)
    const steps = size(value.sample) / last
    if (value.sole && value.source.activated && steps === 1) return value.of(value.source.activated(kind))
    const read = steps > 1 ? [steps, last] : [last]
    const from = node.network.read(value.source, read)
    return value.of(new Source(() => node.network.add(activation(kind), [from], read)))
  }

/** A slope for each channel, or for all. */
const prelu: Translator = (node) => {
  const value = node.ordered()
  const slope = node.weights(1)
  const same = slope.uniform
  if (same !== undefined)
    return applied(node, value, (x) => where(x, 0, x, x.times(same)), leakyRelu({ slope: same }))
  const { shape } = value
  const own = [...Array(Math.max(0, shape.length - slope.shape.length)).fill(1), ...slope.shape]
  const axis = own.findIndex((n) => n > 1)
  const last = shape.length - 1
  const single = own.every((n, at) => n === (at === axis ? shape[at] : 1))
  if (!value.ordered || value.batchAxis !== 0 || !single || (axis !== 1 && axis !== last))
    node.fail(`has slopes [${slope.shape}] for [${shownShape(value)}]`)
  const channels = shape[axis]!
  const rest = size(shape.slice(1)) / channels
  // The channels of an image come first, the features of a sequence last.
  const read = rest === 1 ? [channels] : axis === 1 ? [channels, rest, 1] : [rest, channels]
  const from = node.network.read(value.source, read)
  const slopes = { slope: tensor(slope, [channels]) }
  return value.of(node.network.layer(activation('prelu'), [from], read, slopes))
}

export const ACTIVATIONS: Record<string, Translator> = {
  Relu: unary((x) => maximum(x, 0), named('relu')),
  Sigmoid: unary(sigmoid, named('sigmoid')),
  Tanh: unary(tanh, named('tanh')),
  Softplus: unary(softplus, named('softplus')),
  Softsign: unary((x) => x.over(abs(x).plus(1)), named('softsign')),
  Mish: unary((x) => x.times(tanh(softplus(x))), named('mish')),
  Gelu: unary(
    (x, node) =>
      node.text('approximate', 'none') === 'tanh'
        ? tanhGelu(x)
        : x.times(0.5).times(erf(x.times(Math.SQRT1_2)).plus(1)),
    (node) => (node.text('approximate', 'none') === 'none' ? 'gelu' : undefined),
  ),
  LeakyRelu: unary(
    (x, node) => where(x, 0, x, x.times(node.float('alpha', 0.01))),
    (node) => leakyRelu({ slope: node.float('alpha', 0.01) }),
  ),
  Elu: unary(
    (x, node) => where(x, 0, x, expm1(minimum(x, 0) as Symbolic).times(node.float('alpha', 1))),
    (node) => elu({ alpha: node.float('alpha', 1) }),
  ),
  Celu: unary((x, node) => {
    const alpha = node.float('alpha', 1)
    return where(x, 0, x, expm1((minimum(x, 0) as Symbolic).over(alpha)).times(alpha))
  }),
  Selu: unary(
    (x, node) => {
      const [alpha, gamma] = [node.float('alpha', 1.67326319), node.float('gamma', 1.05070102)]
      return where(x, 0, x.times(gamma), expm1(minimum(x, 0) as Symbolic).times(alpha * gamma))
    },
    (node) =>
      near(node.float('alpha', 1.67326319), 1.67326319) && near(node.float('gamma', 1.05070102), 1.05070102)
        ? 'selu'
        : undefined,
  ),
  HardSigmoid: unary(
    (x, node) => ramp(x, node.float('alpha', 0.2), node.float('beta', 0.5)),
    (node) =>
      near(node.float('alpha', 0.2), 1 / 6) && near(node.float('beta', 0.5), 0.5) ? 'hardSigmoid' : undefined,
  ),
  HardSwish: unary((x) => x.times(ramp(x, 1 / 6, 0.5))),
  Swish: unary((x, node) => x.times(sigmoid(x.times(node.float('alpha', 1))))),
  ThresholdedRelu: unary((x, node) => where(x, node.float('alpha', 1), x, 0)),
  Shrink: unary((x, node) => {
    const [lambd, bias] = [node.float('lambd', 0.5), node.float('bias', 0)]
    return where(x, lambd, x.minus(bias), where(-lambd, x, x.plus(bias), 0))
  }),
  Exp: unary(exp),
  Log: unary(log),
  Sqrt: unary(sqrt),
  Abs: unary(abs),
  Erf: unary(erf),
  Neg: unary((x) => x.negative()),
  Reciprocal: unary((x) => x.power(-1)),
  Sign: unary((x) => where(x, 0, 1, where(0, x, -1, 0))),
  Clip: clip,
  PRelu: prelu,
  Softmax: softmax('softmax'),
  LogSoftmax: softmax('logSoftmax'),
}
