// Classification: the class of a sample, or its labels.
import type { Classified } from '../engine/protocol'
import { HebbError } from '../errors'

/** The score of a class or label. `P` is `number` if the outputs are known to be probabilities. */
export interface ClassScore<P extends number | undefined = number | undefined> {
  label: string
  /** The class number. */
  index: number
  /** The probability, or the output if it is not a probability. The classes are sorted by it. */
  score: number
  /** Undefined if the output is not a probability, such as a logit. */
  probability: P
  /** Whether the network chooses it: the class with the highest score, or each label above its threshold. */
  chosen: boolean
}

/**
 * The `top` classes, the likeliest first; by default one, or all labels. A single value separates
 * classes 0 and 1.
 */
export function toClassScores(
  { threshold, probable, values }: Classified,
  names: readonly string[] | undefined,
  top: number | undefined,
): ClassScore[] {
  const broken = values.findIndex(Number.isNaN)
  if (broken >= 0) {
    throw new HebbError('data', `classify: output ${broken} is NaN`)
  }
  const [value] = values
  const single = values.length === 1
  const scores = single ? [2 * threshold! - value!, value!] : Array.from(values)
  const answers = scores.map((score, index) => ({
    label: names?.[index] ?? String(index),
    index,
    score,
    probability: probable ? score : undefined,
    chosen: !single && threshold !== undefined && score > threshold,
  }))
  answers.sort((a, b) => (a.score === b.score ? 0 : b.score - a.score))
  const one = single || threshold === undefined
  if (one) answers[0]!.chosen = true
  return answers.slice(0, top ?? (one ? 1 : answers.length))
}
