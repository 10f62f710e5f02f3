import { checkKeys, checkNumber } from './options'

/** A regularisation term: l1·Σ|w| + ½·l2·Σw² over weights, not biases. Both default to 0. */
export interface Regularization {
  l1?: number
  /** PyTorch's `weight_decay`. */
  l2?: number
}

/** Returns a regularisation, or throws. */
export function checkRegularization(option: Regularization): Regularization {
  checkKeys('regularization', option, ['l1', 'l2'])
  for (const [name, value] of Object.entries(option)) {
    if (value !== undefined) checkNumber('regularization', name, value, (n) => n >= 0, 'at least 0')
  }
  return option
}
