import { HebbError, shown } from '../errors'
import { known } from '../options'
import { adadelta } from './adadelta'
import { adagrad } from './adagrad'
import { adam } from './adam'
import { adamw } from './adamw'
import { bfgs } from './bfgs'
import { conjugateGradient } from './conjugateGradient'
import { FULL_BATCH, type FullBatchOptimizer, isFullBatch } from './fullBatch'
import { gradientDescent } from './gradientDescent'
import { lbfgs } from './lbfgs'
import { levenbergMarquardt } from './levenbergMarquardt'
import { nadam } from './nadam'
import { rmsprop } from './rmsprop'
import { sgd } from './sgd'

export type { AdadeltaOptions } from './adadelta'
export type { AdagradOptions } from './adagrad'
export type { AdamOptions } from './adam'
export type { AdamWOptions } from './adamw'
export type { Clip } from './common'
export type { ConjugateGradientOptions } from './conjugateGradient'
export type { FullBatchOptimizer } from './fullBatch'
export type { GradientDescentOptions } from './gradientDescent'
export type { LbfgsOptions } from './lbfgs'
export type { LevenbergMarquardtOptions } from './levenbergMarquardt'
export type { NadamOptions } from './nadam'
export type { RmspropOptions } from './rmsprop'
export { type Moment, type Schedule, schedule } from './schedule'
export type { SgdOptions } from './sgd'
export {
  adadelta,
  adagrad,
  adam,
  adamw,
  bfgs,
  conjugateGradient,
  gradientDescent,
  lbfgs,
  levenbergMarquardt,
  nadam,
  rmsprop,
  sgd,
}

const MINIBATCH = { sgd, adagrad, rmsprop, adadelta, adam, adamw, nadam }
const MAKERS = { ...MINIBATCH, ...FULL_BATCH }

/** Names in other libraries. */
const ALIASES = {
  momentum: 'sgd',
  gd: 'gradientDescent',
  cg: 'conjugateGradient',
  lm: 'levenbergMarquardt',
}

/** A minibatch optimizer as its function makes it. */
export type StepOptimizer = ReturnType<(typeof MINIBATCH)[keyof typeof MINIBATCH]>

/** An optimizer as its function makes it. */
export type Optimizer = StepOptimizer | FullBatchOptimizer

/** An optimizer by name or made by its function. */
export type OptimizerOption = Optimizer | Optimizer['type']

/** A minibatch optimizer by name or made by its function. */
export type StepOption = StepOptimizer | StepOptimizer['type']

/** Like {@link toOptimizer}, but refuses full-batch optimizers, which cannot make single steps. */
export function toStepOptimizer(option: StepOption | undefined, parameters: number): StepOptimizer {
  const made = toOptimizer(option, parameters)
  if (!isFullBatch(made)) return made
  throw new HebbError('option', `${made.type} compares losses of all samples: it is for fit and minimize`)
}

/** The optimizers whose step size does not depend on the scale of the gradient. */
const SCALE_FREE = ['adam', 'adamw', 'nadam']

/**
 * The default learning rate: in a network of few parameters each of them has to move further. It is rounded to two digits,
 * so that it is the same on every machine, whatever its cube root.
 */
function usualRate(parameters: number): number {
  return Math.min(0.01, Math.max(0.001, Number((0.1 / Math.cbrt(parameters)).toPrecision(2))))
}

/** The optimizer of an option for a network with `parameters` parameters. Default: `adam`. */
export function toOptimizer(option: OptimizerOption | undefined, parameters: number): Optimizer {
  const made = read(option)
  if (!SCALE_FREE.includes(made.type) || Object.hasOwn(made, 'learningRate')) return made
  return { ...made, learningRate: usualRate(parameters) } as StepOptimizer
}

function read(option: OptimizerOption | undefined): Optimizer {
  if (option === undefined) return adam()
  if (typeof option === 'string' && Object.hasOwn(MAKERS, option)) return MAKERS[option]()
  const made = typeof option === 'object' && option !== null && typeof option.type === 'string'
  if (made && Object.hasOwn(MINIBATCH, option.type)) return option
  if (made && isFullBatch(option)) {
    const { type, ...options } = option
    return FULL_BATCH[type](options as never)
  }
  const names = Object.keys(MAKERS)
  const here = known(option, names, ALIASES)
  const must = here ? `"${here}"` : `one of ${names.join(', ')}, or made by its function, as adam({ … })`
  throw new HebbError('option', `optimizer must be ${must}, got ${shown(option)}`)
}
