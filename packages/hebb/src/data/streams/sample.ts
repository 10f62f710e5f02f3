// Reads and checks the samples of a stream one by one.
import { HebbError } from '../../errors'
import { type Input, type Nested, size, type Tensor, toTensor, toVector } from '../../tensor'
import { checkNames, isNamed, join, type NamedShape } from '../named'

/** A typed array of numbers. */
type Numbers = Float32Array | Float64Array | Uint8Array | Uint8ClampedArray | Int32Array | Uint32Array

/** A sample of one input and one output: its values and its target. */
export interface PlainSample {
  /** `[…shape]`; a typed array is `[features]`. */
  x: Values
  /** A class number, one for each time step `[T]`, or target values `[outputs]`, also nested as `[T, features]`. */
  t?: number | Nested | Numbers
}

/** A sample: its values and its target. */
export interface Sample {
  /** `[…shape]`; a typed array is `[features]`. For several inputs an object of these by name. */
  x: Values | Named
  /**
   * A class number, one for each time step `[T]`, or target values `[outputs]`, also nested as `[T, features]`; for several
   * outputs an object of values by name, classes one-hot.
   */
  t?: number | Nested | Numbers | Named
}

type Values = Input | Numbers
type Named = Readonly<Record<string, Values>>

/** A sample as copied typed arrays. */
export interface Read {
  /** The kind of sample in words; all samples of a stream must have the same. */
  kind: string
  x: Tensor<Float32Array | Uint8Array>
  t: number | Float32Array | undefined
  /** Its number in the stream. */
  number: number
  /** Its inputs and outputs, if they are given by name. */
  inputs?: readonly NamedShape[] | undefined
  outputs?: readonly NamedShape[] | undefined
}

/** The inputs and outputs that a network expects. */
export interface Expected {
  inputs: readonly NamedShape[]
  /** Undefined if targets are not read. */
  outputs: readonly NamedShape[] | undefined
}

/**
 * A function that reads and checks samples in their order: they must be finite, of the same kind as the first, and as
 * expected. It copies them, so that a source may reuse its arrays.
 */
export function reader(expected?: Expected): (sample: Sample) => Read {
  let first: string | undefined
  let seen = 0
  return (sample) => {
    const number = seen++
    const which = `sample ${number} of the stream`
    const one = { number, ...named(which, () => readSample(sample, expected)) }
    first ??= one.kind
    if (one.kind === first) return one
    throw new HebbError('shape', `${which} has ${one.kind}, the first one has ${first}`)
  }
}

/** Adds the sample's number to errors. */
function named<T>(which: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw error instanceof HebbError ? new HebbError(error.code, `${which}: ${error.message}`) : error
  }
}

function readSample(sample: Sample, expected: Expected | undefined): Omit<Read, 'number'> {
  if (typeof sample !== 'object' || sample === null || sample.x === undefined) {
    throw new HebbError('data', `it must be { x, t }, got ${typeof sample}`)
  }
  const { x, shapes, inputs } = readInputs(sample.x, expected?.inputs)
  if (x.data instanceof Float32Array) checkFinite(x.data)
  const ignored = expected && !expected.outputs
  const { t: read, outputs } = ignored ? {} : readTarget(sample.t, expected?.outputs)
  if (read instanceof Float32Array) checkFinite(read)
  const t = outputs ? read : oneHot(read, expected?.outputs)
  if (expected?.outputs) checkTarget(t, expected.outputs)
  const target =
    t === undefined ? 'no target' : typeof t === 'number' ? 'a class number' : `${t.length} target values`
  const names = outputs ? ` of ${inWords(outputs)}` : ''
  const values = x.data instanceof Uint8Array ? 'bytes' : 'numbers'
  return { x, t, inputs, outputs, kind: `${values} of ${shapes} and ${target}${names}` }
}

const inWords = (parts: readonly NamedShape[]) =>
  parts.map(([name, shape]) => `${name} [${shape}]`).join(', ')

const toValues = (x: Values) =>
  toTensor(ArrayBuffer.isView(x) ? { data: x, shape: [(x as Numbers).length] } : x)

/** The concatenated inputs, and their shapes in words. */
function readInputs(
  x: Sample['x'],
  own: Expected['inputs'] | undefined,
): Pick<Read, 'x' | 'inputs'> & { shapes: string } {
  if (!isNamed(x)) {
    const read = toValues(x as Values)
    const [first] = own ?? []
    const all = own?.reduce((sum, [, shape]) => sum + size(shape), 0)
    if (first && all !== read.data.length) {
      const shape = own!.length === 1 ? `[${first[1]}]` : `${all} values`
      throw new HebbError('shape', `x has shape [${read.shape}], the network expects ${shape}`)
    }
    return { x: read, shapes: `shape [${read.shape}]` }
  }
  const row = inRow(x, own, 'inputs')
  return { x: { data: row.data, shape: [row.data.length] }, shapes: inWords(row.shapes), inputs: row.shapes }
}

/** Concatenates named parts in the network's order if it is known, else in alphabetical order. */
function inRow(parts: Named, own: readonly NamedShape[] | undefined, kind: 'inputs' | 'outputs') {
  const names = own?.map(([name]) => name) ?? Object.keys(parts).sort()
  checkNames(Object.keys(parts), names, kind)
  const batch = names.map((name, i) => {
    const { data, shape } = toValues(parts[name]!)
    const expected = own?.[i]?.[1]
    if (expected && size(expected) !== data.length) {
      throw new HebbError('shape', `"${name}" has shape [${shape}], the network's is [${expected}]`)
    }
    return [name, { data, shape: [1, ...shape] }]
  })
  // Bytes as targets are plain numbers, not fractions of 255.
  return join(Object.fromEntries(batch), kind === 'inputs' ? 255 : 1)
}

function readTarget(t: Sample['t'], own: Expected['outputs']): Partial<Pick<Read, 't' | 'outputs'>> {
  if (t === undefined) return {}
  if (typeof t === 'number') {
    // Later samples are unknown: 1 must not be a class in one stream and a value in another.
    if (Number.isSafeInteger(t) && t >= 0 && t < 2 ** 32) return { t }
    throw new HebbError(
      'data',
      `t is ${t}, class numbers are whole and count from 0; a target value is [${t}]`,
    )
  }
  if (Array.isArray(t) && Array.isArray(t[0])) return { t: Float32Array.from(toTensor(t).data) }
  if (Array.isArray(t) || ArrayBuffer.isView(t)) return { t: Float32Array.from(toVector('it', 't', t)) }
  if (typeof t === 'object' && t !== null) {
    const { data, shapes } = inRow(t as Named, own, 'outputs')
    return { t: Float32Array.from(data), outputs: shapes }
  }
  throw new HebbError('data', 't must be a class number or a list of target values')
}

/** Class numbers of all time steps of an only output `[T, classes]`, as rows with a single 1; other targets as they are. */
function oneHot(t: Read['t'], own: Expected['outputs'] = []): Read['t'] {
  const [steps, classes = 1] = own[0]?.[1] ?? []
  if (own.length !== 1 || classes < 2 || typeof t === 'number' || t?.length !== steps) return t
  const rows = new Float32Array(steps! * classes)
  t!.forEach((number, step) => {
    if (!(Number.isInteger(number) && number >= 0 && number < classes)) {
      throw new HebbError(
        'data',
        `the class of time step ${step} is ${number}; a network with ${classes} outputs per step has classes 0 to ${classes - 1}`,
      )
    }
    rows[step * classes + number] = 1
  })
  return rows
}

function checkFinite(values: Float32Array): void {
  // A fast check: the sum of 0·v is 0 unless a v is not finite.
  let check = 0
  for (let i = 0; i < values.length; i++) check += values[i]! * 0
  if (check === 0) return
  const bad = values.find((value) => !Number.isFinite(value))
  throw new HebbError('data', `${bad} is among its values: remove or replace it`)
}

/** Throws the engine's errors here, because the engine does not know the sample's number. */
function checkTarget(t: Read['t'], own: readonly NamedShape[]): void {
  if (t === undefined) {
    throw new HebbError('data', 'it has no target: give it t, a class number or target values')
  }
  const outputs = own.reduce((sum, [, shape]) => sum + size(shape), 0)
  const classes = Math.max(outputs, 2)
  if (typeof t === 'number' && t >= classes) {
    throw new HebbError(
      'data',
      `class number ${t} is out of range: a network with ${outputs} outputs has classes 0 to ${classes - 1}`,
    )
  }
  if (typeof t !== 'number' && t.length !== outputs) {
    throw new HebbError(
      'shape',
      `t has ${t.length} target values, the network has ${outputs} outputs; a class number is not a list`,
    )
  }
}
