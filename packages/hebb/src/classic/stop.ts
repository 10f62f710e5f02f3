import type { MinimizeReport } from '../engine/protocol'
import { checkNumber, checkWhole } from '../options'

/** When a minimisation ends, beside its most steps. */
export interface StopOptions {
  /** Ends when no component of the gradient is larger. Default 1e-6. */
  gradientThreshold?: number
  /**
   * Ends when no component of the gradient changes by more, `patience` times in a row. This may happen where the
   * gradient is small, and where steps are: `converged` and `explanation` tell which. Default: never.
   */
  convergenceThreshold?: number
  /** Default 1. */
  patience?: number
}

export const STOP_KEYS = ['gradientThreshold', 'convergenceThreshold', 'patience']

/** The options as the engine takes them. */
export function toStop(who: string, options: StopOptions) {
  const { gradientThreshold = 1e-6, convergenceThreshold, patience = 1 } = options
  const ok = (value: number) => value >= 0
  checkNumber(who, 'gradientThreshold', gradientThreshold, ok, 'finite and at least 0')
  if (convergenceThreshold !== undefined) {
    checkNumber(who, 'convergenceThreshold', convergenceThreshold, ok, 'finite and at least 0')
  }
  checkWhole(who, 'patience', patience, 1)
  return { gradientThreshold, convergenceThreshold: convergenceThreshold ?? null, patience }
}

/** A recorded step: the place, what was found there, and how far it then went. */
export interface DescentStep {
  /** From 0. Of very many steps every second, fourth, … is kept, and the last. */
  step: number
  x: Float64Array
  value: number
  /** The slope in each direction. */
  gradient: Float64Array
  /** The height at 0 of the tangent (plane) that touches here: T(y) = tangent + gradient·y. */
  tangent: number
  /** The learning rate of the step from here; undefined at the last place. */
  learningRate: number | undefined
}

/** The steps of a report for a function of `n` variables. */
export function toSteps({ steps }: MinimizeReport, n: number): DescentStep[] {
  const size = 4 + 2 * n
  return Array.from({ length: steps.length / size }, (_, i) => {
    const row = steps.subarray(i * size, (i + 1) * size)
    return {
      step: row[0]!,
      x: row.subarray(4, 4 + n),
      value: row[3]!,
      gradient: row.subarray(4 + n),
      tangent: row[2]!,
      learningRate: Number.isNaN(row[1]) ? undefined : row[1],
    }
  })
}
