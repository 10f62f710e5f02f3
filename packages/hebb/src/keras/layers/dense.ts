// Dense layers, tables of tokens, and recurrent layers.

import { kerasWeights } from '../../interop/recurrentWeights'
import { conv2d, dense, embedding, gru, lstm, rnn } from '../../layers'
import { moved } from '../../tensor'
import { activationOf, checkSoftmax } from './activations'
import { asSteps } from './order'
import { as, hebbShape } from './value'
import type { LayerView, Translator } from './view'

const denseLayer: Translator = (view) => {
  const value = view.value()
  const [units, bias] = [view.count('units'), view.flag('use_bias', true)]
  const features = value.shape.at(-1)!
  const own = view.weights({ kernel: [features, units], ...(bias && { bias: [units] }) })
  const activation = activationOf(view)
  const shape = [...value.shape.slice(0, -1), units]
  const b = bias ? { bias: own.bias } : {}
  const weight = moved(own.kernel, [1, 0])
  if (value.form === 'planes') {
    const [, height, width] = hebbShape(value)
    checkSoftmax(view, activation, height! * width!)
    const layer = conv2d({ filters: units, kernel: 1, activation, bias })
    return view.add(layer, { form: 'planes', shape }, { weight: as(weight, [units, features, 1, 1]), ...b })
  }
  // The inputs that were an image come channel by channel.
  const { places, channels } = value.planes ?? { places: features, channels: 1 }
  const ordered = as(moved(as(own.kernel, [places, channels, units]), [2, 1, 0]), [units, features])
  return view.add(dense({ units, activation, bias }), { form: value.form, shape }, { weight: ordered, ...b })
}

const table: Translator = (view) => {
  const value = view.value()
  const [vocabulary, units] = [view.count('input_dim'), view.count('output_dim')]
  if (value.form !== 'flat') view.fail(`reads [${value.shape}]`)
  // What comes after it would skip steps.
  view.only('mask_zero', false)
  const { embeddings } = view.weights({ embeddings: [vocabulary, units] })
  return view.add(
    embedding({ units, vocabulary }),
    { form: 'steps', shape: [value.shape[0]!, units] },
    { weight: embeddings },
  )
}

/** The gates of each kind of layer. */
const GATES: Record<string, number> = { SimpleRNN: 1, GRU: 3, LSTM: 4 }

/** A recurrent layer in one direction or both. */
function recurrent(outer: LayerView, view: LayerView, both: boolean) {
  const value = asSteps(outer, outer.value())
  const { kind } = view.layer
  const gates = GATES[kind] ?? outer.fail(`of ${kind} is not supported`)
  if (value.form !== 'steps') view.fail(`reads [${value.shape}] that is no sequence`)
  for (const key of ['return_state', 'stateful', 'time_major']) view.only(key, false)
  const [units, bias, all] = [view.count('units'), view.flag('use_bias', true), view.flag('return_sequences')]
  const backward = view.flag('go_backwards')
  if (backward && (all || both)) view.wrong('go_backwards')
  const f = activationOf(view)
  if (kind === 'SimpleRNN' ? f !== 'tanh' && f !== 'relu' && f !== 'sigmoid' : f !== 'tanh')
    view.wrong('activation')
  if (kind !== 'SimpleRNN' && activationOf(view, 'recurrent_activation') !== 'sigmoid')
    view.wrong('recurrent_activation')
  const after = kind === 'GRU' && view.flag('reset_after')
  const rows = gates * units
  const weights = (['forward', 'backward'] as const).slice(0, both ? 2 : 1).map((part, direction) => {
    const own = view.weights(
      {
        kernel: [value.shape[1]!, rows],
        recurrent_kernel: [units, rows],
        ...(bias && { bias: after ? [2, rows] : [rows] }),
      },
      true,
      both ? part : undefined,
    )
    // The layer backwards alone has the weights of a forward one.
    return Object.entries(kerasWeights(outer.name, own, direction === 1 || backward ? 'l0_reverse' : 'l0'))
  })
  const options = {
    units,
    bias,
    direction: both ? 'both' : backward ? 'backward' : 'forward',
    returns: all ? 'all' : 'last',
  } as const
  const layer =
    kind === 'LSTM'
      ? lstm(options)
      : kind === 'GRU'
        ? gru({ ...options, reset: after ? 'after' : 'before' })
        : rnn({ ...options, activation: f as 'tanh' })
  const features = units * (both ? 2 : 1)
  const made = all
    ? ({ form: 'steps', shape: [value.shape[0]!, features] } as const)
    : ({ form: 'flat', shape: [features] } as const)
  const parts = weights.flat().map(([name, tensor]) => [name.slice(outer.name.length + 1), tensor] as const)
  return outer.add(layer, made, Object.fromEntries(parts), [value.name])
}

const single: Translator = (view) => recurrent(view, view, false)

/** What both directions have in common. */
const SAME = ['units', 'use_bias', 'activation', 'recurrent_activation', 'reset_after', 'return_sequences']

const bidirectional: Translator = (view) => {
  view.only('merge_mode', 'concat')
  const forward = view.inner('forward')
  // Keras 3 names the layer that it has made too.
  if (view.option('backward_layer') !== undefined) {
    const { layer } = view.inner('backward', 'backward_layer')
    const same = SAME.every((key) => layer.config[key] === forward.layer.config[key])
    if (layer.kind !== forward.layer.kind || !same || layer.config.go_backwards !== true)
      view.fail('has a backward layer of another kind')
  }
  return recurrent(view, forward, true)
}

const timeDistributed: Translator = (view) => {
  const inner = view.inner('layer')
  if (inner.layer.kind !== 'Dense') view.fail(`of ${inner.layer.kind} is not supported`)
  return denseLayer(inner)
}

export const DENSE: Record<string, Translator> = {
  Dense: denseLayer,
  Embedding: table,
  SimpleRNN: single,
  GRU: single,
  LSTM: single,
  Bidirectional: bidirectional,
  TimeDistributed: timeDistributed,
}
