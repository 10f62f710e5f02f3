// How the optimizer's state is named in a safetensors file.

/** The key of its description in the metadata. */
export const STATE_KEY = 'hebb.optimizer'

/** What the names of its tensors begin with. No weight has such a name: `optimizer/dense1.weight/velocity`. */
export const STATE_PREFIX = 'optimizer/'

/** The description of an optimizer's state, as the engine gives it. */
export interface StateDescription {
  rule: { type: string }
  tensors: readonly { name: string; shape: readonly number[] }[]
}
