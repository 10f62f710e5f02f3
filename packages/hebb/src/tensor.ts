import { HebbError, shown } from './errors'
import { refuse } from './options'

/** Bytes in memory that is not shared: before version 5.7 TypeScript's names of arrays do not say in which memory they lie. */
export type Bytes = ReturnType<typeof Uint8Array.of>

/** Numbers in nested arrays; the depth is the length of the shape. */
export type Nested = readonly number[] | readonly Nested[]

/** Numbers with a shape. */
export interface Tensor<T extends ArrayBufferView = Float32Array> {
  /** Row-major. */
  data: T
  shape: readonly number[]
}

/** A tensor as it may be given: its values become 32-bit floats. */
export type Floats = Tensor<Float32Array | Float64Array>

/** How many numbers a shape holds. */
export function size(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1)
}

/** Whether two shapes are the same. */
export const equal = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((n, i) => n === b[i])

/** A tensor with its axes in another order. */
export function moved({ data, shape }: Tensor, order: readonly number[]): Tensor {
  const step = shape.map((_, axis) => shape.slice(axis + 1).reduce((all, n) => all * n, 1))
  const to = order.map((axis) => shape[axis]!)
  const out = new Float32Array(data.length)
  const index = to.map(() => 0)
  let from = 0
  for (let at = 0; at < out.length; at++) {
    out[at] = data[from]!
    for (let axis = to.length - 1; axis >= 0; axis--) {
      const stride = step[order[axis]!]!
      from += stride
      if (++index[axis]! < to[axis]!) break
      from -= stride * to[axis]!
      index[axis] = 0
    }
  }
  return { data: out, shape: to }
}

/** An output: a tensor that can be converted to nested arrays. */
export class Output implements Tensor {
  static get name() {
    return 'Output'
  }
  readonly data: Float32Array
  readonly shape: readonly number[]

  constructor(data: Float32Array, shape: readonly number[]) {
    this.data = data
    this.shape = shape
  }

  /** The values as nested arrays; a single number is an array of length 1. */
  toArray(): Nested {
    const build = (shape: readonly number[], from: number): Nested => {
      const [length = 1, ...rest] = shape
      if (rest.length === 0) return Array.from(this.data.subarray(from, from + length))
      return Array.from({ length }, (_, i) => build(rest, from + i * size(rest)))
    }
    return build(this.shape, 0)
  }
}

/** What may be given as samples or targets. */
export type Input =
  | Nested
  | Tensor<Float32Array | Float64Array | Uint8Array | Uint8ClampedArray | Int32Array | Uint32Array>

/** More dimensions than any data has: deeper arrays contain themselves. */
const MAX_RANK = 16

/** Whether this is a typed array of numbers: no DataView, no BigInts, and not empty, as it is after its buffer was transferred. */
export const isNumbers = (data: unknown): data is Float32Array =>
  ArrayBuffer.isView(data) && typeof data[0 as never] === 'number'

/** The numbers of an input, unconverted, and its shape. */
function read(input: Input): { data: ArrayLike<number>; shape: readonly number[] } {
  if (Array.isArray(input)) {
    const shape: number[] = []
    for (let part: unknown = input; Array.isArray(part); part = part[0]) {
      shape.push(part.length)
      if (shape.length > MAX_RANK) {
        throw new HebbError('data', 'data is nested too deeply')
      }
    }
    const data: number[] = []
    collect(input as Nested, shape, 0, data)
    return { data, shape }
  }
  const { data, shape } = (input ?? {}) as Tensor<Float32Array>
  if (!isNumbers(data) || !Array.isArray(shape)) {
    throw new HebbError(
      'data',
      'data must be nested arrays of numbers, or { data: a typed array, shape: [ … ] }',
    )
  }
  if (!shape.every((n) => Number.isSafeInteger(n) && n > 0) || size(shape) !== data.length) {
    throw new HebbError('shape', `the shape ${shown(shape)} does not hold the ${data.length} values given`)
  }
  return { data, shape }
}

const isBytes = (data: unknown) => data instanceof Uint8Array || data instanceof Uint8ClampedArray

/** A copy of the data of an input, bytes as bytes and all other types as floats, with its shape. */
export function toTensor(input: Input): Tensor<Float32Array | Uint8Array> {
  const { data, shape } = read(input)
  return { data: isBytes(data) ? new Uint8Array(data) : new Float32Array(data), shape }
}

/** Like {@link toTensor}, but aliases a Float32Array or Uint8Array: use the result before the next await. */
export function borrowTensor(input: Input): Tensor<Float32Array | Uint8Array> {
  const { data } = (input ?? {}) as { data?: unknown }
  return data instanceof Float32Array || data instanceof Uint8Array
    ? (read(input) as Tensor<Float32Array | Uint8Array>)
    : toTensor(input)
}

/** The data of an input as 64-bit floats, bytes as value / 255, with its shape. */
export function toDoubles(input: Input): Tensor<Float64Array> {
  const { data, shape } = read(input)
  const doubles = isBytes(data) ? Float64Array.from(data, (byte) => byte / 255) : Float64Array.from(data)
  return { data: doubles, shape }
}

function collect(part: Nested | number, shape: readonly number[], depth: number, into: number[]): void {
  if (depth === shape.length) {
    if (typeof part !== 'number') throw new HebbError('data', `data must be numbers, got ${shown(part)}`)
    into.push(part)
    return
  }
  if (!Array.isArray(part) || part.length !== shape[depth]) {
    throw new HebbError(
      'shape',
      `nested arrays must be regular: expected ${shape[depth]} entries at depth ${depth + 1}`,
    )
  }
  for (const inner of part) collect(inner, shape, depth + 1, into)
}

/**
 * A plain or typed list of numbers as 64-bit floats. Reading stops at the first entry that is not a number, so that a
 * wrong `length` of an array-like object costs nothing.
 */
export function toVector(who: string, name: string, list: unknown): Float64Array<ArrayBuffer> {
  const numbers: number[] = []
  const { length } = (list ?? {}) as ArrayLike<unknown>
  if (typeof list !== 'object' || typeof length !== 'number') refuse(who, name, 'a list', list)
  for (let i = 0; i < length; i++) {
    const value = (list as ArrayLike<unknown>)[i]
    if (typeof value !== 'number') refuse(who, `${name}[${i}]`, 'a number', value)
    numbers.push(value)
  }
  return Float64Array.from(numbers)
}
