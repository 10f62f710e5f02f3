// Recurrent layers written time step by time step, see graph/unrolled.ts.
import { size } from '../../tensor'
import { Constant } from '../graph/constants'
import { NodeView, type Translator } from '../graph/node'
import type { Value } from '../graph/value'
import { RECURRENT } from './recurrent'

/** The inputs before those of the time steps, of which each has four: where its row starts and ends, two axes. */
const BEFORE = 12

/** The only number of a constant. */
const only = (constant: Constant | undefined) =>
  constant && size(constant.shape) === 1 ? constant.data[0]! : Number.NaN

/** A matrix for a single direction, its axes exchanged. */
function turned({ shape, values, name }: Constant, wanted = name): Constant {
  const [rows, columns] = shape as [number, number]
  const data = Float64Array.from(values, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!)
  return new Constant([1, columns, rows], data, wanted)
}

const unrolled: Translator = (node) => {
  const value = node.ordered()
  const [W, b, R, c] = [node.weights(1), node.optional(2), node.weights(3), node.optional(4)]
  const refuse = (why: string): never =>
    node.fail(`${why}, of a recurrent layer that is written step by step: export it with dynamo=False`)
  const [, units = 0] = R.shape
  const fits =
    W.shape.length === 2 &&
    R.shape.length === 2 &&
    W.shape[1] === units &&
    R.shape[0] === units &&
    [b, c].every((bias) => !bias || size(bias.shape) === units)
  if (!fits) refuse(`has weights [${W.shape}] and [${R.shape}]`)
  const steps = (node.inputs.length - BEFORE) / 4
  const at = (t: number, part: number) => only(node.optional(BEFORE + 4 * t + part))
  for (let t = 0; t < steps; t++)
    if (at(t, 0) !== t || at(t, 1) !== t + 1 || at(t, 2) !== 0 || at(t, 3) !== 0)
      refuse(`reads other time steps than one after the other`)
  if (value.shape[0] !== steps) refuse(`has ${steps} of ${value.shape[0]} time steps`)
  const [initial, made] = [node.optional(5), node.optional(6)]
  const begun = made?.values.every((n, i) => n === (c ? c.values[i % units] : 0)) ?? initial?.uniform === 0
  if (!begun) refuse('begins with another state than zeros')
  const backward = node.text('direction') === 'reverse'
  const [start, end, axis, step] = [7, 8, 9, 10].map((at) => only(node.optional(at)))
  if (backward && !(start === -1 && end! < -steps && axis === 0 && step === -1))
    refuse('reads time steps in another order')
  const last = node.text('returns') === 'last'
  if (last ? only(node.optional(11)) !== 0 : node.int('axis') !== 0) refuse('moves axes')

  const zeros = new Float64Array(units)
  const biases = new Constant(
    [1, 2 * units],
    Float64Array.from([...(b?.values ?? zeros), ...(c?.values ?? zeros)]),
  )
  const view = new NodeView(
    {
      ...node.node,
      op: 'RNN',
      attributes: node.node.attributes.filter(({ name }) => ['activations', 'direction'].includes(name)),
    },
    [value, turned(W, b?.name || W.name), turned(R), ...(b || c ? [biases] : [])],
    node.network,
    node.opset,
    node.fixedBatch,
    node.readers,
  )
  const [all, state] = RECURRENT.RNN!(view) as [Value, Value]
  // Without the axis of the directions.
  return last ? state.with(state.axes.slice(1)) : all.with(all.axes.filter((_, axis) => axis !== 1))
}

export const UNROLLED: Record<string, Translator> = { UnrolledRNN: unrolled }
