// The parameters of a network: one flat array in the engine, named tensors outside.
import type { TensorInfo } from '../engine/protocol'
import { HebbError, shown } from '../errors'
import { equal, type Floats, size, type Tensor } from '../tensor'

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
  checkNames([...given.keys()], tensors, what, partial)
  // The order is not that of the layers: trained tensors come first.
  const wanted = tensors.filter(({ name }) => given.has(name)).sort((a, b) => a.offset - b.offset)
  const flat = new Float32Array(wanted.reduce((sum, { size }) => sum + size, 0))
  let at = 0
  for (const { name, shape, size: length } of wanted) {
    const tensor = given.get(name)
    const data: unknown = tensor?.data
    if (!(data instanceof Float32Array || data instanceof Float64Array) || !Array.isArray(tensor?.shape)) {
      throw new HebbError('data', `${what}: "${name}" must be { data: a Float32Array, shape: [${shape}] }`)
    }
    checkShape(what, { name, shape }, tensor.shape, data.length)
    flat.set(data, at)
    at += length
  }
  return { flat, places: wanted.map(({ offset, size }) => [offset, size]) }
}

/** Throws if tensors are missing, unless only a part is given, or unknown; `what` begins the message. */
export function checkNames(
  given: readonly string[],
  tensors: readonly TensorInfo[],
  what: string,
  partial = false,
): void {
  const own = new Set(tensors.map(({ name }) => name))
  const all = new Set(given)
  const missing = partial ? [] : tensors.filter(({ name }) => !all.has(name))
  const wrong = [
    list(
      'missing',
      missing.map(({ name, shape }) => `"${name}" [${shape}]`),
    ),
    list(
      'unknown',
      given.filter((name) => !own.has(name)).map((name) => `"${name}"`),
    ),
  ].filter(Boolean)
  if (wrong.length > 0) throw new HebbError('shape', `${what} do not fit the network: ${wrong.join('; ')}`)
}

/** Throws if a given tensor has not the shape of the network's, or not as many values. */
export function checkShape(
  what: string,
  { name, shape }: Pick<TensorInfo, 'name' | 'shape'>,
  given: readonly number[],
  values = size(shape),
): void {
  if (equal(given, shape) && values === size(shape)) return
  const count = values === size(shape) ? '' : ` of ${values} values`
  throw new HebbError('shape', `${what}: "${name}" must have shape [${shape}], got ${shown(given)}${count}`)
}

/** A word and a list of names; empty if there are no names. */
function list(word: string, names: readonly string[]): string {
  const more = names.length > 8 ? ` and ${names.length - 8} more` : ''
  return names.length > 0 ? `${word} ${names.slice(0, 8).join(', ')}${more}` : ''
}
