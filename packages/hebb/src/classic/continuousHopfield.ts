import type { HopfieldProgress, HopfieldReport } from '../engine/classicProtocol'
import { classicEngine } from '../engine/engines'
import { HebbError, toJson } from '../errors'
import { checkCallback, checkFlag, checkKeys, checkName, checkNumber, checkWhole, refuse } from '../options'
import { type Input, toDoubles } from '../tensor'
import { type Energy, oneOrEach, perUnit } from './energy'

export interface ContinuousHopfieldOptions {
  /** W, `[units, units]`, symmetric. */
  weights?: Input
  /** I, one value per unit. Default 0. */
  bias?: ArrayLike<number>
  /** Instead of weights and bias: the energy to minimise, made by `energy`. */
  energy?: Energy
  /** λ of v = g(λu). Default 50. */
  gain?: number
  /** R, one value or one per unit. Default 1. */
  resistance?: number | ArrayLike<number>
  /** C, one value or one per unit. Default 1. */
  capacitance?: number | ArrayLike<number>
  /**
   * Whether the units are N rows of N whose outputs always have the sum 1 in each row and column (the valid subspace of Aiyer
   * and Fallside, 1991), so that with a rising gain they become a permutation. Default false.
   */
  permutation?: boolean
}

export interface ContinuousHopfieldRunOptions {
  /** Converged if −dE/dt is at most this. Default 1e-6. */
  until?: number
  /** Outputs to start from, in 0…1. Default: near ½, by the seed. */
  start?: ArrayLike<number>
  /** Default 0. */
  seed?: number
  /**
   * `adaptive` (default; Bogacki and Shampine's pair of orders 3 and 2, whose steps never let the energy rise), or `euler` or
   * `rungeKutta` (order 4) with fixed steps.
   */
  integrator?: 'adaptive' | 'euler' | 'rungeKutta'
  /** Δt of fixed steps. Default 0.01. */
  step?: number
  /** The error per adaptive step in u, relative to |u| + 1/λ. Default 1e-5. */
  tolerance?: number
  /** Lets the gain rise from `from` to `gain`, by `factor` (default 1.1) after convergence or `steps` (default 100) steps. */
  anneal?: { from: number; factor?: number; steps?: number }
  /** The most steps. Default 100,000. */
  steps?: number
  /** The most points of the trace; of more, every second is dropped. Default 1000. */
  history?: number
  /** Called at most 20 times per second. */
  onProgress?: (progress: HopfieldProgress) => void
}

/** A constraint at the outputs found. */
export interface ConstraintCheck {
  name: string
  equals: number
  weight: number
  /** Σaᵢvᵢ. */
  value: number
  /** Σaᵢvᵢ − e. */
  excess: number
  /** Undefined if it holds within 5 % of its smallest coefficient; otherwise a weight to try next. */
  raiseTo: number | undefined
}

export interface ContinuousHopfieldResult {
  /** The outputs, in 0…1. */
  v: Float64Array
  /** The potentials. */
  u: Float64Array
  /** E, the sum of the terms. */
  energy: number
  /** −½ΣΣwᵢⱼvᵢvⱼ, (1/λ)Σ(1/Rᵢ)∫₀^{vᵢ}g⁻¹(v)dv and −ΣIᵢvᵢ. */
  terms: { interaction: number; integral: number; input: number }
  converged: boolean
  /** Whether −dE/dt fell to `until`, or all `steps` were made. */
  reason: 'converged' | 'steps'
  steps: number
  /** t. */
  time: number
  /** Trial steps that the adaptive integrator did not accept. */
  rejected: number
  /** Steps in which E rose: 0 unless fixed steps are too long. */
  rises: number
  /** Values during the run, one per recorded step; `slope` is dE/dt. E is comparable only at the same gain. */
  trace: HopfieldReport['trace']
  /** For an `energy`: ½vᵀQv + c·v. */
  objective: number | undefined
  /** For an `energy`: its constraints. */
  constraints: readonly ConstraintCheck[]
  /** For an `energy`: which constraint is violated, by how much, and which weight to raise. */
  diagnosis: string | undefined
}

const WHO = 'continuousHopfield'
const positive = (where: string, name: string, value: number) =>
  checkNumber(where, name, value, (number) => number > 0, 'finite and above 0')

/** Hopfield's continuous network. Made by {@link continuousHopfield}. */
export class ContinuousHopfield {
  static get name() {
    return 'ContinuousHopfield'
  }
  readonly units: number
  readonly #options: object & { gain: number }
  readonly #terms: Energy['terms']
  readonly #constraints: Energy['constraints']

  /** @internal */
  constructor(
    units: number,
    options: object & { gain: number },
    { terms, constraints }: Omit<Energy, 'units'>,
  ) {
    this.units = units
    this.#options = options
    this.#terms = terms
    this.#constraints = constraints
  }

  /**
   * Follows C·du/dt = Wv − u/R + I from a start until the energy no longer falls.
   *
   * @throws HebbError `option`, `shape`, `data`
   */
  async run(options: ContinuousHopfieldRunOptions = {}): Promise<ContinuousHopfieldResult> {
    const who = `${WHO}.run`
    const keys = ['until', 'start', 'seed', 'integrator', 'step', 'tolerance', 'anneal', 'steps', 'history']
    checkKeys(who, options, [...keys, 'onProgress'])
    const { until = 1e-6, start, seed = 0, step = 0.01, tolerance = 1e-5, anneal, onProgress } = options
    const { integrator = 'adaptive', steps = 100_000, history = 1000 } = options
    const from = start === undefined ? new Float64Array() : perUnit(who, 'start', start, this.units)
    const json = toJson(WHO, {
      ...this.#options,
      until: checkNumber(who, 'until', until, (value) => value >= 0, 'finite and at least 0'),
      seed: checkWhole(who, 'seed', seed, 0),
      integrator: checkName(who, 'integrator', integrator, ['adaptive', 'euler', 'rungeKutta']),
      step: positive(who, 'step', step),
      tolerance: positive(who, 'tolerance', tolerance),
      anneal: anneal === undefined ? null : toAnneal(`${who}: anneal`, anneal),
      steps: checkWhole(who, 'steps', steps, 1),
      history: checkWhole(who, 'history', history, 2, 1_000_000),
    })
    checkCallback(who, 'onProgress', onProgress)
    const { stated, matrix, vector, coefficients } = this.#terms
    const args: [string, string, ...Float64Array[]] = [json, stated, matrix, vector, coefficients, from]
    const report = await (await classicEngine()).ask(
      'hopfieldRun',
      args as [string, string, Float64Array, Float64Array, Float64Array, Float64Array],
      undefined,
      onProgress,
    )
    const { progress, constraints, ...found } = report
    return {
      ...found,
      energy: progress.energy,
      reason: report.converged ? 'converged' : 'steps',
      steps: progress.steps,
      time: progress.time,
      constraints: constraints.map((check, k) => ({ ...this.#constraints[k]!, ...check })),
    }
  }
}

function toAnneal(who: string, anneal: NonNullable<ContinuousHopfieldRunOptions['anneal']>) {
  checkKeys(who, anneal, ['from', 'factor', 'steps'])
  const { factor = 1.1, steps = 100 } = anneal
  return {
    from: positive(who, 'from', anneal.from),
    factor: checkNumber(who, 'factor', factor, (value) => value > 1, 'finite and above 1'),
    steps: checkWhole(who, 'steps', steps, 1),
  }
}

/**
 * Hopfield's continuous network (1984): outputs v = g(λu) in 0…1 that follow C·du/dt = Wv − u/R + I, with
 * g(x) = 1/(1 + e⁻ˣ), so that the energy −½vᵀWv + (1/λ)Σ(1/Rᵢ)∫₀^{vᵢ}g⁻¹(v)dv − I·v never rises.
 *
 * @example
 * const { v, u, energy } = await continuousHopfield({ weights: [[0, -2], [-2, 0]], bias: [1, 1.1], gain: 50 }).run()
 * @throws HebbError `option`, `shape`, `data`
 */
export function continuousHopfield(options: ContinuousHopfieldOptions): ContinuousHopfield {
  checkKeys(WHO, options, ['weights', 'bias', 'energy', 'gain', 'resistance', 'capacitance', 'permutation'])
  const { weights, bias, energy, gain = 50, resistance = 1, capacitance = 1, permutation = false } = options
  const own = {
    gain: positive(WHO, 'gain', gain),
    resistance: oneOrEach(WHO, 'resistance', resistance),
    capacitance: oneOrEach(WHO, 'capacitance', capacitance),
    permutation: checkFlag(WHO, 'permutation', permutation),
  }
  if (energy !== undefined) {
    if (weights !== undefined || bias !== undefined) {
      throw new HebbError('option', `${WHO}: give either weights and bias, or an energy`)
    }
    if (!energy?.terms) refuse(WHO, 'energy', 'made by energy({ … })', energy)
    return new ContinuousHopfield(energy.units, own, energy)
  }
  if (weights === undefined) throw new HebbError('option', `${WHO}: give weights, or an energy`)
  const { data: matrix, shape } = toDoubles(weights)
  const units = shape[0]!
  if (shape.length !== 2 || shape[1] !== units) {
    throw new HebbError('shape', `${WHO}: weights must be [units, units], got [${shape}]`)
  }
  const vector = bias === undefined ? new Float64Array(units) : perUnit(WHO, 'bias', bias, units)
  const terms = { stated: 'null', matrix, vector, coefficients: new Float64Array() }
  return new ContinuousHopfield(units, own, { terms, constraints: [] })
}
