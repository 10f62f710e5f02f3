// Samples of a stream, read one by one as they come.
import { HebbError } from '../errors'
import { type Input, type Tensor, toTensor } from '../tensor'

/** A typed array of numbers. */
type Numbers = Float32Array | Float64Array | Uint8Array | Uint8ClampedArray | Int32Array | Uint32Array

/** One sample: its values, and what is to come of it. */
export interface Sample {
  /** `[…shape]`. A typed array is `[features]`. */
  x: Input | Numbers
  /** A class number, or target values `[outputs]`. */
  t?: number | readonly number[] | Numbers
}

/** A sample as typed arrays of its own. */
export interface Read {
  /** What all samples of a stream must have in common, in words. */
  kind: string
  x: Tensor<Float32Array | Uint8Array>
  t: number | Float32Array | undefined
}

/** What a network expects of a sample. */
export interface Expected {
  input: readonly number[]
  /** Values of all outputs in a row; undefined where targets are not read. */
  outputs: number | undefined
}

/**
 * A function that reads samples in their order: finite, all of the kind of the first, and as expected. What it
 * gives is a copy, so that a source may use its arrays again.
 */
export function reader(expected?: Expected): (sample: Sample) => Read {
  let first: string | undefined
  let seen = 0
  return (sample) => {
    const which = `sample ${seen++} of the stream`
    const one = readSample(sample, which, !expected || expected.outputs !== undefined)
    if (expected) check(one, expected, which)
    first ??= one.kind
    if (one.kind === first) return one
    throw new HebbError('shape', `${which} has ${one.kind}, the first one has ${first}`)
  }
}

function readSample(sample: Sample, which: string, targets: boolean): Read {
  if (typeof sample !== 'object' || sample === null || sample.x === undefined) {
    throw new HebbError('data', `${which} must be { x, t }, got ${typeof sample}`)
  }
  const x = readValues(sample.x, which)
  const t = targets ? readTarget(sample.t, which) : undefined
  const target =
    t === undefined ? 'no target' : typeof t === 'number' ? 'a class number' : `${t.length} target values`
  const values = x.data instanceof Uint8Array ? 'bytes' : 'numbers'
  return { x, t, kind: `${values} of shape [${x.shape}] and ${target}` }
}

function readValues(x: Sample['x'], which: string): Read['x'] {
  try {
    const read = toTensor(ArrayBuffer.isView(x) ? { data: x, shape: [x.length] } : x)
    if (read.data instanceof Float32Array) checkFinite(read.data, which)
    return read
  } catch (error) {
    if (!(error instanceof HebbError) || error.message.startsWith(which)) throw error
    throw new HebbError(error.code, `${which}: ${error.message}`)
  }
}

function readTarget(t: Sample['t'], which: string): Read['t'] {
  if (t === undefined) return undefined
  if (typeof t === 'number') {
    // A stream does not know what is still to come: 1 must not be a class here and a value there.
    if (Number.isSafeInteger(t) && t >= 0 && t < 2 ** 32) return t
    throw new HebbError(
      'data',
      `${which}: t is ${t}, class numbers are whole and count from 0; a target value is [${t}]`,
    )
  }
  if (!Array.isArray(t) && !ArrayBuffer.isView(t)) {
    throw new HebbError('data', `${which}: t must be a class number or a list of target values`)
  }
  const values = Float32Array.from(t as readonly number[])
  checkFinite(values, which)
  return values
}

function checkFinite(values: Float32Array, which: string): void {
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue
    throw new HebbError('data', `${which} has ${values[i]} among its values: remove or replace it`)
  }
}

/** Refuses what the engine would refuse, which does not know the sample's number. */
function check({ x, t }: Read, { input, outputs }: Expected, which: string): void {
  if (x.data.length !== input.reduce((a, b) => a * b, 1)) {
    throw new HebbError('shape', `${which} has shape [${x.shape}], the network expects [${input}]`)
  }
  if (outputs === undefined) return
  if (t === undefined) {
    throw new HebbError('data', `${which} has no target: give it t, a class number or target values`)
  }
  const classes = Math.max(outputs, 2)
  if (typeof t === 'number' && t >= classes) {
    throw new HebbError(
      'data',
      `${which}: class number ${t} is out of range: a network with ${outputs} outputs has classes 0 to ${classes - 1}`,
    )
  }
  if (typeof t !== 'number' && t.length !== outputs) {
    throw new HebbError(
      'shape',
      `${which} has ${t.length} target values, the network has ${outputs} outputs; a class number is not a list`,
    )
  }
}
