import { HebbError, shown } from '../errors'
import type { Activation } from '../layers'
import { checkKeys, checkName, checkNumber, known, refuse } from '../options'
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
import { checkRegularization, type Regularization } from './regularization'

export * from './formulas'
export { type Loss, loss } from './own'
export type { Regularization } from './regularization'

type One = Loss | keyof typeof MAKERS

/** A loss by name, or made by its function; for several outputs one for all, or one for each by its name. */
export type LossOption = One | Readonly<Record<string, One>>

/** E = ½ ΣΣ (t − a)², over outputs and batch. */
export function sumSquaredError(): Loss {
  return { type: 'sumSquaredError' }
}

type Reduction = 'samples' | 'elements'

function reduced<T extends string>(type: T, options: { reduction?: Reduction }) {
  checkKeys(type, options, ['reduction'])
  const { reduction = 'samples' } = options
  return { type, reduction: checkName(type, 'reduction', reduction, ['samples', 'elements']) }
}

/**
 * ΣΣ (a − t)² / samples; with `reduction: 'elements'` divided by samples and outputs, as PyTorch's mean.
 */
export function meanSquaredError(options: { reduction?: Reduction } = {}): Loss {
  return reduced('meanSquaredError', options)
}

/** The root of {@link meanSquaredError} of a batch; for a network with one output. */
export function rootMeanSquaredError(options: { reduction?: Reduction } = {}): Loss {
  return reduced('rootMeanSquaredError', options)
}

/**
 * ΣΣ (a − t)² / ΣΣ (t − t̄)²: 0 is perfect, and 1 no better than the mean of the targets (OpenNN). t̄ is of the data set
 * that is trained on or evaluated; for a stream give `variance`, Σ(t − t̄)² / samples.
 */
export function normalizedSquaredError(options: { variance?: number } = {}): Loss {
  const who = 'normalizedSquaredError'
  checkKeys(who, options, ['variance'])
  const { variance } = options
  if (variance === undefined) return { type: who }
  return { type: who, variance: checkNumber(who, 'variance', variance, (n) => n > 0, 'above 0') }
}

/**
 * −ΣΣ w·t·ln p / samples, behind softmax or a linear layer, whose outputs then are logits. `classWeights` are the w of the
 * classes (1); `labelSmoothing` s makes of t (1 − s)·t + s/classes (0). As in PyTorch, but for class numbers too the mean
 * is over samples, not weights.
 */
export function crossEntropy(
  options: { labelSmoothing?: number; classWeights?: readonly number[] } = {},
): Loss {
  const who = 'crossEntropy'
  checkKeys(who, options, ['labelSmoothing', 'classWeights'])
  const { labelSmoothing, classWeights } = options
  if (labelSmoothing !== undefined) {
    checkNumber(who, 'labelSmoothing', labelSmoothing, (n) => n >= 0 && n <= 1, '0 to 1')
  }
  if (classWeights !== undefined && !Array.isArray(classWeights)) {
    refuse(who, 'classWeights', 'a list', classWeights)
  }
  return { type: who, ...options }
}

/**
 * −ΣΣ (w·t·ln p + (1 − t)·ln(1 − p)) / samples, behind sigmoid or a linear layer. `positiveWeight` is w, for classes that
 * are rare. Default 1.
 */
export function binaryCrossEntropy(options: { positiveWeight?: number } = {}): Loss {
  const who = 'binaryCrossEntropy'
  checkKeys(who, options, ['positiveWeight'])
  const { positiveWeight } = options
  if (positiveWeight !== undefined) {
    checkNumber(who, 'positiveWeight', positiveWeight, (n) => n > 0, 'above 0')
  }
  return { type: who, ...options }
}

const MAKERS = {
  sumSquaredError,
  meanSquaredError,
  rootMeanSquaredError,
  normalizedSquaredError,
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

/** What others call them, without "loss" behind and "sparse", "categorical" or "softmax" before. */
const ELSEWHERE = {
  mse: 'meanSquaredError',
  l2: 'meanSquaredError',
  rmse: 'rootMeanSquaredError',
  mae: 'meanAbsoluteError',
  l1: 'meanAbsoluteError',
  sse: 'sumSquaredError',
  smoothl1: 'huber',
  ce: 'crossEntropy',
  nll: 'crossEntropy',
  bce: 'binaryCrossEntropy',
  bcewithlogits: 'binaryCrossEntropy',
  sigmoidcrossentropy: 'binaryCrossEntropy',
  kld: 'kullbackLeibler',
  kldiv: 'kullbackLeibler',
  kldivergence: 'kullbackLeibler',
  kullbackleiblerdivergence: 'kullbackLeibler',
}

/** What a loss needs to know of an output. */
interface Answer {
  name: string
  activation: Activation
}

/** What training makes small, as the engine takes it: error terms and a regularisation term. */
export type Index = Loss | Loss[] | { errors: Loss | Loss[]; regularization: Regularization }

/** A loss index: {@link toLoss}, with a regularisation term. */
export function toIndex(
  options: { loss?: LossOption; regularization?: Regularization },
  outputs: readonly Answer[],
): Index {
  const { loss, regularization } = options
  const errors = toLoss(loss, outputs)
  return regularization === undefined
    ? errors
    : { errors, regularization: checkRegularization(regularization) }
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
  const names = Object.keys(MAKERS)
  const ends = /^(sparse)?[_ ]?(categorical|softmax)|[_ ]?loss$/gi
  const here = known(typeof option === 'string' ? option.replace(ends, '') : option, names, ELSEWHERE)
  throw new HebbError(
    'option',
    `loss must be ${here ? `"${here}"` : `one of ${names.join(', ')}`}, got ${shown(option)}`,
  )
}
