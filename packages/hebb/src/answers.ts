// An output read as classes.

export interface Answer {
  label: string
  /** The class number. */
  index: number
  /** The output for this class: behind softmax its probability. */
  probability: number
}

/** All classes, the likeliest first. */
export function toAnswers(output: Float32Array, names: readonly string[] | undefined): Answer[] {
  const answers = Array.from(output, (probability, index) => ({
    label: names?.[index] ?? String(index),
    index,
    probability,
  }))
  return answers.sort((a, b) => b.probability - a.probability)
}
