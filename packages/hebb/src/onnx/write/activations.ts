// Activations as nodes.
import type { Operation } from '../../expression'
import type { Activation } from '../../layers'
import type { Tensor } from '../../tensor'
import { perChannel, type Writer } from './writer'

/** The operators of formulas; `where`, `expm1` and `power` are apart. */
const OPERATORS: Record<string, string> = {
  plus: 'Add',
  minus: 'Sub',
  times: 'Mul',
  over: 'Div',
  exp: 'Exp',
  log: 'Log',
  sqrt: 'Sqrt',
  abs: 'Abs',
  tanh: 'Tanh',
  sigmoid: 'Sigmoid',
  softplus: 'Softplus',
  erf: 'Erf',
  maximum: 'Max',
  minimum: 'Min',
}

/** Activations that are one operator. */
const SINGLE: Record<string, string> = {
  sigmoid: 'Sigmoid',
  tanh: 'Tanh',
  relu: 'Relu',
  selu: 'Selu',
  gelu: 'Gelu',
  mish: 'Mish',
  softplus: 'Softplus',
  softsign: 'Softsign',
}

/** Adds the nodes of an activation of `x`, whose sample has this shape; returns the name of its value. */
export function writeActivation(
  writer: Writer,
  activation: Activation,
  x: string,
  sample: readonly number[],
  slope: Tensor | undefined,
): string {
  if (typeof activation === 'object') {
    if ('leakyRelu' in activation)
      return writer.node('LeakyRelu', [x], { alpha: { float: activation.leakyRelu.slope } })
    if ('elu' in activation) return writer.node('Elu', [x], { alpha: { float: activation.elu.alpha } })
    return writeFormula(writer, activation.elementwise, x)
  }
  const own = SINGLE[activation]
  if (own) return writer.node(own, [x])
  const zero = () => writer.number(0)
  switch (activation) {
    case 'identity':
      return x
    case 'leakyRelu':
      return writer.node('LeakyRelu', [x], { alpha: { float: 0.01 } })
    case 'elu':
      return writer.node('Elu', [x], { alpha: { float: 1 } })
    case 'step':
    case 'sign': {
      const above = writer.node('GreaterOrEqual', [x, zero()])
      const below = writer.number(activation === 'sign' ? -1 : 0)
      return writer.node('Where', [above, writer.number(1), below])
    }
    case 'hardSigmoid':
      return writer.node('HardSigmoid', [x], { alpha: { float: 1 / 6 }, beta: { float: 0.5 } })
    case 'lecunTanh': {
      const inner = writer.node('Tanh', [writer.node('Mul', [x, writer.number(2 / 3)])])
      return writer.node('Mul', [inner, writer.number(1.7159)])
    }
    case 'prelu':
      return writer.node('PRelu', [x, writer.floats(perChannel(slope!.data, sample))])
    case 'silu':
      return writer.node('Mul', [x, writer.node('Sigmoid', [x])])
    case 'gaussian':
      return writer.node('Exp', [writer.node('Neg', [writer.node('Mul', [x, x])])])
    case 'softmax':
      return writer.node('Softmax', [x], { axis: -1 })
    case 'logSoftmax':
      return writer.node('LogSoftmax', [x], { axis: -1 })
    default:
      return x
  }
}

function writeFormula(writer: Writer, operations: readonly Operation[], x: string): string {
  const names: string[] = []
  for (const [name, ...operands] of operations) {
    const [a, b, c, d] = operands.map((operand) => names[operand]!)
    if (name === 'x') names.push(x)
    else if (name === 'number') names.push(writer.number(operands[0]!))
    else if (name === 'power') names.push(writer.node('Pow', [a!, writer.number(operands[1]!)]))
    else if (name === 'expm1') names.push(writer.node('Sub', [writer.node('Exp', [a!]), writer.number(1)]))
    else if (name === 'where') names.push(writer.node('Where', [writer.node('Greater', [a!, b!]), c!, d!]))
    else names.push(writer.node(OPERATORS[name]!, b === undefined ? [a!] : [a!, b]))
  }
  // A formula that does not depend on x has a single value.
  return writer.node('Expand', [names.at(-1)!, writer.node('Shape', [x])])
}
