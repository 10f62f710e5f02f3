import type { MinimizeReport } from '../engine/classicProtocol'
import { checkNumber, checkWhole } from '../options'

/** Stopping criteria of a minimisation besides its number of steps. */
export interface StopOptions {
  /** Ends if no component of the gradient is larger than this. Default 1e-6. */
  gradientThreshold?: number
  /**
   * Ends if no component of the gradient changed by more than this in `patience` consecutive steps. The reason may be a small
   * gradient or small steps: `converged` and `explanation` say which. Default: never.
   */
  convergenceThreshold?: number
  /** Default 1. */
  patience?: number
}

export const STOP_KEYS = ['gradientThreshold', 'convergenceThreshold', 'patience']

/** The options as the engine expects them. */
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

/** A recorded step: a place, the values there, and the learning rate from there. */
export interface DescentStep {
  /** From 0. Of very many steps only every second, fourth, … and the last are kept. */
  step: number
  x: Float64Array
  value: number
  /** The slope in each direction. */
  gradient: Float64Array
  /** The value at 0 of the tangent (plane) at this place: T(y) = tangent + gradient·y. */
  tangent: number
  /** The learning rate of the step from here; undefined at the last place. */
  learningRate: number | undefined
}

/** The recorded steps of a report for a function of `n` variables. */
export function toSteps({ steps }: MinimizeReport, n: number): DescentStep[] {
  return Array.from(steps.step, (step, i) => ({
    step,
    x: steps.x.subarray(i * n, (i + 1) * n),
    value: steps.value[i]!,
    gradient: steps.gradient.subarray(i * n, (i + 1) * n),
    tangent: steps.tangent[i]!,
    learningRate: Number.isNaN(steps.rate[i]) ? undefined : steps.rate[i],
  }))
}
