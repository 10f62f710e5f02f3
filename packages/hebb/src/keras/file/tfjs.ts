// The weights of TensorFlow.js: files that follow each other, and a list of what is in them.
import { readValues } from '../../interop/safetensors'
import { WIDTHS } from '../../interop/safetensorsHeader'
import { size, type Tensor } from '../../tensor'
import { damaged } from './damaged'
import { isObject } from './layer'

/** Types of numbers, as safetensors calls them, by TensorFlow.js's. */
const TYPES: Record<string, string> = {
  float32: 'F32',
  float16: 'F16',
  int32: 'I32',
  uint8: 'U8',
  uint16: 'U16',
  bool: 'BOOL',
}

/** Weights that are in the same files, one after the other. */
export interface WeightGroup {
  paths: string[]
  weights: unknown[]
}

/** The groups of a `weightsManifest`. */
export function weightGroups(manifest: unknown): WeightGroup[] {
  if (!Array.isArray(manifest)) return damaged('it has no weightsManifest')
  return manifest.map((group) => {
    const { paths, weights } = isObject(group) ? group : {}
    if (!Array.isArray(paths) || !paths.every((path) => typeof path === 'string') || !Array.isArray(weights))
      return damaged('its weightsManifest has a group without paths or weights')
    return { paths, weights }
  })
}

/** The weights of a group by name; whole numbers stand for `min + scale · n` if the list says so. */
export function weightsOf({ weights }: WeightGroup, bytes: Uint8Array): [string, Tensor][] {
  let at = 0
  const all = weights.map((weight): [string, Tensor] => {
    const { name, shape, dtype, quantization } = isObject(weight) ? weight : {}
    if (typeof name !== 'string') return damaged('a weight has no name')
    const isShape = Array.isArray(shape) && shape.every((n) => Number.isSafeInteger(n) && n >= 0)
    if (!isShape) return damaged(`the weight "${name}" has no shape`)
    const { dtype: stored = dtype, scale, min } = isObject(quantization) ? quantization : {}
    const type = typeof stored === 'string' && Object.hasOwn(TYPES, stored) ? TYPES[stored] : undefined
    if (!type) return damaged(`the weight "${name}" has the type ${String(stored).slice(0, 40)}`)
    const length = size(shape) * WIDTHS[type]!
    if (!(at + length <= bytes.length)) damaged(`its files end before the weight "${name}" does`)
    let values = Float32Array.from(readValues(type, bytes.subarray(at, at + length)))
    at += length
    if (type !== 'F16' && isObject(quantization)) {
      if (typeof scale !== 'number' || typeof min !== 'number')
        return damaged(`the weight "${name}" has no scale or min`)
      values = values.map((n) => n * scale + min)
    }
    return [name, { data: values, shape }]
  })
  if (at !== bytes.length) damaged(`its files have ${bytes.length - at} bytes more than its weights`)
  return all
}
