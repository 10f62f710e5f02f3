import { classicEngine } from '../engine/engines'
import { HebbError } from '../errors'
import type { NamedTensor } from '../interop/writeSafetensors'
import { checkKeys, checkName, checkNumber, checkWhole } from '../options'
import { type Input, toDoubles, toVector } from '../tensor'
import { AssociativeMemory, type MemorySpec, type ProgressOptions, type Stored } from './associativeMemory'

export interface HopfieldOptions {
  /** The number of units, at most 16384. */
  units: number
  /** The states of a unit: −1 and 1 (`bipolar`, default), or 0 and 1 (`binary`). */
  values?: 'bipolar' | 'binary'
  /**
   * - `hebb` (default): w = Σ ss′, Hopfield 1982; holds 0.138 N random patterns
   * - `storkey`: Storkey 1997; holds more, and still learns one pattern after another
   * - `pseudoInverse`: the projection onto the patterns, without its diagonal; up to N − 1 independent patterns
   * - `flow`: minimum probability flow (Hillar, Sohl-Dickstein and Koepsell 2012); N random patterns and more
   */
  rule?: 'hebb' | 'storkey' | 'pseudoInverse' | 'flow'
  /**
   * θ: a unit becomes 1 if Σ wᵢⱼyⱼ > θᵢ, and stays as it is if they are equal. One for all, one for each, or `learn`: the
   * weights to one more unit, which always is 1. Default: 0 for bipolar units, and for binary ones ½Σⱼ wᵢⱼ, with which the
   * network behaves as the bipolar one.
   */
  thresholds?: number | ArrayLike<number> | 'learn'
  /** Weights `[units, units]` instead of patterns: symmetric, with a diagonal of 0. */
  weights?: Input
}

const MAX_UNITS = 16384

/** A discrete Hopfield network. Made by {@link hopfield}. */
export class Hopfield extends AssociativeMemory {
  static override get name() {
    return 'Hopfield'
  }
  override readonly who = 'hopfield'
  readonly #weights: Float64Array | undefined

  /** @internal */
  constructor(spec: MemorySpec, weights: Float64Array | undefined) {
    super(spec)
    this.#weights = weights
  }

  override async store(patterns: Input, options?: ProgressOptions): Promise<this> {
    if (!this.#weights) return super.store(patterns, options)
    throw new HebbError(
      'option',
      'hopfield: the weights are given, so there is nothing to learn: leave them out',
    )
  }

  /** The weights, `[units, units]`. */
  async weights(): Promise<{ data: Float64Array; shape: readonly number[] }> {
    const { engine: owner, id } = await this.stored()
    return { data: (await owner.ask('memoryWeights', [id])).weights, shape: [this.units, this.units] }
  }

  /** θ of each unit. */
  async thresholds(): Promise<Float64Array> {
    const { engine: owner, id } = await this.stored()
    return (await owner.ask('memoryWeights', [id])).thresholds
  }

  /**
   * The smallest net input of a unit in a stored pattern, towards the unit's value: the pattern is a fixed point if it is at
   * least 0, and if it is above 0 no unit is undecided.
   */
  async stability(pattern: number): Promise<number> {
    checkWhole('hopfield.stability', 'pattern', pattern, 0, Math.max(0, this.count - 1))
    const { engine: owner, id } = await this.stored()
    return owner.ask('memoryStability', [id, pattern])
  }

  /** @internal */
  override async stored(): Promise<Stored> {
    if (!this.#weights || this.held) return super.stored()
    const owner = await classicEngine()
    const none = new Float64Array()
    const start = await owner.ask('memoryNetwork', [this.json(), this.#weights, none, none])
    return this.keep(owner, start, none)
  }

  /** @internal */
  override async tensors(): Promise<NamedTensor[]> {
    const { engine: owner, id } = await this.stored()
    const { weights, thresholds } = await owner.ask('memoryWeights', [id])
    const { units } = this
    return [
      { name: 'weights', shape: [units, units], data: weights },
      { name: 'thresholds', shape: [units], data: thresholds },
    ]
  }
}

/**
 * A discrete Hopfield network (1982): an associative memory whose states fall to minima of an energy.
 *
 * @example
 * const memory = await hopfield({ units: 4 }).store([[1, 1, 1, -1], [1, -1, 1, 1]])
 * const { state, energy, pattern } = await memory.recall([1, 1, 1, null])
 * @throws HebbError `option`, `shape`, `data`
 */
export function hopfield(options: HopfieldOptions): Hopfield {
  checkKeys('hopfield', options, ['units', 'values', 'rule', 'thresholds', 'weights'])
  const units = checkWhole('hopfield', 'units', options.units, 1, MAX_UNITS)
  const values = checkName('hopfield', 'values', options.values ?? 'bipolar', ['bipolar', 'binary'])
  const rules = ['hebb', 'storkey', 'pseudoInverse', 'flow'] as const
  const rule = checkName('hopfield', 'rule', options.rule ?? 'hebb', rules)
  const given = options.weights === undefined ? undefined : toDoubles(options.weights)
  const { thresholds: own } = options
  if (given) {
    if (options.rule !== undefined || own === 'learn') {
      throw new HebbError(
        'option',
        'hopfield: the weights are given, so there is nothing to learn: leave out rule',
      )
    }
    const { shape } = given
    if (shape.length !== 2 || shape[0] !== units || shape[1] !== units) {
      throw new HebbError(
        'shape',
        `hopfield: ${units} units have weights [${units}, ${units}], got [${shape}]`,
      )
    }
  }
  return new Hopfield({ units, values, rule, ...readThresholds(own, units) }, given?.data)
}

function readThresholds(own: HopfieldOptions['thresholds'], units: number) {
  if (own === undefined) return {}
  if (typeof own === 'string') return { thresholds: checkName('hopfield', 'thresholds', own, ['learn']) }
  const all =
    typeof own === 'number' ? new Array<number>(units).fill(own) : toVector('hopfield', 'thresholds', own)
  for (const one of all) checkNumber('hopfield', 'thresholds', one, () => true, 'finite')
  if (all.length === units) return { thresholds: Array.from(all) }
  throw new HebbError('option', `hopfield: ${units} units need ${units} thresholds, got ${all.length}`)
}
