// Values in another order: Keras has the channels of an image last, Hebb first.
import { flatten, type Layer, permute, reshape } from '../../layers'
import { equal, size } from '../../tensor'
import { type Builder, hebbShape, inputForm, type Value } from './value'
import type { LayerView, Translator } from './view'

/** The places and channels of a value whose numbers lie channel by channel, unless that is Keras's order too. */
export function planesOf({ form, shape, planes }: Omit<Value, 'name'>): Value['planes'] {
  if (form !== 'planes') return planes
  const [total, channels] = [size(shape), shape.at(-1)!]
  return channels > 1 && channels < total ? { places: total / channels, channels } : undefined
}

/** The layer whose numbers are those of a value with places and channels, flat and in Keras's order. */
export function inKerasOrder(network: Builder, { name, planes }: Pick<Value, 'name' | 'planes'>): string {
  const { places, channels } = planes!
  const add = (layer: Layer, from: string) =>
    network.add(layer, [from], network.fresh(`${name}_${layer.type}`))
  return add(flatten(), add(permute([1, 0]), add(reshape([channels, places]), name)))
}

/** Steps that a convolution made as recurrent layers read them. */
export function asSteps(view: LayerView, value: Value): Value {
  const [steps, channels] = value.shape as [number, number]
  if (value.form !== 'planes' || value.shape.length !== 2) return value
  const turned = planesOf(value) ? view.before(permute([1, 2, 0]), value.name) : value.name
  return { name: view.before(reshape([steps, channels]), turned), form: 'steps', shape: value.shape }
}

/** Keras's `Reshape`. */
export const reshaped: Translator = (view) => {
  const value = view.value()
  const wanted = view.option('target_shape')
  if (!Array.isArray(wanted) || wanted.length < 1 || wanted.length > 3) return view.wrong('target_shape')
  const total = size(value.shape)
  const rest = total / size(wanted.filter((n) => n !== -1))
  const shape = wanted.map((n) => (n === -1 ? rest : n))
  if (!shape.every((n) => Number.isSafeInteger(n) && n > 0) || size(shape) !== total)
    view.wrong('target_shape')
  if (equal(shape, value.shape)) return value
  const made = { form: inputForm(shape), shape }
  const layer = reshape(hebbShape(made) as [number])
  const [before, after] = [planesOf(value), planesOf(made)]
  // Channels that stay channels keep their order.
  if (before?.channels === after?.channels) return view.add(layer, made)
  if (before && made.form === 'flat') return view.add(layer, { ...made, planes: before })
  const ordered = before ? inKerasOrder(view.network, { ...value, planes: before }) : value.name
  if (!after) return view.add(layer, made, {}, [ordered])
  const rows = view.before(reshape([after.places, after.channels]), ordered)
  return view.add(layer, made, {}, [view.before(permute([1, 0]), rows)])
}

/** Keras's `Permute`, which counts the axes of a sample from 1. */
export const permuted: Translator = (view) => {
  const value = view.value()
  const { form, shape } = value
  const dims = view.option('dims')
  const whole = Array.isArray(dims) && [...dims].sort((a, b) => a - b).every((dim, at) => dim === at + 1)
  if (!whole || dims.length !== shape.length) return view.wrong('dims')
  const made = { form, shape: dims.map((dim) => shape[dim - 1]!) }
  if (form === 'flat') return value
  if (form === 'steps') return view.add(permute(dims.map((dim) => dim - 1) as [number, number]), made)
  // Hebb's axes as Keras's: channels, then places.
  const order = shape.length === 2 ? [1, 0] : [2, 0, 1]
  const axes = order.map((axis) => order.indexOf(dims[axis] - 1))
  return view.add(permute([...axes, 2].slice(0, 3) as [number, number, number]), made)
}
