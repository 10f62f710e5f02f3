// Optimizers for all samples at once: an epoch is one of their iterations.

import { checkKeys, checkName, checkNumber, checkWhole } from '../options'
import { checkRate, type LearningRate } from './learningRate'

export interface GradientDescentOptions {
  /** Default `lineMinimized`: to the minimum along the gradient, at every step. */
  learningRate?: LearningRate
  /** What finds that minimum: parabolas (Brent 1973), or the golden section (Kiefer 1953). Default `brent`. */
  lineSearch?: 'brent' | 'goldenSection'
}

/** Gradient descent on all samples, Δw = −ε·∂E/∂w (Cauchy 1847), ε by line minimisation, fixed or decaying. */
export function gradientDescent(options: GradientDescentOptions = {}) {
  checkKeys('gradientDescent', options, ['learningRate', 'lineSearch'])
  const { learningRate = 'lineMinimized', lineSearch = 'brent' } = options
  return {
    type: 'gradientDescent',
    learningRate: checkRate('gradientDescent', learningRate),
    lineSearch: checkName('gradientDescent', 'lineSearch', lineSearch, ['brent', 'goldenSection']),
  } as const
}

export interface ConjugateGradientOptions {
  /** β = max(0, gᵀ(g − g₋) / g₋ᵀg₋) (Polak and Ribière 1969), or gᵀg / g₋ᵀg₋ (Fletcher and Reeves 1964). Default `polakRibiere`. */
  formula?: 'polakRibiere' | 'fletcherReeves'
}

/** Nonlinear conjugate gradients, d(t) = −g(t) + β·d(t−1), with steps that satisfy the strong Wolfe conditions. */
export function conjugateGradient(options: ConjugateGradientOptions = {}) {
  checkKeys('conjugateGradient', options, ['formula'])
  const names = ['polakRibiere', 'fletcherReeves'] as const
  const formula = checkName('conjugateGradient', 'formula', options.formula ?? 'polakRibiere', names)
  return { type: 'conjugateGradient', formula } as const
}

/**
 * The quasi-Newton method of Broyden, Fletcher, Goldfarb and Shanno (1970): d = −H·g, H an approximation of the inverse
 * Hessian, which takes n² numbers; steps satisfy the strong Wolfe conditions.
 */
export function bfgs(options: Record<string, never> = {}) {
  checkKeys('bfgs', options, [])
  return { type: 'bfgs' } as const
}

export interface LbfgsOptions {
  /** How many steps it remembers, at least 1. Default 10. */
  memory?: number
}

/** BFGS with little memory (Liu and Nocedal 1989): H·g from the last steps alone. */
export function lbfgs(options: LbfgsOptions = {}) {
  checkKeys('lbfgs', options, ['memory'])
  return { type: 'lbfgs', memory: checkWhole('lbfgs', 'memory', options.memory ?? 10, 1) } as const
}

export interface LevenbergMarquardtOptions {
  /** The first λ, above 0; it then follows what the steps bring. Default 0.001. */
  damping?: number
}

/**
 * The method of Levenberg (1944) and Marquardt (1963) for sums of squares ½Σr²: (JᵀJ + λ·D)·Δw = −Jᵀr, J the derivatives
 * of the residuals r and D the largest diagonal of JᵀJ so far. It takes n² numbers, and of networks with
 * `sumSquaredError` or `meanSquaredError` a backward pass for each output of each sample.
 */
export function levenbergMarquardt(options: LevenbergMarquardtOptions = {}) {
  checkKeys('levenbergMarquardt', options, ['damping'])
  const ok = (damping: number) => damping > 0
  const damping = checkNumber('levenbergMarquardt', 'damping', options.damping ?? 1e-3, ok, 'above 0')
  return { type: 'levenbergMarquardt', damping } as const
}

export const BATCH = { gradientDescent, conjugateGradient, bfgs, lbfgs, levenbergMarquardt }

/** An optimizer for all samples at once, as its function makes it. */
export type BatchOptimizer = ReturnType<(typeof BATCH)[keyof typeof BATCH]>

/** Whether an optimizer takes all samples at once. */
export function takesAll(optimizer: { type: string }): optimizer is BatchOptimizer {
  return Object.hasOwn(BATCH, optimizer.type)
}
