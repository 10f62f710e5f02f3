import { HebbError } from '../errors'
import type { NamedTensor } from '../interop/writeSafetensors'
import { checkKeys, checkName, checkNumber, checkWhole } from '../options'
import { AssociativeMemory } from './associativeMemory'

export interface DenseMemoryOptions {
  /** The number of units. */
  units: number
  /**
   * n of the energy E = −Σ(x·s)ⁿ over the patterns x (Krotov and Hopfield 2016), at least 2, which is Hebb's rule: about Nⁿ⁻¹
   * random patterns are held. Or `softmax`: E = −lse(β, Xs) + ½s·s + ln(M)/β + ½max|x|² (Ramsauer et al. 2020), for patterns
   * of any numbers. Default 3.
   */
  degree?: number | 'softmax'
  /** β of `softmax`: the larger, the more of the most similar pattern alone. Default 1/√units. */
  beta?: number
  /** The states of a unit, unless the degree is `softmax`: −1 and 1 (`bipolar`, default), or 0 and 1 (`binary`). */
  values?: 'bipolar' | 'binary'
}

/** A dense associative memory. Made by {@link denseMemory}. */
export class DenseMemory extends AssociativeMemory {
  static override get name() {
    return 'DenseMemory'
  }
  override readonly who = 'denseMemory'

  /** @internal */
  override async tensors(): Promise<NamedTensor[]> {
    await this.stored()
    return []
  }
}

/**
 * A dense associative memory: a Hopfield network with an energy of higher degree, which holds many more patterns.
 *
 * @example const memory = await denseMemory({ units: 100, degree: 3 }).store(patterns)
 * @throws HebbError `option`
 */
export function denseMemory(options: DenseMemoryOptions): DenseMemory {
  const who = 'denseMemory'
  checkKeys(who, options, ['units', 'degree', 'beta', 'values'])
  const units = checkWhole(who, 'units', options.units, 1)
  const { degree = 3, beta } = options
  if (typeof degree === 'string') {
    checkName(who, 'degree', degree, ['softmax'])
    if (options.values !== undefined) {
      throw new HebbError(
        'option',
        "denseMemory: with degree: 'softmax' values are any numbers: leave out values",
      )
    }
    const own = beta ?? 1 / Math.sqrt(units)
    checkNumber(who, 'beta', own, (value) => value > 0, 'finite and above 0')
    return new DenseMemory({ units, values: 'real', beta: own })
  }
  if (beta !== undefined) {
    throw new HebbError('option', "denseMemory: beta is an option of degree: 'softmax'")
  }
  checkWhole(who, 'degree', degree, 2, 1000)
  const values = checkName(who, 'values', options.values ?? 'bipolar', ['bipolar', 'binary'])
  return new DenseMemory({ units, values, degree })
}
