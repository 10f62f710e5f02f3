// What the classical models are given: numbers in 64 bits, or for perceptrons a data set too.
import { HebbError } from '../errors'
import { type Input, toDoubles, toVector } from '../tensor'

/** One sample or many, in a row. */
export interface Doubles {
  data: Float64Array
  samples: number
  /** Whether it was one sample, without the samples' own dimension. */
  single: boolean
}

/** Reads samples of so many values: `[inputs]` is one, `[N, …]` are many, and so is `[N]` of one value each. */
export function toSamples(who: string, input: Input, inputs: number): Doubles {
  const { data, shape } = toDoubles(input)
  if (data.length === 0) throw new HebbError('data', `${who}: there are no samples`)
  if (shape.length === 1 && shape[0] === inputs) return { data, samples: 1, single: true }
  const size = shape.slice(1).reduce((a, b) => a * b, 1)
  if (size === inputs) return { data, samples: shape[0]!, single: false }
  throw new HebbError('shape', `${who} expects samples of ${inputs} values, [N, ${inputs}], got [${shape}]`)
}

/** As {@link toSamples}, to train on: never one sample without its dimension, unless it has one value. */
export function toSet(who: string, input: Input, inputs: number): Doubles {
  const read = toSamples(who, input, inputs)
  if (!read.single || inputs === 1) return read
  throw new HebbError('shape', `${who} learns from samples [N, ${inputs}], got one sample; write [x]`)
}

/** Reads a target for each sample, `[N]` or `[N, 1]`. */
export function toTargets(who: string, t: Input | ArrayLike<number>, samples: number): Float64Array {
  const data = ArrayBuffer.isView(t) ? toVector(who, 'the targets', t) : toDoubles(t as Input).data
  if (data.length === samples) return data
  throw new HebbError('shape', `${who}: ${data.length} targets for ${samples} samples`)
}
