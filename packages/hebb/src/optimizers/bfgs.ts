import { checkKeys } from '../options'

/**
 * The quasi-Newton method of Broyden, Fletcher, Goldfarb and Shanno (1970): d = −H·g, H an approximation of the inverse
 * Hessian, which has n² numbers. Steps satisfy the strong Wolfe conditions.
 */
export function bfgs(options: Record<string, never> = {}) {
  checkKeys('bfgs', options, [])
  return { type: 'bfgs' } as const
}
