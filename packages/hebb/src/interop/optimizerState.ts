// Reads the optimizer's state in a safetensors file: its tensors under a prefix, and a description in the metadata.
import { HebbError } from '../errors'
import { equal, type Floats } from '../tensor'
import { STATE_KEY, STATE_PREFIX, type StateDescription } from './stateNames'

/** The tensors of a checkpoint that belong to the training. No weight has such a name, for all have a dot. */
export const TRAINING = { state: 'training/state', epochs: 'training/epochs' }

/** An optimizer's state: its description, the name of the optimizer, and the values of the tensors, one after another. */
export interface SavedState {
  text: string
  type: string
  values: ReturnType<typeof Float32Array.of>
}

/**
 * Separates the tensors of a file into weights and an optimizer's state, whose description is in the metadata. Those of a
 * training are left out.
 */
export function separateState(
  tensors: Readonly<Record<string, Floats>>,
  metadata: Readonly<Record<string, string>>,
): { weights: Record<string, Floats>; state?: SavedState } {
  const rest = new Map(Object.entries(tensors))
  for (const name of Object.values(TRAINING)) rest.delete(name)
  const text = metadata[STATE_KEY]
  if (text === undefined) return { weights: Object.fromEntries(rest) }
  let described: StateDescription
  try {
    described = JSON.parse(text)
  } catch {
    throw damaged('its description is not JSON')
  }
  const { rule, tensors: list } = described ?? {}
  const type: unknown = rule?.type
  if (typeof type !== 'string' || !Array.isArray(list))
    throw damaged('its description lacks a rule or tensors')
  const parts: Floats['data'][] = []
  for (const one of list as StateDescription['tensors']) {
    const name = STATE_PREFIX + one?.name
    const tensor = rest.get(name)
    // The weights are compared with the network, and their state has their shapes.
    const weight = rest.get(name.slice(STATE_PREFIX.length, name.lastIndexOf('/')))
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
