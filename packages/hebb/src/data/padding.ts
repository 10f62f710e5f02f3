// Fills sequences up to the same number of time steps.
import { HebbError } from '../errors'
import { type Input, size, type Tensor, toTensor } from '../tensor'

/** A sequence as `[steps, features]`; a list of numbers has one feature. */
export function readSequence(which: string, one: Input): Tensor<Float32Array> {
  if (Array.isArray(one) && one.length === 0) {
    throw new HebbError('data', `${which} has no time step: leave it out`)
  }
  const { data, shape } = toTensor(one)
  const [steps, features = 1, ...rest] = shape
  if (rest.length === 0) return { data: new Float32Array(data), shape: [steps!, features] }
  throw new HebbError('shape', `${which} has shape [${shape}]: a sequence is [steps, features]`)
}

/** The sequences `[N, steps, features]`, with zeros behind the shorter ones. */
export function padded(
  which: string,
  read: readonly Tensor<Float32Array>[],
  steps: number,
): Tensor<Float32Array> {
  const features = read[0]!.shape[1]!
  const data = new Float32Array(read.length * steps * features)
  read.forEach((one, number) => {
    const [length, own] = one.shape
    if (own !== features) {
      throw new HebbError('shape', `${which} ${number} has ${own} features, the first one ${features}`)
    }
    if (length! > steps) {
      throw new HebbError('shape', `${which} ${number} has ${length} time steps, more than the ${steps}`)
    }
    data.set(one.data, number * steps * features)
  })
  return { data, shape: [read.length, steps, features] }
}

/** A sequence or a list of sequences for an input `[T, features]` or `[T]`; `one` says which. */
export function toPadded(
  input: Input,
  own: readonly number[],
): { x: Tensor; lengths: Float32Array; one: boolean } {
  const [steps, features = 1] = own
  const { list, one } = apart(input, own.length)
  const read = list.map((part, number) => readSequence(`sequence ${number}`, part))
  const x = padded('sequence', read, steps!)
  if (x.shape[2] === features) return { x, lengths: Float32Array.from(read, ({ shape }) => shape[0]!), one }
  throw new HebbError(
    'shape',
    `the network expects sequences [steps, ${features}], got [steps, ${x.shape[2]}]`,
  )
}

/** The sequences of a list or of a tensor; or the only one, whose nesting has the depth `rank`. */
function apart(input: Input, rank: number): { list: readonly Input[]; one: boolean } {
  if (Array.isArray(input)) {
    let depth = 0
    for (let part: unknown = input; Array.isArray(part); part = part[0]) depth++
    const one = depth === rank && typeof input.flat(rank)[0] === 'number'
    return { list: one ? [input] : (input as readonly Input[]), one }
  }
  const { data, shape } = toTensor(input)
  if (shape.length === rank) return { list: [input], one: true }
  const own = shape.slice(1)
  const part = (i: number) => data.subarray(i * size(own), (i + 1) * size(own)) as Float32Array
  return { list: Array.from({ length: shape[0]! }, (_, i) => ({ data: part(i), shape: own })), one: false }
}
