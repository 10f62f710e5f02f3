// Layers that compute little or nothing: shapes, merging, normalisation, and what matters in training only.
import { add, batchNorm, concat, dropout, flatten, multiply, repeatVector, standardize } from '../../layers'
import { equal, moved, size, type Tensor } from '../../tensor'
import { permuted, planesOf, reshaped } from './order'
import type { Value } from './value'
import type { LayerView, Translator } from './view'

/** The numbers of each channel or feature in Hebb's order. */
function perFeature(value: Value, { data }: Tensor): Tensor {
  const { places, channels } = value.planes ?? { places: 1, channels: data.length }
  return { data: moved({ data, shape: [places, channels] }, [1, 0]).data, shape: [data.length] }
}

/** Refuses another axis than the last. */
function lastAxis(view: LayerView, value: Value): void {
  const given = view.option('axis') ?? -1
  const axis = Array.isArray(given) && given.length === 1 ? given[0] : given
  if (axis !== -1 && axis !== value.shape.length) view.wrong('axis')
}

const normalization: Translator = (view) => {
  const value = view.value()
  lastAxis(view, value)
  const features = value.shape.at(-1)!
  const own: Partial<Record<string, Tensor>> = view.weights({
    ...(view.flag('scale', true) && { gamma: [features] }),
    ...(view.flag('center', true) && { beta: [features] }),
    moving_mean: [features],
    moving_variance: [features],
  })
  const each = (kind: string, otherwise: number) =>
    perFeature(value, own[kind] ?? { data: new Float32Array(features).fill(otherwise), shape: [features] })
  const layer = batchNorm({
    momentum: 1 - view.number('momentum', 0.99),
    epsilon: view.number('epsilon', 1e-3),
  })
  return view.add(layer, value, {
    weight: each('gamma', 1),
    bias: each('beta', 0),
    running_mean: each('moving_mean', 0),
    running_var: each('moving_variance', 1),
  })
}

/** (x − mean)/√variance, as it was measured. */
const standardization: Translator = (view) => {
  const value = view.value()
  lastAxis(view, value)
  const features = value.shape.at(-1)!
  const { mean, variance } = view.weights({ mean: [features], variance: [features] })
  const invert = view.flag('invert')
  const deviation = perFeature(value, variance).data.map((n) => Math.max(Math.sqrt(n), 1e-7))
  const layer = standardize({ mean: [...perFeature(value, mean).data], deviation: [...deviation], invert })
  return view.add(layer, value)
}

const flattened: Translator = (view) => {
  const value = view.value()
  view.only('data_format', 'channels_last')
  if (value.form === 'flat') return value
  const planes = planesOf(value)
  return view.add(flatten(), { form: 'flat', shape: [size(value.shape)], ...(planes && { planes }) })
}

/** The order of the numbers. */
const order = ({ form, planes }: Value) => `${form} ${planes?.channels}`

/** Refuses values whose numbers have different orders. */
function alike(view: LayerView): Value {
  const [first] = view.inputs as [Value]
  if (view.inputs.length < 2) view.fail(`reads ${view.inputs.length} values`)
  if (view.inputs.some((value) => order(value) !== order(first)))
    view.fail('reads values of different orders')
  return first
}

const sum: Translator = (view) => {
  const first = alike(view)
  if (view.inputs.some(({ shape }) => !equal(shape, first.shape)))
    view.fail('adds values of different shapes')
  return view.add(add({ from: view.inputs.map(({ name }) => name) }), first)
}

/** Values of one shape, or images and factors `[1, 1, C]` or `[C]` of their channels. */
const product: Translator = (view) => {
  const { inputs } = view
  const whole = inputs.find(({ shape }) => !inputs.some((other) => size(other.shape) > size(shape)))
  if (!whole || inputs.length < 2) return view.fail(`reads ${inputs.length} values`)
  const channels = whole.shape.at(-1)!
  const isFactor = ({ form, shape, planes }: Value) =>
    whole.form === 'planes' &&
    form !== 'steps' &&
    !planes &&
    shape.at(-1) === channels &&
    size(shape) === channels
  if (!inputs.every((value) => equal(value.shape, whole.shape) || isFactor(value)))
    view.fail('multiplies values of different shapes')
  if (inputs.some((value) => !isFactor(value) && order(value) !== order(whole)))
    view.fail('reads values of different orders')
  return view.add(multiply({ from: inputs.map(({ name }) => name) }), whole)
}

const joined: Translator = (view) => {
  const first = alike(view)
  lastAxis(view, first)
  if (first.planes) view.fail('joins images that were made flat')
  const places = first.shape.slice(0, -1)
  if (view.inputs.some(({ shape }) => !equal(shape.slice(0, -1), places))) view.fail('joins different shapes')
  const channels = view.inputs.reduce((sum, { shape }) => sum + shape.at(-1)!, 0)
  const made = { form: first.form, shape: [...places, channels] }
  return view.add(concat({ from: view.inputs.map(({ name }) => name) }), made)
}

const repeated: Translator = (view) => {
  const value = view.value()
  const steps = view.count('n')
  if (value.form !== 'flat' || value.planes) view.fail('repeats an image')
  return view.add(repeatVector({ steps }), { form: 'steps', shape: [steps, value.shape[0]!] })
}

const nothing: Translator = (view) => view.value()

export const SHAPES: Record<string, Translator> = {
  BatchNormalization: normalization,
  Normalization: standardization,
  Flatten: flattened,
  Permute: permuted,
  Reshape: reshaped,
  RepeatVector: repeated,
  Add: sum,
  Multiply: product,
  Concatenate: joined,
  Dropout: (view) => view.add(dropout({ rate: view.number('rate') }), view.value()),
  // Another name of a value: an input of a model within a model.
  InputLayer: nothing,
  // They change values in training only.
  ActivityRegularization: nothing,
  AlphaDropout: nothing,
  GaussianDropout: nothing,
  GaussianNoise: nothing,
  SpatialDropout1D: nothing,
  SpatialDropout2D: nothing,
}
