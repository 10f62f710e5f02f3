import { type Operation, type Symbolic, type Term, traced } from '../expression'

/** A loss as the engine expects it. */
export type Loss =
  | { type: 'sumSquaredError' }
  | { type: 'meanSquaredError'; reduction: 'samples' | 'elements' }
  | { type: 'rootMeanSquaredError'; reduction: 'samples' | 'elements' }
  | { type: 'normalizedSquaredError'; variance?: number }
  | { type: 'crossEntropy'; labelSmoothing?: number; classWeights?: readonly number[]; rubbish?: number }
  | { type: 'binaryCrossEntropy'; positiveWeight?: number }
  | {
      type: 'elementwise'
      expression: readonly Operation[]
      /** The only kind of targets that it accepts; default: all numbers. */
      targets?: 'signs' | 'probabilities'
    }

/**
 * A custom loss, ΣΣ f(output, target) / samples, which the engine computes and differentiates. The function is called once
 * with symbols.
 *
 * @example loss((output, target) => abs(output.minus(target)))
 */
export function loss(
  f: (output: Symbolic, target: Symbolic) => Term,
): Extract<Loss, { type: 'elementwise' }> {
  const expression = traced('loss', [['output'], ['target']], f as (...symbols: Symbolic[]) => Term)
  return { type: 'elementwise', expression }
}
