import { HebbError, shown } from '../errors'
import type { Activation } from '../layers'
import { checkKeys, checkName } from '../options'
import {
  hinge,
  huber,
  kullbackLeibler,
  logCosh,
  meanAbsoluteError,
  minkowski,
  weightedSquaredError,
} from './formulas'
import type { Loss } from './own'

export * from './formulas'
export { type Loss, loss } from './own'

type One = Loss | keyof typeof MAKERS

/** A loss by name, or made by its function; for several outputs one for all, or one for each by its name. */
export type LossOption = One | Readonly<Record<string, One>>

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

const MAKERS = {
  sumSquaredError,
  meanSquaredError,
  crossEntropy,
  binaryCrossEntropy,
  meanAbsoluteError,
  huber,
  logCosh,
  minkowski,
  weightedSquaredError,
  hinge,
  kullbackLeibler,
}

/** What a loss needs to know of an output. */
interface Answer {
  name: string
  activation: Activation
}

/** The loss of an option, or the ones that go with the outputs' activations; several for several outputs. */
export function toLoss(option: LossOption | undefined, outputs: readonly Answer[]): Loss | Loss[] {
  if (option === undefined) {
    const usual = outputs.map(({ activation }) => {
      if (activation === 'softmax') return crossEntropy()
      return activation === 'sigmoid' ? binaryCrossEntropy() : meanSquaredError()
    })
    return usual.length === 1 ? usual[0]! : usual
  }
  if (typeof option !== 'object' || option === null || 'type' in option) return made(option as One)
  for (const name of Object.keys(option)) {
    if (!outputs.some((output) => output.name === name)) {
      const names = outputs.map((output) => output.name).join(', ')
      throw new HebbError('option', `loss names "${name}", which is no output: there are ${names}`)
    }
  }
  return outputs.map(({ name }) => {
    if (Object.hasOwn(option, name)) return made((option as Record<string, One>)[name]!)
    throw new HebbError('option', `loss has none for the output "${name}"`)
  })
}

function made(option: One): Loss {
  if (typeof option === 'object' && option !== null) {
    const { type } = option
    if ((typeof type === 'string' && Object.hasOwn(MAKERS, type)) || type === 'elementwise') return option
  }
  if (typeof option === 'string' && Object.hasOwn(MAKERS, option)) return MAKERS[option]()
  throw new HebbError('option', `loss must be one of ${Object.keys(MAKERS).join(', ')}, got ${shown(option)}`)
}
