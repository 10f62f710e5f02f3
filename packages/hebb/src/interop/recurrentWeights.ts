// The weights of other libraries' recurrent layers, with Hebb's names and in its order, which are PyTorch's.
import { HebbError, shown } from '../errors'
import { checkKeys } from '../options'
import { type Input, moved, size, type Tensor, toTensor } from '../tensor'

/** The weights of a recurrent layer of Keras, by Keras's names. */
export interface KerasWeights {
  /** `[features, gates·units]`. */
  kernel: Input
  /** `[units, gates·units]`. */
  recurrent_kernel: Input
  /** `[gates·units]`; of a GRU with `reset_after` `[2, 3·units]`. Default: none, as with `use_bias=False`. */
  bias?: Input
}

/** The weights of an RNN, GRU or LSTM node of ONNX, by ONNX's names. */
export interface OnnxWeights {
  /** `[directions, gates·units, features]`. */
  W: Input
  /** `[directions, gates·units, units]`. */
  R: Input
  /** `[directions, 2·gates·units]`. Default: none. */
  B?: Input
}

/** For each gate in PyTorch's order (r, z, n of a GRU; i, f, g, o of an LSTM) its place in the order of others. */
const KERAS: Record<number, readonly number[]> = { 1: [0], 3: [1, 0, 2], 4: [0, 1, 2, 3] }
const ONNX: Record<number, readonly number[]> = { 1: [0], 3: [1, 0, 2], 4: [0, 2, 3, 1] }

/** A tensor of `shape`, in which -1 is any size; throws if it has another one. */
function tensor(who: string, name: string, input: Input, shape: readonly number[]): Tensor {
  const own = toTensor(input)
  if (own.shape.length !== shape.length || shape.some((n, i) => n >= 0 && n !== own.shape[i])) {
    const wanted = shape.map((n) => (n < 0 ? '…' : n))
    throw new HebbError('shape', `${who}: ${name} must be [${wanted}], got [${own.shape}]`)
  }
  if (own.data instanceof Float32Array) return own as Tensor
  throw new HebbError('data', `${who}: ${name} must be numbers, not bytes`)
}

/** The gates' order for a matrix of `columns` columns per state of `units`. */
function orderOf(
  who: string,
  orders: Record<number, readonly number[]>,
  rows: number,
  units: number,
): readonly number[] {
  const order = orders[rows / units]
  if (order) return order
  throw new HebbError(
    'shape',
    `${who}: ${rows} rows of gates for ${units} units: an RNN has 1, a GRU 3 and an LSTM 4 gates of ${units} rows`,
  )
}

/** Rows gate by gate in another order. */
function ordered(data: Float32Array, shape: readonly number[], order: readonly number[]): Tensor {
  const gate = size(shape) / order.length
  const own = new Float32Array(size(shape))
  order.forEach((from, to) => void own.set(data.subarray(from * gate, (from + 1) * gate), to * gate))
  return { data: own, shape }
}

function named(who: string, name: unknown, part: string, tensors: Record<string, Tensor>) {
  if (typeof name !== 'string' || name === '') {
    throw new HebbError('option', `${who} takes the name of Hebb's layer first, got ${shown(name)}`)
  }
  return Object.fromEntries(
    Object.entries(tensors).map(([what, value]) => [`${name}.${what}_${part}`, value]),
  )
}

/**
 * The weights of Keras's `SimpleRNN`, `GRU` or `LSTM` for the layer `name` of a network, as {@link Network.setWeights} takes
 * them: transposed, and the gates of a GRU in the order r, z, n instead of z, r, h. The cell is told by the shapes. A GRU with
 * `reset_after=True`, Keras's default, has a bias `[2, 3·units]` and needs `gru({ reset: 'after' })`; one without has `[3·units]`
 * and needs `reset: 'before'`. `part` is `'l0'` by default; `'l0_reverse'` is the backward layer of a `Bidirectional`.
 *
 * @example await net.setWeights(kerasWeights('memory', { kernel, recurrent_kernel, bias }), { partial: true })
 * @throws HebbError `shape`, `data`, `option`
 */
export function kerasWeights(name: string, weights: KerasWeights, part = 'l0'): Record<string, Tensor> {
  const who = 'kerasWeights'
  checkKeys(who, weights, ['kernel', 'recurrent_kernel', 'bias'])
  if (typeof part !== 'string' || !/^l\d+(_reverse)?$/.test(part)) {
    throw new HebbError('option', `${who}: a part is l0, l0_reverse, l1, …, got ${shown(part)}`)
  }
  const recurrent = tensor(who, 'recurrent_kernel', weights.recurrent_kernel, [-1, -1])
  const [units, rows] = recurrent.shape as [number, number]
  const order = orderOf(who, KERAS, rows, units)
  const kernel = tensor(who, 'kernel', weights.kernel, [-1, rows])
  const tensors: Record<string, Tensor> = {
    weight_ih: ordered(moved(kernel, [1, 0]).data, [rows, kernel.shape[0]!], order),
    weight_hh: ordered(moved(recurrent, [1, 0]).data, [rows, units], order),
  }
  if (weights.bias !== undefined) {
    const two = toTensor(weights.bias).shape.length === 2
    if (two && order.length !== 3) {
      throw new HebbError('shape', `${who}: only a GRU has two biases; bias must be [${rows}]`)
    }
    const { data } = tensor(who, 'bias', weights.bias, two ? [2, rows] : [rows])
    tensors.bias_ih = ordered(data, [rows], order)
    tensors.bias_hh = two
      ? ordered(data.subarray(rows), [rows], order)
      : ordered(
          data.map(() => 0),
          [rows],
          order,
        )
  }
  return named(who, name, part, tensors)
}

/**
 * The weights of ONNX's `RNN`, `GRU` or `LSTM` for the layer `name` of a network, as {@link Network.setWeights} takes them: the
 * gates of a GRU in the order r, z, n instead of z, r, h, and those of an LSTM i, f, g, o instead of i, o, f, c. The cell is told
 * by the shapes. A GRU with `linear_before_reset` 0, ONNX's default, needs `gru({ reset: 'before' })`, one with another value
 * `'after'`. Two directions become `…_l0` and `…_l0_reverse`.
 *
 * @example await net.setWeights(onnxWeights('memory', { W, R, B }), { partial: true })
 * @throws HebbError `shape`, `data`, `option`
 */
export function onnxWeights(name: string, weights: OnnxWeights): Record<string, Tensor> {
  const who = 'onnxWeights'
  if (weights && typeof weights === 'object' && 'P' in weights) {
    throw new HebbError('option', `${who}: lstm has no peepholes (P)`)
  }
  checkKeys(who, weights, ['W', 'R', 'B'])
  const R = tensor(who, 'R', weights.R, [-1, -1, -1])
  const [directions, rows, units] = R.shape as [number, number, number]
  if (directions > 2) throw new HebbError('shape', `${who}: R has ${directions} directions: there are 1 or 2`)
  const order = orderOf(who, ONNX, rows, units)
  const W = tensor(who, 'W', weights.W, [directions, rows, -1])
  const B = weights.B === undefined ? undefined : tensor(who, 'B', weights.B, [directions, 2 * rows])
  const part = ({ data }: Tensor, direction: number, from = 0) =>
    data.subarray(direction * (data.length / directions) + from, (direction + 1) * (data.length / directions))
  const all = Array.from({ length: directions }, (_, direction) =>
    named(who, name, direction === 0 ? 'l0' : 'l0_reverse', {
      weight_ih: ordered(part(W, direction), [rows, W.shape[2]!], order),
      weight_hh: ordered(part(R, direction), [rows, units], order),
      ...(B && {
        bias_ih: ordered(part(B, direction), [rows], order),
        bias_hh: ordered(part(B, direction, rows), [rows], order),
      }),
    }),
  )
  return Object.assign({}, ...all)
}
