// The option `loss`, converted for the engine.
import { HebbError, shown } from '../errors'
import type { Activation } from '../layers'
import { known } from '../options'
import { checkRegularization, type Regularization } from '../regularization'
import {
  binaryCrossEntropy,
  crossEntropy,
  meanSquaredError,
  normalizedSquaredError,
  rootMeanSquaredError,
  sumSquaredError,
} from './builtin'
import type { Loss } from './custom'
import {
  hinge,
  huber,
  kullbackLeibler,
  logCosh,
  meanAbsoluteError,
  minkowski,
  weightedSquaredError,
} from './formulas'

type One = Loss | keyof typeof MAKERS

/** A loss by name or made by its function; for several outputs one for all, or one for each output by its name. */
export type LossOption = One | Readonly<Record<string, One>>

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

/** Names in other libraries, without the suffix "loss" and the prefixes "sparse", "categorical" and "softmax". */
const ALIASES = {
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

/** The properties of an output that a loss depends on. */
interface OutputInfo {
  name: string
  activation: Activation
}

/** The loss index that training minimises, as the engine expects it: error terms and a regularisation term. */
export type LossIndex = Loss | Loss[] | { errors: Loss | Loss[]; regularization: Regularization }

/** The loss index of the options: {@link toLoss} with the regularisation term. */
export function toLossIndex(
  options: { loss?: LossOption; regularization?: Regularization },
  outputs: readonly OutputInfo[],
): LossIndex {
  const { loss, regularization } = options
  const errors = toLoss(loss, outputs)
  return regularization === undefined
    ? errors
    : { errors, regularization: checkRegularization(regularization) }
}

/** The loss of an option, by default the one that matches the activation; a list for several outputs. */
export function toLoss(option: LossOption | undefined, outputs: readonly OutputInfo[]): Loss | Loss[] {
  if (option === undefined) {
    const usual = outputs.map(({ activation }) => {
      if (activation === 'softmax' || activation === 'logSoftmax') return crossEntropy()
      return activation === 'sigmoid' ? binaryCrossEntropy() : meanSquaredError()
    })
    return usual.length === 1 ? usual[0]! : usual
  }
  if (typeof option !== 'object' || option === null || 'type' in option) return made(option as One)
  for (const name of Object.keys(option)) {
    if (!outputs.some((output) => output.name === name)) {
      const names = outputs.map((output) => output.name).join(', ')
      throw new HebbError('option', `loss names "${name}", which is not an output: the outputs are ${names}`)
    }
  }
  return outputs.map(({ name }) => {
    if (Object.hasOwn(option, name)) return made((option as Record<string, One>)[name]!)
    throw new HebbError('option', `loss has no entry for the output "${name}"`)
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
  const here = known(typeof option === 'string' ? option.replace(ends, '') : option, names, ALIASES)
  throw new HebbError(
    'option',
    `loss must be ${here ? `"${here}"` : `one of ${names.join(', ')}`}, got ${shown(option)}`,
  )
}
