// Products with matrices of weights.
import { type Activation, dense } from '../../layers'
import { size } from '../../tensor'
import { stem } from '../graph/builder'
import type { Constant } from '../graph/constants'
import type { NodeView, Translator } from '../graph/node'
import { Source, shownShape, Value } from '../graph/value'

/** What a layer reads that makes `units` numbers of the last axis, and the value of what it computes. */
export function overLast(node: NodeView, value: Value, inputs: number, units: number) {
  const { axes } = value
  const steps = size(value.memory.slice(1).map((dim) => dim.size)) / inputs
  const last = axes.at(-1)!
  if (!value.ordered || size(last.map((dim) => dim.size)) !== inputs || last.includes(value.memory[0]!))
    node.fail(`multiplies [${shownShape(value)}] by [${inputs}, ${units}]`)
  const from = node.network.read(value.source, steps === 1 ? [inputs] : [steps, inputs])
  const shape = steps === 1 ? [units] : [steps, units]
  const made = units > 1 ? [{ size: units }] : []
  const memory = [...value.memory.filter((dim) => !last.includes(dim)), ...made]
  const viewOf = (source: Source) => new Value(source, memory, [...axes.slice(0, -1), made])
  return { from, shape, viewOf }
}

/** A dense layer over the last axis: `weight` is `[units, inputs]`. */
function denseValue(
  node: NodeView,
  value: Value,
  weight: Float32Array,
  units: number,
  bias: Float32Array | undefined,
  name: string,
): Value {
  const inputs = weight.length / units
  const { from, shape, viewOf } = overLast(node, value, inputs, units)
  const source = (activation: Activation, own?: Float32Array): Source => {
    const layer = dense({ units, activation, bias: own !== undefined })
    const weights = {
      weight: { data: weight, shape: [units, inputs] },
      ...(own && { bias: { data: own, shape: [units] } }),
    }
    const part = (first: number, count: number) => {
      const rows = weight.subarray(first * inputs, (first + count) * inputs)
      const biases = own?.subarray(first, first + count)
      return denseValue(node, value, rows, count, biases, name && `${name}.${first}`).source
    }
    return new Source(() => node.network.add(layer, [from], shape, weights, name), {
      // Layers that share weights share their activations, and have all units.
      ...(activation === 'identity' &&
        !node.isShared(1) && {
          activated: (kind: Activation) => source(kind, own),
          units: { at: -1, part },
        }),
      ...(!own &&
        activation === 'identity' && {
          biased: (added: Float64Array) => {
            const same = added.every((n, i) => n === added[i % units])
            return same ? source(activation, Float32Array.from(added.subarray(0, units))) : undefined
          },
        }),
    })
  }
  return viewOf(source('identity', bias))
}

/** A matrix `[rows, columns]` as `[columns, rows]`, times a factor. */
function transposed({ shape, values }: Constant, factor: number): Float32Array {
  const [rows, columns] = shape as [number, number]
  const all = new Float32Array(rows * columns)
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) all[c * rows + r] = factor * values[r * columns + c]!
  return all
}

const gemm: Translator = (node) => {
  const value = node.ordered()
  const B = node.weights(1)
  const C = node.optional(2)
  if (node.int('transA') === 1) node.fail('transposes its input')
  if (value.shape.length !== 2 || B.shape.length !== 2)
    node.fail(`needs matrices, got [${shownShape(value)}] and [${B.shape}]`)
  const turned = node.int('transB') === 1
  const [alpha, beta] = [node.float('alpha', 1), node.float('beta', 1)]
  const units = B.shape[turned ? 0 : 1]!
  const weight = turned ? new Float32Array(B.values).map((n) => alpha * n) : transposed(B, alpha)
  const only = C?.uniform
  const rows = C && C.shape.length === 2 ? C.shape[0]! : 1
  if (C && only === undefined && (rows !== 1 || size(C.shape) !== units))
    node.fail(`adds [${C.shape}] to rows of ${units}`)
  const bias = C && Float32Array.from({ length: units }, (_, u) => beta * (only ?? C.values[u]!))
  return denseValue(node, value, weight, units, bias, stem(B.name))
}

const matMul: Translator = (node) => {
  const value = node.ordered()
  const B = node.weights(1)
  if (B.shape.length !== 2) node.fail(`multiplies by [${B.shape}], which is no matrix`)
  return denseValue(node, value, transposed(B, 1), B.shape[1]!, undefined, stem(B.name))
}

export const DENSE: Record<string, Translator> = { Gemm: gemm, MatMul: matMul }
