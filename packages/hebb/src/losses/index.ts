import { HebbError } from '../errors'
import { checkKeys, checkName } from '../options'

/** A loss, as the engine knows it. */
export type Loss =
  | { type: 'sumSquaredError' }
  | { type: 'meanSquaredError'; reduction: 'samples' | 'elements' }
  | { type: 'crossEntropy' }
  | { type: 'binaryCrossEntropy' }

/** A loss by name, or made by its function. */
export type LossOption = Loss | Loss['type']

/** E = ½ ΣΣ (t − a)², over outputs and batch. */
export function sumSquaredError(): Loss {
  return { type: 'sumSquaredError' }
}

/**
 * ΣΣ (a − t)² / samples; with `reduction: 'elements'` divided by samples and outputs, as PyTorch's mean.
 */
export function meanSquaredError(options: { reduction?: 'samples' | 'elements' } = {}): Loss {
  checkKeys('meanSquaredError', options, ['reduction'])
  const reduction = checkName('meanSquaredError', 'reduction', options.reduction ?? 'samples', [
    'samples',
    'elements',
  ])
  return { type: 'meanSquaredError', reduction }
}

/** −ΣΣ t·ln p / samples, behind softmax or a linear layer, whose outputs then are logits. */
export function crossEntropy(): Loss {
  return { type: 'crossEntropy' }
}

/** −ΣΣ (t·ln p + (1 − t)·ln(1 − p)) / samples, behind sigmoid or a linear layer. */
export function binaryCrossEntropy(): Loss {
  return { type: 'binaryCrossEntropy' }
}

const MAKERS = { sumSquaredError, meanSquaredError, crossEntropy, binaryCrossEntropy }

/** The loss of an option, or the one that goes with the last layer's activation. */
export function toLoss(option: LossOption | undefined, last: string | undefined): Loss {
  if (option === undefined) {
    if (last === 'softmax') return crossEntropy()
    return last === 'sigmoid' ? binaryCrossEntropy() : meanSquaredError()
  }
  if (typeof option === 'object' && option !== null && Object.hasOwn(MAKERS, option.type)) return option
  if (typeof option === 'string' && Object.hasOwn(MAKERS, option)) return MAKERS[option]()
  throw new HebbError(
    'option',
    `loss must be one of ${Object.keys(MAKERS).join(', ')}, got ${String(option)}`,
  )
}
