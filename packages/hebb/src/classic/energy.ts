import { HebbError, toJson } from '../errors'
import { checkKeys, checkNumber, checkWhole, refuse } from '../options'
import { type Input, toDoubles, toVector } from '../tensor'

/** A condition Σaᵢvᵢ = e, which adds ½w(Σaᵢvᵢ − e)² to the energy. */
export interface Constraint {
  /** For messages. Default: its number, from 0. */
  name?: string
  /** aᵢ, one per unit, not all 0. */
  coefficients: ArrayLike<number>
  /** e. */
  equals: number
  /** w. Default 1. */
  weight?: number
}

export interface EnergyOptions {
  units: number
  /** Q of ½vᵀQv, `[units, units]`, symmetric. Default 0. */
  quadratic?: Input
  /** c of c·v. Default 0. */
  linear?: ArrayLike<number>
  constraints?: readonly Constraint[]
  /** b of ½Σbᵢvᵢ(1 − vᵢ), which moves outputs towards 0 and 1; a number for all units. Default 0. */
  binary?: number | ArrayLike<number>
}

/** Larger networks need more memory for their weights than there is. */
const MAX_UNITS = 16_384

/** An energy to be minimised. Made by {@link energy}. */
export interface Energy {
  readonly units: number
  readonly constraints: readonly { name: string; equals: number; weight: number }[]
  /** @internal */
  readonly terms: { stated: string; matrix: Float64Array; vector: Float64Array; coefficients: Float64Array }
}

/** A list of one number per unit. */
export function perUnit(who: string, name: string, list: unknown, units: number): Float64Array {
  const values = toVector(who, name, list)
  if (values.length === units) return values
  throw new HebbError('shape', `${who}: ${name} has ${values.length} values for ${units} units`)
}

/** One number for all units, as a list of one, or a number for each. */
export function oneOrEach(who: string, name: string, value: unknown): number[] {
  return Array.from(typeof value === 'number' ? [value] : toVector(who, name, value), (one) =>
    checkNumber(who, name, one, () => true, 'finite'),
  )
}

/**
 * States what a {@link continuousHopfield} minimises: ½vᵀQv + c·v + ½Σbᵢvᵢ(1 − vᵢ) + ½Σₖwₖ(aₖ·v − eₖ)².
 *
 * @example energy({ units: 3, linear: [3, 1, 2], constraints: [{ coefficients: [1, 1, 1], equals: 1, weight: 5 }] })
 * @throws HebbError `option`, `shape`
 */
export function energy(options: EnergyOptions): Energy {
  checkKeys('energy', options, ['units', 'quadratic', 'linear', 'constraints', 'binary'])
  const { quadratic, linear, constraints = [], binary = 0 } = options
  const units = checkWhole('energy', 'units', options.units, 1, MAX_UNITS)
  if (!Array.isArray(constraints)) refuse('energy', 'constraints', 'a list', constraints)
  const rows = constraints.map((constraint: Constraint, k) => {
    const who = `energy: constraint ${k}`
    checkKeys(who, constraint, ['name', 'coefficients', 'equals', 'weight'])
    const { name = String(k), equals, weight = 1 } = constraint
    if (typeof name !== 'string' || name === '') refuse(who, 'name', 'a text', name)
    return {
      row: perUnit(who, 'coefficients', constraint.coefficients, units),
      name,
      equals: checkNumber(who, 'equals', equals, () => true, 'finite'),
      weight: checkNumber(who, 'weight', weight, (w) => w > 0, 'finite and above 0'),
    }
  })
  const matrix = quadratic === undefined ? new Float64Array() : toDoubles(quadratic).data
  if (quadratic !== undefined && matrix.length !== units * units) {
    throw new HebbError(
      'shape',
      `energy: quadratic must be [${units}, ${units}], got ${matrix.length} values`,
    )
  }
  const vector = linear === undefined ? new Float64Array(units) : perUnit('energy', 'linear', linear, units)
  const coefficients = new Float64Array(rows.length * units)
  rows.forEach(({ row }, k) => {
    coefficients.set(row, k * units)
  })
  const named = rows.map(({ row: _, ...named }) => named)
  const stated = toJson('energy', {
    binary: oneOrEach('energy', 'binary', binary),
    constraints: named,
  })
  return { units, constraints: named, terms: { stated, matrix, vector, coefficients } }
}
