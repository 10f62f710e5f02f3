// Losses by their formulas of an output a and its target t, summed over outputs and averaged over samples.
import { abs, log, maximum, type Symbolic, softplus, type Term, where } from '../expression'
import { checkKeys, checkNumber } from '../options'
import { type Loss, loss } from './custom'

const difference = (f: (d: Symbolic, t: Symbolic) => Term): Loss =>
  loss((output, target) => f(output.minus(target), target))

/** ΣΣ |a − t| / samples. */
export function meanAbsoluteError(): Loss {
  return difference((d) => abs(d))
}

/** Huber 1964: ½d² if |d| ≤ delta, else delta·(|d| − ½·delta), with d = a − t. `delta` defaults to 1. */
export function huber(options: { delta?: number } = {}): Loss {
  checkKeys('huber', options, ['delta'])
  const delta = checkNumber('huber', 'delta', options.delta ?? 1, (n) => n > 0, 'above 0')
  return difference((d) => {
    const line = abs(d)
      .minus(delta / 2)
      .times(delta)
    return where(abs(d), delta, line, d.power(2).times(0.5))
  })
}

/** ln cosh d with d = a − t: about ½d² near 0 and about |d| far from 0. */
export function logCosh(): Loss {
  return difference((d) =>
    abs(d)
      .plus(softplus(abs(d).times(-2)))
      .minus(Math.LN2),
  )
}

/** Minkowski error |a − t|^exponent, less sensitive to outliers if the exponent is below 2. `exponent` defaults to 1.5. */
export function minkowski(options: { exponent?: number } = {}): Loss {
  checkKeys('minkowski', options, ['exponent'])
  const { exponent = 1.5 } = options
  checkNumber('minkowski', 'exponent', exponent, (n) => n >= 1 && n <= 16, '1 to 16')
  return difference((d) => abs(d).power(exponent))
}

/**
 * Weighted squared error, for rare positives: weight·(a − t)², the weight being `positive` if t > ½, else `negative`. Both
 * default to 1.
 */
export function weightedSquaredError(options: { positive?: number; negative?: number } = {}): Loss {
  checkKeys('weightedSquaredError', options, ['positive', 'negative'])
  const weight = (name: 'positive' | 'negative') =>
    checkNumber('weightedSquaredError', name, options[name] ?? 1, (n) => n >= 0, 'at least 0')
  const [positive, negative] = [weight('positive'), weight('negative')]
  return difference((d, t) => where(t, 0.5, d.power(2).times(positive), d.power(2).times(negative)))
}

/** max(0, 1 − t·a), for targets −1 and 1: the sign of the output is the class. */
export function hinge(): Loss {
  const own = loss((output, target) => maximum(output.times(target).negative().plus(1), 0))
  return { ...own, targets: 'signs' }
}

/** Kullback–Leibler divergence t·ln(t/p) of probabilities p, as after softmax, from target probabilities t. */
export function kullbackLeibler(): Loss {
  return { ...loss((p, t) => where(t, 0, t.times(log(t).minus(log(p))), 0)), targets: 'probabilities' }
}
