// Activation functions: names, options, checks.
import { HebbError, shown } from '../errors'
import type { Operation } from '../expression'
import { checkKeys, checkName, checkNumber } from '../options'

const NAMES = [
  'identity',
  'step',
  'sign',
  'sigmoid',
  'hardSigmoid',
  'tanh',
  'lecunTanh',
  'relu',
  'leakyRelu',
  'prelu',
  'elu',
  'selu',
  'gelu',
  'silu',
  'mish',
  'softplus',
  'softsign',
  'gaussian',
  'softmax',
  'logSoftmax',
] as const

/** Names in other libraries. */
const ALIASES = {
  linear: 'identity',
  none: 'identity',
  swish: 'silu',
  logistic: 'sigmoid',
  heaviside: 'step',
  lrelu: 'leakyRelu',
}

/**
 * An activation: a name, or made by {@link leakyRelu}, {@link elu} or, for a custom one, `elementwise`.
 *
 * | name | f(x) | range | derivative, and its bound |
 * | --- | --- | --- | --- |
 * | `identity` | x | ℝ | 1 |
 * | `step` | 1 if x ≥ 0, else 0 | {0, 1} | 0: layers before it do not train |
 * | `sign` | 1 if x ≥ 0, else −1 | {−1, 1} | 0, likewise |
 * | `sigmoid` | 1 / (1 + e⁻ˣ) | (0, 1) | y(1 − y) ≤ ¼ |
 * | `hardSigmoid` | x/6 + ½ clamped to 0…1 | [0, 1] | ⅙ within ±3, else 0 |
 * | `tanh` | tanh x | (−1, 1) | 1 − y² ≤ 1 |
 * | `lecunTanh` | 1.7159·tanh(2x/3) | ±1.7159 | ≤ 1.144 |
 * | `relu` | max(0, x) | [0, ∞) | 1 above 0, else 0 |
 * | `leakyRelu` | x if x > 0, else slope·x | ℝ | 1 or slope |
 * | `prelu` | x if x > 0, else slope·x; trains a slope for each channel or feature, initially 0.25 | ℝ | 1 or slope |
 * | `elu` | x if x > 0, else α(eˣ − 1) | (−α, ∞) | 1 or y + α |
 * | `selu` | 1.0507·ELU with α = 1.6733 | (−1.758, ∞) | ≤ 1.758 |
 * | `gelu` | x·Φ(x) | ≥ −0.17 | ≤ 1.129 |
 * | `silu` | x·σ(x) | ≥ −0.279 | ≤ 1.0998 |
 * | `mish` | x·tanh(ln(1 + eˣ)) | ≥ −0.309 | ≤ 1.0885 |
 * | `softplus` | ln(1 + eˣ) | (0, ∞) | σ(x) < 1 |
 * | `softsign` | x / (1 + ∣x∣) | (−1, 1) | 1/(1 + ∣x∣)² ≤ 1 |
 * | `gaussian` | e^−x² | (0, 1] | −2xy, ≤ 0.858 |
 * | `softmax` | eˣ / Σ eˣ | (0, 1) | y(δ − y) |
 * | `logSoftmax` | x − ln Σ eˣ | (−∞, 0) | δ − eʸ |
 */
export type Activation =
  | (typeof NAMES)[number]
  | { leakyRelu: { slope: number } }
  | { elu: { alpha: number } }
  | { elementwise: readonly Operation[] }

/** x if x > 0, else slope·x (Maas et al. 2013). `slope` defaults to 0.01. */
export function leakyRelu(options: { slope?: number } = {}): { leakyRelu: { slope: number } } {
  checkKeys('leakyRelu', options, ['slope'])
  const { slope = 0.01 } = options
  return { leakyRelu: { slope: checkNumber('leakyRelu', 'slope', slope, () => true, 'finite') } }
}

/** x if x > 0, else α·(eˣ − 1) (Clevert et al. 2016). `alpha` defaults to 1. */
export function elu(options: { alpha?: number } = {}): { elu: { alpha: number } } {
  checkKeys('elu', options, ['alpha'])
  const { alpha = 1 } = options
  return { elu: { alpha: checkNumber('elu', 'alpha', alpha, () => true, 'finite') } }
}

/** An activation as the engine expects it. The engine checks custom formulas itself. */
export function checkActivation(who: string, name: string, value: unknown): Activation {
  if (value === 'leakyRelu') return leakyRelu()
  if (value === 'elu') return elu()
  if (typeof value !== 'object' || value === null) return checkName(who, name, value, NAMES, ALIASES)
  const kinds = value as Record<string, unknown>
  if ('leakyRelu' in kinds) return leakyRelu(kinds.leakyRelu as { slope: number })
  if ('elu' in kinds) return elu(kinds.elu as { alpha: number })
  if ('elementwise' in kinds) return { elementwise: kinds.elementwise as readonly Operation[] }
  throw new HebbError(
    'option',
    `${who}: ${name} must be a name, or made by leakyRelu(), elu() or elementwise(), got ${shown(value)}`,
  )
}
