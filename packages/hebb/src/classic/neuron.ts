import { classicEngine } from '../engine/engines'
import { HebbError } from '../errors'
import { checkKeys, checkName, checkNumber, checkWhole } from '../options'
import { type Input, toVector } from '../tensor'
import { toSamples } from './samples'

export interface NeuronOptions {
  /** A weight for each input. */
  weights: ArrayLike<number>
  /** θ: the least weighted sum of the inputs at which the neuron fires. */
  threshold: number
}

/** A logic gate that one neuron computes. XOR is none: no line separates its ones from its zeros. */
export type Gate = 'and' | 'or' | 'not' | 'nand' | 'nor'

const GATES = ['and', 'or', 'not', 'nand', 'nor'] as const

/** The neuron of McCulloch and Pitts (1943). Made by {@link neuron} or {@link logicGate}. */
export class Neuron {
  static get name() {
    return 'Neuron'
  }
  readonly weights: Float64Array
  readonly threshold: number

  /** @internal */
  constructor(weights: Float64Array, threshold: number) {
    this.weights = weights
    this.threshold = threshold
  }

  /** 1 if Σ wᵢxᵢ ≥ θ, else 0: for one sample `[inputs]`, or for each of `[N, inputs]`. */
  fire(x: readonly number[]): Promise<number>
  fire(x: Input): Promise<number[]>
  async fire(x: Input): Promise<number | number[]> {
    const { data, single } = toSamples('neuron', x, this.weights.length)
    const fired = await (await classicEngine()).ask(
      'neuronFire',
      [this.weights, this.threshold, data],
      [data.buffer],
    )
    return single ? fired[0]! : Array.from(fired)
  }
}

/**
 * A neuron with fixed weights: y = 1 if Σ wᵢxᵢ ≥ θ, else 0.
 *
 * @example await neuron({ weights: [1, 1], threshold: 2 }).fire([1, 1]) // 1: AND
 * @throws HebbError `option`
 */
export function neuron(options: NeuronOptions): Neuron {
  checkKeys('neuron', options, ['weights', 'threshold'])
  const { weights, threshold } = options
  const finite = () => true
  checkNumber('neuron', 'threshold', threshold, finite, 'finite')
  const own = toVector('neuron', 'weights', weights)
  if (own.length === 0) throw new HebbError('option', 'neuron: weights must hold a number for each input')
  for (const weight of own) checkNumber('neuron', 'weights', weight, finite, 'finite')
  return new Neuron(own, threshold)
}

/**
 * The neuron that computes a logic gate of inputs 0 and 1. Default: two inputs, one for NOT.
 *
 * @example await (await logicGate('nand', { inputs: 3 })).fire([1, 1, 1]) // 0
 * @throws HebbError `option`
 */
export async function logicGate(gate: Gate, options: { inputs?: number } = {}): Promise<Neuron> {
  checkKeys('logicGate', options, ['inputs'])
  if ((gate as string) === 'xor') {
    throw new HebbError(
      'option',
      'no single neuron is XOR, because no line separates its ones from its zeros: AND(OR, NAND) is',
    )
  }
  checkName('logicGate', 'gate', gate, GATES)
  const inputs = checkWhole('logicGate', 'inputs', options.inputs ?? (gate === 'not' ? 1 : 2), 1, 65536)
  const { weights, threshold } = await (await classicEngine()).ask('neuronGate', [gate, inputs])
  return new Neuron(weights, threshold)
}
