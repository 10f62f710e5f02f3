// The optimizers by their names.
import {
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
} from 'hebb'

export const MAKERS = {
  adam,
  adamw,
  nadam,
  sgd,
  rmsprop,
  adagrad,
  adadelta,
  gradientDescent,
  conjugateGradient,
  bfgs,
  lbfgs,
  levenbergMarquardt,
}

export type OptimizerName = keyof typeof MAKERS
