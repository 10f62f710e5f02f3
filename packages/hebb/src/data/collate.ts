// Samples as one array.
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

/** Some samples: `x` is `[N, …shape]`, `t` class numbers `[N]` or target values `[N, outputs]`. */
export interface Batch {
  x: Tensor<Float32Array | Uint8Array>
  t?: Uint32Array | Tensor<Float32Array>
}

/** A function that makes batches of samples, all of which must be of the kind of the first. */
export function collate(): (samples: readonly Sample[]) => Batch {
  let first: { kind: string; x: Tensor<Float32Array | Uint8Array> } | undefined
  let seen = 0
  return (samples) => {
    const read = samples.map((sample, i) => {
      const one = readSample(sample, `sample ${seen + i} of the stream`)
      first ??= one
      if (one.kind === first.kind) return one
      throw new HebbError(
        'shape',
        `sample ${seen + i} of the stream has ${one.kind}, the first one has ${first.kind}`,
      )
    })
    seen += samples.length
    const { data, shape } = first!.x
    const x = {
      data: join(
        data instanceof Uint8Array,
        read.map((one) => one.x.data),
      ),
      shape: [samples.length, ...shape],
    }
    const t = read.map((one) => one.t)
    if (t[0] === undefined) return { x }
    if (typeof t[0] === 'number') return { x, t: Uint32Array.from(t as number[]) }
    const values = join(false, t as Float32Array[]) as Float32Array
    return { x, t: { data: values, shape: [samples.length, t[0].length] } }
  }
}

function readSample(sample: Sample, which: string) {
  if (typeof sample !== 'object' || sample === null || sample.x === undefined) {
    throw new HebbError('data', `${which} must be { x, t }, got ${typeof sample}`)
  }
  const x = toTensor(ArrayBuffer.isView(sample.x) ? { data: sample.x, shape: [sample.x.length] } : sample.x)
  const t = readTarget(sample.t, which)
  const target =
    t === undefined ? 'no target' : typeof t === 'number' ? 'a class number' : `${t.length} target values`
  const values = x.data instanceof Uint8Array ? 'bytes' : 'numbers'
  return { x, t, kind: `${values} of shape [${x.shape}] and ${target}` }
}

function readTarget(t: Sample['t'], which: string): number | Float32Array | undefined {
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
  return Float32Array.from(t as readonly number[])
}

/** Arrays one behind the other, as bytes or as floats. */
function join(bytes: boolean, parts: readonly (Float32Array | Uint8Array)[]): Float32Array | Uint8Array {
  const size = parts.reduce((sum, part) => sum + part.length, 0)
  const all = bytes ? new Uint8Array(size) : new Float32Array(size)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
