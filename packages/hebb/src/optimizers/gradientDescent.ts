import { checkKeys, checkName } from '../options'
import { checkRate, type LearningRate } from './learningRate'

export interface GradientDescentOptions {
  /** Default `lineMinimized`: every step goes to the minimum along the gradient. */
  learningRate?: LearningRate
  /** The line search: parabolas (Brent 1973) or the golden section (Kiefer 1953). Default `brent`. */
  lineSearch?: 'brent' | 'goldenSection'
}

/** Gradient descent on all samples, Δw = −ε·∂E/∂w (Cauchy 1847), with ε found by line minimisation, fixed or decaying. */
export function gradientDescent(options: GradientDescentOptions = {}) {
  checkKeys('gradientDescent', options, ['learningRate', 'lineSearch'])
  const { learningRate = 'lineMinimized', lineSearch = 'brent' } = options
  return {
    type: 'gradientDescent',
    learningRate: checkRate('gradientDescent', learningRate),
    lineSearch: checkName('gradientDescent', 'lineSearch', lineSearch, ['brent', 'goldenSection']),
  } as const
}
