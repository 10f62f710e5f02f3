// The losses, which training minimises.
export type { Regularization } from '../regularization'
export * from './builtin'
export { type Loss, loss } from './custom'
export * from './formulas'
export type { LossOption } from './option'
