// The samples of the classical models, as 64-bit floats.
import type { Dataset } from '../data/dataset'
import { HebbError } from '../errors'
import { type Input, type Tensor, toDoubles, toVector } from '../tensor'

/** One or more samples as one array. */
export interface Doubles {
  data: Float64Array
  samples: number
  /** Whether it was one sample without the dimension N. */
  single: boolean
}

/** Reads samples of `inputs` values: `[inputs]` is one sample, `[N, …]` and, for one value each, `[N]` are several. */
export function toSamples(who: string, input: Input, inputs: number): Doubles {
  const { data, shape } = toDoubles(input)
  if (data.length === 0) throw new HebbError('data', `${who}: there are no samples`)
  if (shape.length === 1 && shape[0] === inputs) return { data, samples: 1, single: true }
  const size = shape.slice(1).reduce((a, b) => a * b, 1)
  if (size === inputs) return { data, samples: shape[0]!, single: false }
  throw new HebbError('shape', `${who} expects samples of ${inputs} values, [N, ${inputs}], got [${shape}]`)
}

/** Like {@link toSamples}, for training: refuses a single sample without the dimension N unless it has one value. */
export function toSet(who: string, input: Input, inputs: number): Doubles {
  const read = toSamples(who, input, inputs)
  if (!read.single || inputs === 1) return read
  throw new HebbError('shape', `${who} learns from samples [N, ${inputs}], got one sample; write [x]`)
}

/** The numbers from `from` up to `to`. */
export const range = (from: number, to: number): Uint32Array =>
  Uint32Array.from({ length: to - from }, (_, i) => from + i)

/** Some samples of a data set, by default all, bytes as value / 255, and their class numbers, if they have any. */
export async function fromDataset(
  who: string,
  set: Dataset,
  inputs: number,
  indices = range(0, set.samples),
): Promise<Doubles & { classes: Uint32Array | undefined }> {
  const size = set.shape.reduce((a, b) => a * b, 1)
  if (size !== inputs) {
    throw new HebbError('shape', `${who} expects samples of ${inputs} values, the data set's have ${size}`)
  }
  const { x, t } = await set.read(indices)
  const { data: values } = x as Tensor
  const data = Float64Array.from(values)
  if (values instanceof Uint8Array) for (let i = 0; i < data.length; i++) data[i]! /= 255
  return { data, samples: indices.length, single: false, classes: t instanceof Uint32Array ? t : undefined }
}

/** The class numbers of samples of a data set. */
export function classesOf(who: string, classes: Uint32Array | undefined): Uint32Array {
  if (classes) return classes
  throw new HebbError('data', `${who}: the targets of the data set are no class numbers`)
}

/** Reads one target per sample, `[N]` or `[N, 1]`. */
export function toTargets(who: string, t: Input | ArrayLike<number>, samples: number): Float64Array {
  const data = ArrayBuffer.isView(t) ? toVector(who, 'the targets', t) : toDoubles(t as Input).data
  if (data.length === samples) return data
  throw new HebbError('shape', `${who}: ${data.length} targets for ${samples} samples`)
}
