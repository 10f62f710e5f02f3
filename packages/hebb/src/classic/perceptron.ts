import type { Dataset } from '../data/dataset'
import { isDataset } from '../data/isDataset'
import type { PerceptronReport } from '../engine/classicProtocol'
import { classicEngine } from '../engine/engines'
import { HebbError, toJson } from '../errors'
import { checkKeys, checkName, checkNumber, checkWhole } from '../options'
import type { Input } from '../tensor'
import { classesOf, fromDataset, toSamples, toSet, toTargets } from './samples'

export interface PerceptronOptions {
  /** The number of values of a sample. */
  inputs: number
  /** Two classes have one unit, for the second class; more have one unit per class against the rest. Default 2. */
  classes?: number
  /** The values of targets and answers of two classes: 0 and 1 (`binary`, default), or −1 and 1 (`bipolar`). */
  values?: 'binary' | 'bipolar'
}

export interface PerceptronFitOptions {
  /**
   * The weights to keep: the `last` (default), those with the most correct samples (`pocket`, Gallant 1990), or the mean over
   * all presentations (`averaged`, Freund and Schapire 1999).
   */
  variant?: 'last' | 'pocket' | 'averaged'
  /** ε. Because weights start at 0, it scales them and changes no answer. Default 1. */
  learningRate?: number
  /** The most passes over the samples. Default 1000. */
  epochs?: number
  /** Whether each epoch has its own order. Default: false for `last`, so that it can be followed on paper, else true. */
  shuffle?: boolean
  /** The seed of these orders. Default 0. */
  seed?: number
  /** The most updates recorded per unit, up to 2²⁰ numbers. Default 100. */
  history?: number
}

/** A correction of the weights. */
export interface PerceptronUpdate {
  /** From 1. */
  epoch: number
  /** The number of the misclassified sample, from 0. */
  sample: number
  /** The output that the unit should have had. */
  target: 0 | 1
  /** The net input w·x + b before the update. */
  net: number
  /** The weights and the bias after the update. */
  weights: Float64Array
  bias: number
}

/** One threshold unit after training. */
export interface PerceptronUnit {
  weights: Float64Array
  bias: number
  updates: number
  /** Whether an epoch had no mistake: then the weights separate the samples. */
  converged: boolean
  /**
   * Why training ended. `cycle`: the weights returned to earlier values and would repeat for ever; if sums are exact, as
   * for integers, this proves that no weights separate the samples. `epochs`: all epochs were used, which proves nothing.
   */
  reason: 'converged' | 'cycle' | 'epochs'
  /** Mistakes in each epoch. */
  mistakes: readonly number[]
  /** γ, the largest distance of the samples from a separating plane that was found, if training converged. */
  margin: number | undefined
  /** Novikoff's bound (R/γ)² of the number of updates, R the largest length of a sample with its constant 1. */
  bound: number | undefined
  /** The recorded first updates. */
  history: readonly PerceptronUpdate[]
}

/** Rosenblatt's perceptron. Made by {@link perceptron}. */
export class Perceptron {
  static get name() {
    return 'Perceptron'
  }
  readonly inputs: number
  readonly classes: number
  readonly values: 'binary' | 'bipolar'
  /** One unit for two classes, else one per class. Empty before training. */
  units: readonly PerceptronUnit[] = []
  /** The fraction of the training samples that are classified correctly. */
  accuracy = Number.NaN
  #weights: Float64Array = new Float64Array()

  /** @internal */
  constructor(inputs: number, classes: number, values: 'binary' | 'bipolar') {
    this.inputs = inputs
    this.classes = classes
    this.values = values
  }

  /** The number of updates of all units. */
  get updates(): number {
    return this.units.reduce((sum, unit) => sum + unit.updates, 0)
  }

  /** Whether every unit separates its class from the rest. */
  get converged(): boolean {
    return this.units.length > 0 && this.units.every((unit) => unit.converged)
  }

  /** Novikoff's bound of the updates of all units, if all units converged. */
  get bound(): number | undefined {
    return this.converged ? this.units.reduce((sum, unit) => sum + unit.bound!, 0) : undefined
  }

  /** The weights of the only unit; for several see `units`. */
  get weights(): Float64Array {
    return this.#only().weights
  }

  /** The bias of the only unit; for several see `units`. */
  get bias(): number {
    return this.#only().bias
  }

  /** Why the only unit stopped; for several units, the first that did not converge. */
  get reason(): PerceptronUnit['reason'] | undefined {
    return this.units.find((unit) => !unit.converged)?.reason ?? this.units[0]?.reason
  }

  /**
   * Trains on samples `[N, inputs]` and a class for each, or on a data set with class numbers: w ← w + ε(t − y)x for each
   * misclassified sample, starting from weights 0, until an epoch has no mistake. If it throws, the weights do not change.
   *
   * @throws HebbError `option`, `shape`, `data`
   */
  async fit(x: Dataset, options?: PerceptronFitOptions): Promise<this>
  async fit(x: Input, t: Input | ArrayLike<number>, options?: PerceptronFitOptions): Promise<this>
  async fit(x: Input | Dataset, second?: unknown, third?: PerceptronFitOptions): Promise<this> {
    const isData = isDataset(x)
    const options = this.#options((isData ? second : third) ?? {})
    const { data, t } = await this.#read(x, isData ? undefined : (second as Input))
    this.#take(await (await classicEngine()).ask('perceptronFit', [options, data, t]))
    return this
  }

  /** The class of one sample `[inputs]`, or of each sample of `[N, inputs]` or of a data set, with the values of targets. */
  predict(x: readonly number[]): Promise<number>
  predict(x: Input | Dataset): Promise<number[]>
  async predict(x: Input | Dataset): Promise<number | number[]> {
    this.#trained()
    const { data, single } = isDataset(x)
      ? await fromDataset('perceptron', x, this.inputs)
      : toSamples('perceptron', x, this.inputs)
    const owner = await classicEngine()
    const classes = await owner.ask('perceptronPredict', [this.#weights, this.inputs, data])
    const answers = Array.from(classes, (n) => (this.values === 'bipolar' ? 2 * n - 1 : n))
    return single ? answers[0]! : answers
  }

  /** The fraction of correct answers for other samples. */
  async evaluate(x: Dataset): Promise<{ accuracy: number }>
  async evaluate(x: Input, t: Input | ArrayLike<number>): Promise<{ accuracy: number }>
  async evaluate(x: Input | Dataset, targets?: Input | ArrayLike<number>): Promise<{ accuracy: number }> {
    this.#trained()
    const { data, t } = await this.#read(x, targets)
    const owner = await classicEngine()
    return { accuracy: await owner.ask('perceptronAccuracy', [this.#weights, this.inputs, data, t]) }
  }

  #options(options: PerceptronFitOptions): string {
    const keys = ['variant', 'learningRate', 'epochs', 'shuffle', 'seed', 'history']
    checkKeys('perceptron.fit', options, keys)
    const { learningRate = 1, epochs = 1000, seed = 0, history = 100 } = options
    const variant = checkName('perceptron.fit', 'variant', options.variant ?? 'last', [
      'last',
      'pocket',
      'averaged',
    ])
    checkNumber('perceptron.fit', 'learningRate', learningRate, (rate) => rate > 0, 'finite and above 0')
    return toJson('perceptron', {
      inputs: this.inputs,
      classes: this.classes,
      variant,
      learningRate,
      epochs: checkWhole('perceptron.fit', 'epochs', epochs, 1),
      shuffle: options.shuffle ?? variant !== 'last',
      seed: checkWhole('perceptron.fit', 'seed', seed, 0),
      history: checkWhole('perceptron.fit', 'history', history, 0),
    })
  }

  async #read(x: Input | Dataset, t: Input | ArrayLike<number> | undefined) {
    if (isDataset(x)) {
      const { data, classes } = await fromDataset('perceptron', x, this.inputs)
      return { data, t: classesOf('perceptron', classes) }
    }
    const { data, samples } = toSet('perceptron', x, this.inputs)
    if (t === undefined) throw new HebbError('data', 'perceptron: give a class for each sample')
    const classes = Uint32Array.from(toTargets('perceptron', t, samples), (value, sample) => {
      const number = this.values === 'bipolar' ? [-1, 1].indexOf(value) : value
      if (Number.isInteger(number) && number >= 0 && number < this.classes) return number
      const binary = this.values === 'bipolar' ? '-1 or 1' : '0 or 1'
      const wanted =
        this.classes === 2
          ? `${binary} with values '${this.values}'`
          : `class numbers 0 to ${this.classes - 1}`
      throw new HebbError('data', `perceptron: targets must be ${wanted}, sample ${sample} has ${value}`)
    })
    return { data, t: classes }
  }

  #take({ accuracy, units }: PerceptronReport): void {
    const size = this.inputs + 1
    this.accuracy = accuracy
    this.#weights = new Float64Array(units.length * size)
    this.units = units.map(({ updates, reason, mistakes, margin, bound, weights, history }, i) => {
      this.#weights.set(weights, i * size)
      const converged = reason === 'converged'
      return {
        weights: weights.subarray(0, -1),
        bias: weights.at(-1)!,
        updates,
        converged,
        reason,
        mistakes,
        margin,
        bound: converged ? bound : undefined,
        history: history.map(({ weights: all, ...update }) => ({
          ...update,
          weights: all.subarray(0, -1),
          bias: all.at(-1)!,
        })),
      }
    })
  }

  #trained(): void {
    if (this.units.length === 0) throw new HebbError('data', 'this perceptron is not trained yet: call fit()')
  }

  #only(): PerceptronUnit {
    this.#trained()
    if (this.units.length === 1) return this.units[0]!
    throw new HebbError('option', `this perceptron has ${this.units.length} units: read units[k].weights`)
  }
}

/**
 * Rosenblatt's perceptron (1958): y = 1 if w·x + b ≥ 0, else 0; it learns from its mistakes.
 *
 * @example
 * const p = await perceptron({ inputs: 2 }).fit([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 1])
 * p.converged // true, after p.updates ≤ p.bound corrections
 * @throws HebbError `option`
 */
export function perceptron(options: PerceptronOptions): Perceptron {
  checkKeys('perceptron', options, ['inputs', 'classes', 'values'])
  const inputs = checkWhole('perceptron', 'inputs', options.inputs, 1)
  const classes = checkWhole('perceptron', 'classes', options.classes ?? 2, 2)
  const values = checkName('perceptron', 'values', options.values ?? 'binary', ['binary', 'bipolar'])
  if (classes > 2 && values === 'bipolar') {
    throw new HebbError('option', 'perceptron: bipolar values are for two classes, more have class numbers')
  }
  return new Perceptron(inputs, classes, values)
}
