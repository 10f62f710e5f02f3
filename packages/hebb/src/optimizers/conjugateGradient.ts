import { checkKeys, checkName } from '../options'

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
