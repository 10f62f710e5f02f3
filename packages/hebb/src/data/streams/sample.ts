// Samples of a stream, read one by one as they come.
import { HebbError } from '../../errors'
import { type Input, size, type Tensor, toTensor, toVector } from '../../tensor'
import { checkNames, isNamed, join, type NamedShape } from '../named'

/** A typed array of numbers. */
type Numbers = Float32Array | Float64Array | Uint8Array | Uint8ClampedArray | Int32Array | Uint32Array

/** A sample of one input and one output: its values, and what is to come of it. */
export interface PlainSample {
  /** `[…shape]`; a typed array is `[features]`. */
  x: Values
  /** A class number, or target values `[outputs]`. */
  t?: number | readonly number[] | Numbers
}

/** One sample: its values, and what is to come of it. */
export interface Sample {
  /** `[…shape]`; a typed array is `[features]`. For a network with several inputs such by name. */
  x: Values | Named
  /** A class number, or target values `[outputs]`; for several outputs such values by name, classes one-hot. */
  t?: number | readonly number[] | Numbers | Named
}

type Values = Input | Numbers
type Named = Readonly<Record<string, Values>>

/** A sample as typed arrays of its own. */
export interface Read {
  /** What all samples of a stream must have in common, in words. */
  kind: string
  x: Tensor<Float32Array | Uint8Array>
  t: number | Float32Array | undefined
  /** Its number in the stream. */
  number: number
  /** The names of its inputs and outputs, if it has such. */
  inputs?: readonly NamedShape[] | undefined
  outputs?: readonly NamedShape[] | undefined
}

/** What a network expects of a sample. */
export interface Expected {
  inputs: readonly NamedShape[]
  /** Undefined where targets are not read. */
  outputs: readonly NamedShape[] | undefined
}

/**
 * A function that reads samples in their order: finite, all of the kind of the first, and as expected. What it
 * gives is a copy, so that a source may use its arrays again.
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

/** Names the sample in what goes wrong with it. */
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
  const { t, outputs } = ignored ? {} : readTarget(sample.t, expected?.outputs)
  if (t instanceof Float32Array) checkFinite(t)
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

/** The inputs in a row, and their shapes in words. */
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

/** Parts by name in a row: in the network's order if that is known, else in that of their names. */
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
  // Bytes that are targets are numbers.
  return join(Object.fromEntries(batch), kind === 'inputs' ? 255 : 1)
}

function readTarget(t: Sample['t'], own: Expected['outputs']): Partial<Pick<Read, 't' | 'outputs'>> {
  if (t === undefined) return {}
  if (typeof t === 'number') {
    // A stream does not know what is still to come: 1 must not be a class here and a value there.
    if (Number.isSafeInteger(t) && t >= 0 && t < 2 ** 32) return { t }
    throw new HebbError(
      'data',
      `t is ${t}, class numbers are whole and count from 0; a target value is [${t}]`,
    )
  }
  if (Array.isArray(t) || ArrayBuffer.isView(t)) return { t: Float32Array.from(toVector('it', 't', t)) }
  if (typeof t === 'object' && t !== null) {
    const { data, shapes } = inRow(t as Named, own, 'outputs')
    return { t: Float32Array.from(data), outputs: shapes }
  }
  throw new HebbError('data', 't must be a class number or a list of target values')
}

function checkFinite(values: Float32Array): void {
  // The sum of 0·v is 0 unless a v is not finite, and fast.
  let check = 0
  for (let i = 0; i < values.length; i++) check += values[i]! * 0
  if (check === 0) return
  const bad = values.find((value) => !Number.isFinite(value))
  throw new HebbError('data', `${bad} is among its values: remove or replace it`)
}

/** Refuses what the engine would refuse, which does not know the sample's number. */
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
