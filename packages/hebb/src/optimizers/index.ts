import { HebbError, shown } from '../errors'
import { adadelta } from './adadelta'
import { adagrad } from './adagrad'
import { adam } from './adam'
import { adamw } from './adamw'
import { nadam } from './nadam'
import { rmsprop } from './rmsprop'
import { sgd } from './sgd'

export type { AdadeltaOptions } from './adadelta'
export type { AdagradOptions } from './adagrad'
export type { AdamOptions } from './adam'
export type { AdamWOptions } from './adamw'
export type { Clip } from './common'
export type { NadamOptions } from './nadam'
export type { RmspropOptions } from './rmsprop'
export { type Moment, type Schedule, schedule } from './schedule'
export type { SgdOptions } from './sgd'
export { adadelta, adagrad, adam, adamw, nadam, rmsprop, sgd }

const MAKERS = { sgd, adagrad, rmsprop, adadelta, adam, adamw, nadam }

/** An optimizer, as its function makes it. */
export type Optimizer = ReturnType<(typeof MAKERS)[keyof typeof MAKERS]>

/** An optimizer by name, or made by its function. */
export type OptimizerOption = Optimizer | Optimizer['type']

/** The optimizer of an option. Default: `sgd` with a learning rate of 0.01 and momentum 0.9. */
export function toOptimizer(option: OptimizerOption | undefined): Optimizer {
  if (option === undefined) return sgd({ momentum: 0.9 })
  if (typeof option === 'string' && Object.hasOwn(MAKERS, option)) return MAKERS[option]()
  const made = typeof option === 'object' && option !== null && typeof option.type === 'string'
  if (made && Object.hasOwn(MAKERS, option.type)) return option
  const names = Object.keys(MAKERS)
  throw new HebbError(
    'option',
    `optimizer must be one of ${names.join(', ')}, or made by its function, as adam({ … }), got ${shown(option)}`,
  )
}
