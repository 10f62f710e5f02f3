import { checkKeys, checkNumber } from '../options'

export interface LevenbergMarquardtOptions {
  /** The initial λ, above 0; it then adapts to the success of the steps. Default 0.001. */
  damping?: number
}

/**
 * The method of Levenberg (1944) and Marquardt (1963) for sums of squares ½Σr²: (JᵀJ + λ·D)·Δw = −Jᵀr, J the derivatives
 * of the residuals r and D the largest diagonal of JᵀJ so far. It needs n² numbers and, for a network with
 * `sumSquaredError` or `meanSquaredError`, a backward pass for each output of each sample.
 */
export function levenbergMarquardt(options: LevenbergMarquardtOptions = {}) {
  checkKeys('levenbergMarquardt', options, ['damping'])
  const ok = (damping: number) => damping > 0
  const damping = checkNumber('levenbergMarquardt', 'damping', options.damping ?? 1e-3, ok, 'above 0')
  return { type: 'levenbergMarquardt', damping } as const
}
