import { HebbError, shown } from './errors'
import { refuse } from './options'

/** Numbers in nested arrays, as deep as the shape is long. */
export type Nested = readonly number[] | readonly Nested[]

/** Numbers with a shape, owned by whoever holds it. */
export interface Tensor<T extends ArrayBufferView = Float32Array> {
  /** Row-major. */
  data: T
  shape: readonly number[]
}

/** A tensor as it can be given: its values become 32-bit floats. */
export type Floats = Tensor<Float32Array | Float64Array>

/** How many numbers a shape holds. */
export function size(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1)
}

/** Whether two shapes are the same. */
export const equal = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((n, i) => n === b[i])

/** An answer: a tensor that can turn itself into nested arrays. */
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

  /** As nested arrays; a single number is an array of one. */
  toArray(): Nested {
    const build = (shape: readonly number[], from: number): Nested => {
      const [length = 1, ...rest] = shape
      if (rest.length === 0) return Array.from(this.data.subarray(from, from + length))
      return Array.from({ length }, (_, i) => build(rest, from + i * size(rest)))
    }
    return build(this.shape, 0)
  }
}

/** What people may give as samples or targets. */
export type Input =
  | Nested
  | Tensor<Float32Array | Float64Array | Uint8Array | Uint8ClampedArray | Int32Array | Uint32Array>

/** More dimensions than anything has: arrays nested deeper contain themselves. */
const MAX_RANK = 16

/** Whether these are numbers in a typed array: no DataView, no BigInts, and not empty, as after its buffer was transferred. */
export const isNumbers = (data: unknown): data is Float32Array =>
  ArrayBuffer.isView(data) && typeof data[0 as never] === 'number'

/** The numbers of an input as they were given, with its shape. */
function read(input: Input): { data: ArrayLike<number>; shape: readonly number[] } {
  if (Array.isArray(input)) {
    const shape: number[] = []
    for (let part: unknown = input; Array.isArray(part); part = part[0]) {
      shape.push(part.length)
      if (shape.length > MAX_RANK) {
        throw new HebbError('data', 'data is too deep')
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

/** The data of an input, bytes as they are and everything else as floats, with its shape: a copy. */
export function toTensor(input: Input): Tensor<Float32Array | Uint8Array> {
  const { data, shape } = read(input)
  return { data: isBytes(data) ? new Uint8Array(data) : new Float32Array(data), shape }
}

/** As {@link toTensor}, for who reads it at once: a copy only of what is neither floats nor bytes. */
export function borrowTensor(input: Input): Tensor<Float32Array | Uint8Array> {
  const { data } = (input ?? {}) as { data?: unknown }
  return data instanceof Float32Array || data instanceof Uint8Array
    ? (read(input) as Tensor<Float32Array | Uint8Array>)
    : toTensor(input)
}

/** The data of an input in 64 bits, bytes as value / 255, with its shape. */
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
 * A list of numbers, plain or typed, in 64 bits. An array-like object is read no further than to its first entry that
 * is no number, whatever length it claims.
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
