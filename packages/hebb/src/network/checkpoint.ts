// The optimizer's state in a safetensors file: its tensors under a prefix, and a description in the metadata.
import { HebbError } from '../errors'
import type { NamedTensor } from '../interop/safetensors'
import { equal, type Floats, size } from '../tensor'

/** The key of the description in the metadata. */
export const STATE_KEY = 'hebb.optimizer'

/** What the names of the state's tensors begin with. No weight has such a name: `optimizer/dense1.weight/velocity`. */
const PREFIX = 'optimizer/'

/** The description of an optimizer's state, as the engine gives it. */
interface Description {
  rule: { type: string }
  tensors: readonly { name: string; shape: readonly number[] }[]
}

/** The tensors of a state, for a file. */
export function stateTensors(state: string, values: Float32Array): NamedTensor[] {
  const { tensors } = JSON.parse(state) as Description
  let at = 0
  return tensors.map(({ name, shape }) => {
    const from = at
    at += size(shape)
    return { name: PREFIX + name, shape, data: values.subarray(from, at) }
  })
}

/** Separates the tensors of a file into weights and an optimizer's state, whose description is in the metadata. */
export function separateState(
  tensors: Readonly<Record<string, Floats>>,
  metadata: Readonly<Record<string, string>>,
): { weights: Record<string, Floats>; state?: { text: string; type: string; values: Float32Array } } {
  const text = metadata[STATE_KEY]
  if (text === undefined) return { weights: tensors }
  let described: Description
  try {
    described = JSON.parse(text)
  } catch {
    throw damaged('its description is not JSON')
  }
  const { rule, tensors: list } = described ?? {}
  const type: unknown = rule?.type
  if (typeof type !== 'string' || !Array.isArray(list))
    throw damaged('its description lacks a rule or tensors')
  const rest = new Map(Object.entries(tensors))
  const parts: Floats['data'][] = []
  for (const one of list as Description['tensors']) {
    const name = PREFIX + one?.name
    const tensor = rest.get(name)
    // The weights are compared with the network, and their state has their shapes.
    const weight = rest.get(name.slice(PREFIX.length, name.lastIndexOf('/')))
    if (!tensor || !weight || ![weight.shape, one.shape ?? []].every((shape) => equal(tensor.shape, shape))) {
      throw damaged(`the tensor "${name}" is missing or has another shape`)
    }
    rest.delete(name)
    parts.push(tensor.data)
  }
  const values = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    values.set(part, at)
    at += part.length
  }
  return { weights: Object.fromEntries(rest), state: { text, type, values } }
}

function damaged(why: string): HebbError {
  return new HebbError('file', `the optimizer's state in this file is damaged: ${why}`)
}
