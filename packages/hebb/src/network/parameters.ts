// The parameters of a network: one flat array in the engine, named tensors outside.
import type { TensorInfo } from '../engine/protocol'
import { HebbError, shown } from '../errors'
import { equal, type Floats, type Tensor } from '../tensor'

/** The tensors of a flat array, by name. */
export function unflattenTensors(flat: Float32Array, tensors: readonly TensorInfo[]): Record<string, Tensor> {
  const entries = tensors.map(({ name, shape, offset, size }) => [
    name,
    { data: flat.slice(offset, offset + size), shape },
  ])
  return Object.fromEntries(entries)
}

/**
 * Named tensors as one flat array, in the order of their offsets; `what` begins the messages. With `partial` tensors may be
 * missing; `places` holds the range of each given tensor.
 */
export function flattenTensors(
  named: Readonly<Record<string, Floats>>,
  tensors: readonly TensorInfo[],
  what: string,
  partial = false,
): { flat: Float32Array<ArrayBuffer>; places: [offset: number, size: number][] } {
  if (typeof named !== 'object' || named === null || Array.isArray(named)) {
    throw new HebbError('data', `${what} are given by name: { "${tensors[0]?.name}": { data, shape }, … }`)
  }
  const given = new Map(Object.entries(named))
  const own = new Set(tensors.map(({ name }) => name))
  const missing = partial ? [] : tensors.filter(({ name }) => !given.has(name))
  const wrong = [
    list(
      'missing',
      missing.map(({ name, shape }) => `"${name}" [${shape}]`),
    ),
    list(
      'unknown',
      [...given.keys()].filter((name) => !own.has(name)).map((name) => `"${name}"`),
    ),
  ].filter(Boolean)
  if (wrong.length > 0) throw new HebbError('shape', `${what} do not fit the network: ${wrong.join('; ')}`)
  // The order is not that of the layers: trained tensors come first.
  const wanted = tensors.filter(({ name }) => given.has(name)).sort((a, b) => a.offset - b.offset)
  const flat = new Float32Array(wanted.reduce((sum, { size }) => sum + size, 0))
  let at = 0
  for (const { name, shape, size } of wanted) {
    const tensor = given.get(name)
    const data: unknown = tensor?.data
    if (!(data instanceof Float32Array || data instanceof Float64Array) || !Array.isArray(tensor?.shape)) {
      throw new HebbError('data', `${what}: "${name}" must be { data: a Float32Array, shape: [${shape}] }`)
    }
    if (!equal(tensor.shape, shape) || data.length !== size) {
      const values = data.length === size ? '' : ` of ${data.length} values`
      throw new HebbError(
        'shape',
        `${what}: "${name}" must have shape [${shape}], got ${shown(tensor.shape)}${values}`,
      )
    }
    flat.set(data, at)
    at += size
  }
  return { flat, places: wanted.map(({ offset, size }) => [offset, size]) }
}

/** A word and a list of names; empty if there are no names. */
function list(word: string, names: readonly string[]): string {
  const more = names.length > 8 ? ` and ${names.length - 8} more` : ''
  return names.length > 0 ? `${word} ${names.slice(0, 8).join(', ')}${more}` : ''
}
