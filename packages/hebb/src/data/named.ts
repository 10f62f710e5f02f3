// Several inputs or outputs by name. A sample holds them concatenated.
import { HebbError } from '../errors'
import { type Input, type Tensor, toTensor } from '../tensor'

/** Several inputs or targets, each `[samples, …]`, by name. */
export type NamedInput = Readonly<Record<string, Input>>

/** A name with the shape of one sample. */
export type NamedShape = readonly [name: string, shape: readonly number[]]

/** Whether an input of this name, `<name>.lengths`, says how many time steps the samples of another one have. */
export const isLengths = (name: string) => name.endsWith('.lengths')

/** Whether a value holds inputs by name, not one tensor. */
export function isNamed(x: unknown): x is NamedInput {
  if (typeof x !== 'object' || x === null || Array.isArray(x) || ArrayBuffer.isView(x)) return false
  // { data, shape } with data of a wrong kind is meant as a tensor too.
  return !ArrayBuffer.isView((x as Tensor).data) && !('data' in x && 'shape' in x)
}

/** Throws if the given names of inputs or outputs are not those of the network. */
export function checkNames(
  given: readonly string[],
  own: readonly string[],
  parts: 'inputs' | 'outputs' | 'states' = 'inputs',
): void {
  const missing = own.find((name) => !given.includes(name))
  const foreign = given.find((name) => !own.includes(name))
  if (missing !== undefined || foreign !== undefined) {
    const what =
      missing === undefined
        ? `too many are given ("${foreign}")`
        : `"${missing}" is missing${foreign === undefined ? '' : `, and there is no "${foreign}"`}`
    throw new HebbError('data', `the network's ${parts} are ${own.join(', ')}: ${what}`)
  }
}

/** Concatenates the parts of each sample. Bytes together with floats become value / `white`. */
export function join(
  x: NamedInput,
  white = 255,
): {
  data: Float32Array | Uint8Array
  shapes: NamedShape[]
  samples: number
} {
  const parts = Object.entries(x).map(([name, part]) => {
    const { data, shape } = toTensor(part)
    return { name, data, samples: shape[0]!, shape: shape.length > 1 ? shape.slice(1) : [1] }
  })
  const [first] = parts
  if (!first) throw new HebbError('data', 'there is no data: the object of inputs by name is empty')
  for (const { name, samples } of parts) {
    if (samples === first.samples) continue
    throw new HebbError(
      'shape',
      `"${name}" has ${samples} samples, "${first.name}" has ${first.samples}: all need as many`,
    )
  }
  const widths = parts.map(({ data }) => data.length / first.samples)
  const width = widths.reduce((a, b) => a + b)
  const bytes = parts.every(({ data }) => data instanceof Uint8Array)
  const all = new (bytes ? Uint8Array : Float32Array)(first.samples * width)
  let from = 0
  parts.forEach(({ data }, i) => {
    const size = widths[i]!
    const scaled =
      bytes || data instanceof Float32Array ? data : Float32Array.from(data, (value) => value / white)
    for (let sample = 0; sample < first.samples; sample++) {
      all.set(scaled.subarray(sample * size, (sample + 1) * size), sample * width + from)
    }
    from += size
  })
  return { data: all, shapes: parts.map(({ name, shape }) => [name, shape]), samples: first.samples }
}
