import { Dataset } from '../data/dataset'
import { engine } from '../engine/engine'
import type { PerceptronReport } from '../engine/protocol'
import { HebbError, toJson } from '../errors'
import { checkKeys, checkName, checkNumber, checkWhole } from '../options'
import type { Input } from '../tensor'
import { toSamples, toSet, toTargets } from './samples'

export interface PerceptronOptions {
  /** Values of a sample. */
  inputs: number
  /** Two have one unit, which stands for the second; more have one unit each against the rest. Default 2. */
  classes?: number
  /** What targets and answers of two classes are: 0 and 1 (`binary`, default), or −1 and 1 (`bipolar`). */
  values?: 'binary' | 'bipolar'
}

export interface PerceptronFitOptions {
  /**
   * Which weights are kept: the `last` (default), those that had most samples right (`pocket`, Gallant 1990), or the
   * mean over all presentations (`averaged`, Freund and Schapire 1999).
   */
  variant?: 'last' | 'pocket' | 'averaged'
  /** ε. As weights start at 0 it scales them and changes no answer. Default 1. */
  learningRate?: number
  /** Most passes over the samples. Default 1000. */
  epochs?: number
  /** Whether each epoch has an order of its own. Default: not for `last`, so that it can be followed on paper. */
  shuffle?: boolean
  /** The seed of these orders. Default 0. */
  seed?: number
  /** Updates recorded for each unit, as long as they are at most 2²⁰ numbers. Default 100. */
  history?: number
}

/** A correction of the weights. */
export interface PerceptronUpdate {
  /** From 1. */
  epoch: number
  /** The sample that was answered wrongly, from 0. */
  sample: number
  /** Whether the unit should have fired. */
  target: 0 | 1
  /** The net input w·x + b that was wrong. */
  net: number
  /** The weights and the bias after it. */
  weights: Float64Array
  bias: number
}

/** One threshold unit after training. */
export interface PerceptronUnit {
  weights: Float64Array
  bias: number
  updates: number
  /** Whether an epoch went by without a mistake: then the weights separate the samples. */
  converged: boolean
  /**
   * Why training ended. `cycle`: the weights came back to what they had been, and would go round for ever; where
   * sums are exact, as of whole numbers, this proves that no weights separate the samples. `epochs`: there were no
   * more; nothing is proved.
   */
  reason: 'converged' | 'cycle' | 'epochs'
  /** Mistakes in each epoch. */
  mistakes: readonly number[]
  /** The largest distance γ of the samples from a separating plane that was found, if it converged. */
  margin: number | undefined
  /** Novikoff's (R/γ)², R the greatest length of a sample with its 1: no training makes more updates. */
  bound: number | undefined
  /** The first updates. */
  history: readonly PerceptronUpdate[]
}

/** The engine that holds a data set, or that is to get samples. */
async function engineOf(x: Input | Dataset) {
  return x instanceof Dataset ? x.engine : engine()
}

/** Rosenblatt's perceptron. Made by {@link perceptron}. */
export class Perceptron {
  static get name() {
    return 'Perceptron'
  }
  readonly inputs: number
  readonly classes: number
  readonly values: 'binary' | 'bipolar'
  /** One unit for two classes, else one for each. Empty until it is trained. */
  units: readonly PerceptronUnit[] = []
  /** The part of the training samples that it has right. */
  accuracy = Number.NaN
  #weights: Float64Array = new Float64Array()

  /** @internal */
  constructor(inputs: number, classes: number, values: 'binary' | 'bipolar') {
    this.inputs = inputs
    this.classes = classes
    this.values = values
  }

  /** Corrections in all. */
  get updates(): number {
    return this.units.reduce((sum, unit) => sum + unit.updates, 0)
  }

  /** Whether every unit separates its class from the rest. */
  get converged(): boolean {
    return this.units.length > 0 && this.units.every((unit) => unit.converged)
  }

  /** Novikoff's bound of the updates of all units, if all converged. */
  get bound(): number | undefined {
    return this.converged ? this.units.reduce((sum, unit) => sum + unit.bound!, 0) : undefined
  }

  /** The weights of the only unit; of several `units` has each. */
  get weights(): Float64Array {
    return this.#only().weights
  }

  /** The bias of the only unit; of several `units` has each. */
  get bias(): number {
    return this.#only().bias
  }

  /** Why the only unit stopped, or of several the first that did not converge. */
  get reason(): PerceptronUnit['reason'] | undefined {
    return this.units.find((unit) => !unit.converged)?.reason ?? this.units[0]?.reason
  }

  /**
   * Learns from samples `[N, inputs]` and a class for each, or from a data set with class numbers: w ← w + ε(t − y)x
   * for each sample answered wrongly, from weights 0, until an epoch has no mistake. If it fails, the weights stay
   * what they were.
   *
   * @throws HebbError `option`, `shape`, `data`
   */
  async fit(x: Dataset, options?: PerceptronFitOptions): Promise<this>
  async fit(x: Input, t: Input | ArrayLike<number>, options?: PerceptronFitOptions): Promise<this>
  async fit(x: Input | Dataset, second?: unknown, third?: PerceptronFitOptions): Promise<this> {
    const isData = x instanceof Dataset
    const options = this.#options((isData ? second : third) ?? {})
    const { data, t } = this.#read(x, isData ? undefined : (second as Input))
    this.#take(await (await engineOf(x)).ask('perceptronFit', [options, data, t]))
    return this
  }

  /** The class of one sample `[inputs]`, or of each of `[N, inputs]` or of a data set: as targets are. */
  predict(x: readonly number[]): Promise<number>
  predict(x: Input | Dataset): Promise<number[]>
  async predict(x: Input | Dataset): Promise<number | number[]> {
    this.#trained()
    const { data, single } =
      x instanceof Dataset ? { data: this.#id(x), single: false } : toSamples('perceptron', x, this.inputs)
    const classes = await (await engineOf(x)).ask('perceptronPredict', [this.#weights, this.inputs, data])
    const answers = Array.from(classes, (n) => (this.values === 'bipolar' ? 2 * n - 1 : n))
    return single ? answers[0]! : answers
  }

  /** The part of right answers for other samples. */
  async evaluate(x: Dataset): Promise<{ accuracy: number }>
  async evaluate(x: Input, t: Input | ArrayLike<number>): Promise<{ accuracy: number }>
  async evaluate(x: Input | Dataset, targets?: Input | ArrayLike<number>): Promise<{ accuracy: number }> {
    this.#trained()
    const { data, t } = this.#read(x, targets)
    const owner = await engineOf(x)
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

  #read(x: Input | Dataset, t: Input | ArrayLike<number> | undefined) {
    if (x instanceof Dataset) return { data: this.#id(x), t: undefined }
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

  #id(data: Dataset): number {
    const size = data.shape.reduce((a, b) => a * b, 1)
    if (size === this.inputs) return data.id
    throw new HebbError(
      'shape',
      `perceptron expects samples of ${this.inputs} values, the data set's have ${size}`,
    )
  }

  #take({ accuracy, units, weights, history }: PerceptronReport): void {
    const size = this.inputs + 1
    this.accuracy = accuracy
    this.#weights = weights
    this.units = units.map(({ updates, reason, mistakes, margin, bound }, i) => {
      const own = weights.slice(i * size, (i + 1) * size)
      const converged = reason === 'converged'
      const row = size + 4
      const rows = Array.from({ length: history[i]!.length / row }, (_, n) =>
        history[i]!.subarray(n * row, (n + 1) * row),
      )
      return {
        weights: own.subarray(0, -1),
        bias: own.at(-1)!,
        updates,
        converged,
        reason,
        mistakes,
        margin: margin ?? undefined,
        // JSON has no infinity: the margin was 0.
        bound: converged ? (bound ?? Number.POSITIVE_INFINITY) : undefined,
        history: rows.map((row) => ({
          epoch: row[0]!,
          sample: row[1]!,
          target: row[2] as 0 | 1,
          net: row[3]!,
          weights: row.subarray(4, -1),
          bias: row.at(-1)!,
        })),
      }
    })
  }

  #trained(): void {
    if (this.units.length === 0)
      throw new HebbError('data', 'this perceptron has learnt nothing yet: call fit()')
  }

  #only(): PerceptronUnit {
    this.#trained()
    if (this.units.length === 1) return this.units[0]!
    throw new HebbError('option', `this perceptron has ${this.units.length} units: read units[k].weights`)
  }
}

/**
 * Rosenblatt's perceptron (1958): y = 1 if w·x + b ≥ 0, learnt by its mistakes.
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
