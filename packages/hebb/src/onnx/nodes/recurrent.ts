// RNN, GRU and LSTM.
import { onnxWeights } from '../../interop/recurrentWeights'
import { gru, type Layer, lstm, rnn } from '../../layers'
import { size, type Tensor } from '../../tensor'
import { stem, type Weights } from '../graph/builder'
import type { Constant } from '../graph/constants'
import type { NodeView, Translator } from '../graph/node'
import { type Dim, Source, shownShape, Value } from '../graph/value'

/** The kinds, their gates and the activations that they have if none are named. */
const KINDS = {
  RNN: { make: rnn, activations: ['Tanh'] },
  GRU: { make: gru, activations: ['Sigmoid', 'Tanh'] },
  LSTM: { make: lstm, activations: ['Sigmoid', 'Tanh', 'Tanh'] },
}
const RNN_ACTIVATIONS: Record<string, 'tanh' | 'relu' | 'sigmoid'> = {
  tanh: 'tanh',
  relu: 'relu',
  sigmoid: 'sigmoid',
}

/** Zeros, or nothing: a state that need not be given. */
const isZero = (constant: Constant | undefined) => !constant || constant.uniform === 0

/** The options of the layer, apart from what it returns. */
function optionsOf(node: NodeView, kind: keyof typeof KINDS, units: number, bias: boolean) {
  const direction = { forward: 'forward', reverse: 'backward', bidirectional: 'both' }[
    node.text('direction', 'forward')
  ]
  if (!direction) return node.fail(`has the direction ${node.text('direction')}`)
  const directions = direction === 'both' ? 2 : 1
  const usual = Array.from({ length: directions }, () => KINDS[kind].activations).flat()
  const given = node.names('activations') ?? usual
  const [first = ''] = given
  const own = kind === 'RNN' ? RNN_ACTIVATIONS[first.toLowerCase()] : undefined
  const plain =
    kind === 'RNN'
      ? own && given.every((name) => name === first)
      : given.every((name, at) => name.toLowerCase() === usual[at]?.toLowerCase())
  if (!plain || given.length !== usual.length) node.fail(`has the activations ${given}`)
  if (node.has('clip')) node.fail('clips')
  if (node.int('input_forget') === 1) node.fail('couples its gates')
  return {
    units,
    bias,
    direction,
    ...(own && { activation: own }),
    ...(kind === 'GRU' && { reset: node.int('linear_before_reset') === 1 ? 'after' : 'before' }),
  }
}

/** The weights by the last part of their names, among them the initial states if they are not zeros. */
function weightsOf(
  node: NodeView,
  W: Constant,
  R: Constant,
  B: Constant | undefined,
  states: Record<string, Constant | undefined>,
): Weights {
  const own = ({ shape, values }: Constant) => ({ shape, data: new Float32Array(values) })
  const named = onnxWeights('x', { W: own(W), R: own(R), ...(B && { B: own(B) }) })
  const [directions, , units] = R.shape as [number, number, number]
  const backward = node.text('direction') === 'reverse'
  const weights: Record<string, Tensor> = {}
  for (const [name, value] of Object.entries(named))
    weights[name.slice(2) + (backward ? '_reverse' : '')] = value
  for (const [name, state] of Object.entries(states)) {
    if (!state) continue
    const rows = size(state.shape) / (directions * units)
    for (let d = 0; d < directions; d++) {
      const row = (n: number) => state.values.slice((d * rows + n) * units, (d * rows + n + 1) * units)
      const first = row(0)
      for (let n = 1; n < rows; n++)
        if (row(n).some((value, u) => value !== first[u]))
          node.fail('has another initial state for each sample')
      weights[`${name}_l0${d === 0 && !backward ? '' : '_reverse'}`] = {
        data: Float32Array.from(first),
        shape: [units],
      }
    }
  }
  return weights
}

const recurrent =
  (kind: keyof typeof KINDS): Translator =>
  (node) => {
    const value = node.ordered()
    const [W, R, B] = [node.weights(1), node.weights(2), node.optional(3)]
    const [h, c] = [node.optional(5), kind === 'LSTM' ? node.optional(6) : undefined]
    if (W.shape.length !== 3 || R.shape.length !== 3) node.fail(`has weights [${W.shape}] and [${R.shape}]`)
    const batchFirst = node.int('layout') === 1
    const [time, batch] = batchFirst ? [1, 0] : [0, 1]
    const { shape } = value
    if (value.batchAxis !== batch || !value.ordered || shape.length !== 3)
      node.fail(`needs [${batchFirst ? 'N, T' : 'T, N'}, features], got [${shownShape(value)}]`)
    const [steps, features] = [shape[time]!, shape[2]!]
    const lengths = node.optional(4)
    if (lengths && lengths.uniform !== steps) node.fail('has sequences of different lengths')
    if (!isZero(node.optional(7))) node.fail('has peepholes')
    if (kind === 'LSTM' && node.isRead(2)) node.fail('returns its cell state')
    const [directions, , units] = R.shape as [number, number, number]
    const learned = !isZero(h) || !isZero(c)
    const weights = weightsOf(
      node,
      W,
      R,
      B,
      learned ? { initial_h: h, ...(kind === 'LSTM' && { initial_c: c }) } : {},
    )
    if (learned && kind === 'LSTM' && (!h || !c)) node.fail('has only one of two initial states')
    const options = {
      ...optionsOf(node, kind, units, B !== undefined),
      initialState: learned ? 'learned' : 'zeros',
    }
    const from = node.network.read(value.source, [steps, features])
    const source = (returns: 'all' | 'last') => {
      const layer = KINDS[kind].make({ ...options, returns } as Parameters<typeof rnn>[0]) as Layer
      const wide = directions * units
      return new Source(() =>
        node.network.add(layer, [from], returns === 'all' ? [steps, wide] : [wide], weights, stem(W.name)),
      )
    }
    const dim = (size: number): Dim[] => (size > 1 ? [{ size }] : [])
    const [N, D, H] = [value.memory[0]!, dim(directions), dim(units)]
    const T = value.axes[time]!
    const stateAxes = batchFirst ? [[N], D, H] : [D, [N], H]
    const allAxes = batchFirst ? [[N], T, D, H] : [T, D, [N], H]
    const last = source('last')
    const lastOf = (axes: readonly (readonly Dim[])[]) => new Value(last, [N, ...D, ...H], axes)
    const [timeDim] = T
    // Of both directions the last time step is not the last state.
    const selects = timeDim !== undefined && options.direction === 'forward'
    const all = new Value(
      source('all'),
      [N, ...T, ...D, ...H],
      allAxes,
      false,
      undefined,
      selects ? { time: timeDim, value: lastOf } : undefined,
    )
    return [all, lastOf(stateAxes)]
  }

export const RECURRENT: Record<string, Translator> = {
  RNN: recurrent('RNN'),
  GRU: recurrent('GRU'),
  LSTM: recurrent('LSTM'),
}
