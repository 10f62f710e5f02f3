// The parameters of a network: one array in the engine, tensors by name outside.
import type { TensorInfo } from './engine/protocol'
import { HebbError } from './errors'
import type { Tensor } from './tensor'

/** The tensors of a flat array, by name. */
export function byName(flat: Float32Array, tensors: readonly TensorInfo[]): Record<string, Tensor> {
  const entries = tensors.map(({ name, shape, offset, size }) => [
    name,
    { data: flat.slice(offset, offset + size), shape },
  ])
  return Object.fromEntries(entries)
}

/** Tensors by name as one array; `what` begins the messages. */
export function inARow(
  named: Record<string, Tensor>,
  tensors: readonly TensorInfo[],
  what: string,
): Float32Array<ArrayBuffer> {
  const flat = new Float32Array(tensors.reduce((sum, { size }) => sum + size, 0))
  for (const { name, shape, offset, size } of tensors) {
    const data = named?.[name]?.data
    if (!data) throw new HebbError('shape', `${what}: "${name}" of shape [${shape}] is missing`)
    if (data.length !== size) {
      throw new HebbError('shape', `${what}: "${name}" must have shape [${shape}], got ${data.length} values`)
    }
    flat.set(data, offset)
  }
  for (const name of Object.keys(named)) {
    if (!tensors.some((tensor) => tensor.name === name)) {
      throw new HebbError('shape', `${what}: the network has no parameter "${name}"`)
    }
  }
  return flat
}
