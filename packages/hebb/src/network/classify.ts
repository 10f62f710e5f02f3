// What a network decides of a sample: a class of several, or labels.
import { HebbError } from '../errors'

/** What a network says of a class or label. `P` is `number` if its outputs are known to be probabilities. */
export interface ClassScore<P extends number | undefined = number | undefined> {
  label: string
  /** The class number. */
  index: number
  /** What it is ranked by: its probability, or the output itself. */
  score: number
  /** Undefined if the output is no probability, as a logit. */
  probability: P
  /** Whether the network decides for it: the class with the highest score, or each label that holds. */
  chosen: boolean
}

/**
 * The `top` classes, the likeliest first; by default one, or all labels. `decided` is the engine's: [the threshold of labels, or NaN for one class of several;
 * whether the values are probabilities; the values]. A single value tells class 0 from class 1.
 */
export function toClassScores(
  decided: Float32Array,
  names: readonly string[] | undefined,
  top: number | undefined,
): ClassScore[] {
  const [threshold, probable] = decided as unknown as [number, number]
  const values = decided.subarray(2)
  const broken = values.findIndex(Number.isNaN)
  if (broken >= 0) {
    throw new HebbError('data', `classify: output ${broken} is NaN`)
  }
  const [value] = values
  const single = values.length === 1
  const scores = single ? [2 * threshold - value!, value!] : Array.from(values)
  const answers = scores.map((score, index) => ({
    label: names?.[index] ?? String(index),
    index,
    score,
    probability: probable ? score : undefined,
    chosen: !single && score > threshold,
  }))
  answers.sort((a, b) => (a.score === b.score ? 0 : b.score - a.score))
  const one = single || Number.isNaN(threshold)
  if (one) answers[0]!.chosen = true
  return answers.slice(0, top ?? (one ? 1 : answers.length))
}
