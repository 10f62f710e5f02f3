// Activations: those of layers, and layers that are one.

import { elementwise, exp, expm1, maximum, minimum, type Symbolic, where } from '../../expression'
import { type Activation, activation, elu, leakyRelu } from '../../layers'
import { moved } from '../../tensor'
import { isObject } from '../file/layer'
import { LayerView, type Translator } from './view'

/** a·x + b between 0 and 1. */
const ramp = (x: Symbolic, a: number, b: number) => minimum(maximum(x.times(a).plus(b), 0), 1) as Symbolic

/** Activations by Keras's names. */
const NAMED: Record<string, (view: LayerView) => Activation> = {
  linear: () => 'identity',
  relu: () => 'relu',
  relu6: () => elementwise((x) => minimum(maximum(x, 0), 6)),
  leaky_relu: () => leakyRelu({ slope: 0.2 }),
  elu: () => elu(),
  selu: () => 'selu',
  gelu: () => 'gelu',
  silu: () => 'silu',
  swish: () => 'silu',
  mish: () => 'mish',
  sigmoid: () => 'sigmoid',
  tanh: () => 'tanh',
  softplus: () => 'softplus',
  softsign: () => 'softsign',
  softmax: () => 'softmax',
  log_softmax: () => 'logSoftmax',
  exponential: () => elementwise(exp),
  // Before Keras 3 it was steeper.
  hard_sigmoid: ({ version }) =>
    version.startsWith('3.') ? 'hardSigmoid' : elementwise((x) => ramp(x, 0.2, 0.5)),
  hard_silu: () => elementwise((x) => x.times(ramp(x, 1 / 6, 0.5))),
  hard_swish: () => elementwise((x) => x.times(ramp(x, 1 / 6, 0.5))),
  hard_tanh: () => elementwise((x) => minimum(maximum(x, -1), 1)),
  celu: () => elementwise((x) => where(x, 0, x, expm1(minimum(x, 0) as Symbolic))),
}

/** The activation that an option names. */
export function activationOf(view: LayerView, key = 'activation'): Activation {
  const given = view.option(key) ?? 'linear'
  // Keras 3 names functions by their modules too.
  const name = isObject(given) && given.class_name === 'function' ? given.config : given
  const made = typeof name === 'string' && Object.hasOwn(NAMED, name) ? NAMED[name] : undefined
  return made ? made(view) : view.wrong(key)
}

const isSoftmax = (kind: Activation) => kind === 'softmax' || kind === 'logSoftmax'

/** Refuses softmax over the channels of images, for Hebb's is over all numbers of a sample. */
export function checkSoftmax(view: LayerView, kind: Activation, places: number): void {
  if (isSoftmax(kind) && places > 1) view.fail('has softmax over the channels of an image')
}

const alone =
  (make: (view: LayerView) => Activation): Translator =>
  (view) => {
    const value = view.value()
    const kind = make(view)
    if (!LayerView.isSinglePlace(value)) checkSoftmax(view, kind, 2)
    return view.add(activation(kind), value)
  }

const relu = alone((view) => {
  const most = view.option('max_value') === undefined ? undefined : view.number('max_value')
  const slope = view.number('negative_slope', 0)
  const threshold = view.number('threshold', 0)
  if (most === undefined && threshold === 0) return slope === 0 ? 'relu' : leakyRelu({ slope })
  return elementwise((x) => {
    const above = where(x, threshold, x, x.minus(threshold).times(slope))
    return most === undefined ? above : minimum(above, most)
  })
})

const prelu: Translator = (view) => {
  const value = view.value()
  const channels = value.shape.at(-1)!
  if (value.form !== 'flat') {
    const shared = value.shape.map((_, axis) => (axis < value.shape.length - 1 ? 1 : channels))
    const { alpha } = view.weights({ alpha: shared })
    return view.add(activation('prelu'), value, { slope: { data: alpha.data, shape: [channels] } })
  }
  const { alpha } = view.weights({ alpha: value.shape })
  const { places, channels: inner } = value.planes ?? { places: 1, channels }
  const own = moved({ data: alpha.data, shape: [places, inner] }, [1, 0])
  return view.add(activation('prelu'), value, { slope: { data: own.data, shape: [channels] } })
}

export const ACTIVATIONS: Record<string, Translator> = {
  Activation: alone((view) => activationOf(view)),
  ReLU: relu,
  // Keras 2 says alpha, Keras 3 negative_slope.
  LeakyReLU: alone((view) => leakyRelu({ slope: view.number('negative_slope', view.number('alpha', 0.3)) })),
  ELU: alone((view) => elu({ alpha: view.number('alpha', 1) })),
  PReLU: prelu,
  Softmax: alone((view) => {
    view.only('axis', -1)
    return 'softmax'
  }),
  Rescaling: alone((view) => {
    const [scale, offset] = [view.number('scale'), view.number('offset', 0)]
    return elementwise((x) => x.times(scale).plus(offset))
  }),
}
