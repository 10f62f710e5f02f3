import { HebbError } from '../errors'
import { checkKeys, checkNumber } from '../options'

/**
 * The learning rate of gradient descent: constant, ε(t) = from / (1 + decay·t) for step t = 0, 1, …, or found for each
 * step by minimisation along the line.
 */
export type LearningRate = number | { from: number; decay: number } | 'lineMinimized'

/** Returns a learning rate, or throws. */
export function checkRate(who: string, rate: unknown): LearningRate {
  const positive = (value: number) => value > 0
  if (rate === 'lineMinimized') return rate
  if (typeof rate === 'string') {
    throw new HebbError(
      'option',
      `${who}: learningRate must be a number, { from, decay } or 'lineMinimized', got '${rate}'`,
    )
  }
  if (typeof rate !== 'object' || rate === null) {
    return checkNumber(who, 'learningRate', rate, positive, 'finite and above 0')
  }
  checkKeys(`${who}: learningRate`, rate, ['from', 'decay'])
  const { from, decay } = rate as { from: number; decay: number }
  checkNumber(who, 'learningRate.from', from, positive, 'finite and above 0')
  checkNumber(who, 'learningRate.decay', decay, (value) => value >= 0, 'finite and at least 0')
  return { from, decay }
}
