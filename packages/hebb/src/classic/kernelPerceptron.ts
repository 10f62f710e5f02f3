import type { Dataset } from '../data/dataset'
import { isDataset } from '../data/isDataset'
import { checkFlag, checkKeys, checkWhole } from '../options'
import type { Input } from '../tensor'
import { type Classes, Held, type KernelFitOptions, KernelMachine } from './kernelMachine'
import type { Kernel } from './kernels'
import { listener } from './listener'
import { classesOf, fromDataset, toSet } from './samples'

export interface KernelPerceptronOptions {
  /** The number of values of a sample. */
  inputs: number
  kernel: Kernel
  /** Two classes have one unit, for the second class; more have one unit per class against the rest. Default 2. */
  classes?: Classes
}

export interface KernelPerceptronFitOptions extends KernelFitOptions {
  /** The most passes over the samples. Default 1000. */
  epochs?: number
  /** Whether each epoch has its own order. Default false. */
  shuffle?: boolean
  /** The seed of these orders, and of the pairs whose distances give `sigma: 'median'`. Default 0. */
  seed?: number
}

/** A kernel perceptron. Made by {@link kernelPerceptron}. */
export class KernelPerceptron extends KernelMachine {
  static override get name() {
    return 'KernelPerceptron'
  }
  override readonly who = 'kernelPerceptron'
  /** Whether every unit separates its class from the rest. */
  converged = false
  /** The mistakes of each unit in each epoch. */
  mistakes: readonly (readonly number[])[] = []
  /** The numbers of the support vectors: the samples that a unit ever got wrong. All others have no part in the answer. */
  support: readonly number[] = []

  /**
   * Trains on samples `[N, inputs]` and a class for each, or on a data set with class numbers: a sample that is wrong is added
   * to the sum, or subtracted, until an epoch has no mistake. At most 10,000 samples.
   *
   * @throws HebbError `option`, `shape`, `data`, `memory`
   */
  async fit(x: Dataset, options?: KernelPerceptronFitOptions): Promise<this>
  async fit(
    x: Input,
    t: ArrayLike<number> | readonly string[],
    options?: KernelPerceptronFitOptions,
  ): Promise<this>
  async fit(x: Input | Dataset, second?: unknown, third?: KernelPerceptronFitOptions): Promise<this> {
    const { who } = this
    const options = ((isDataset(x) ? second : third) ?? {}) as KernelPerceptronFitOptions
    checkKeys(`${who}.fit`, options, ['epochs', 'shuffle', 'seed', 'onProgress'])
    const json = this.json({
      kernel: this.spec,
      classes: this.count,
      epochs: checkWhole(`${who}.fit`, 'epochs', options.epochs ?? 1000, 1),
      shuffle: checkFlag(`${who}.fit`, 'shuffle', options.shuffle ?? false),
      seed: checkWhole(`${who}.fit`, 'seed', options.seed ?? 0, 0),
    })
    const report = listener(`${who}.fit`, options)
    const read = isDataset(x) ? await fromDataset(who, x, this.inputs) : toSet(who, x, this.inputs)
    const given = isDataset(x) ? classesOf(who, (read as { classes?: Uint32Array }).classes) : second
    const t = this.toClassNumbers(given, read.samples)
    const owner = await this.owner()
    const found = await owner.ask('kernelFit', [json, read.data, t], [], report)
    this.keep(new Held(owner, found.id), found, found.mistakes.length)
    this.mistakes = found.mistakes
    this.support = found.support
    this.converged = found.converged.every(Boolean)
    return this
  }
}

/**
 * The kernel perceptron (1964): Rosenblatt's perceptron after a mapping that is never computed, so that it separates what no
 * line does.
 *
 * @example
 * const p = kernelPerceptron({ inputs: 2, kernel: kernels.polynomial({ degree: 2 }) })
 * await p.fit([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])
 * p.converged // true
 * @throws HebbError `option`
 */
export function kernelPerceptron(options: KernelPerceptronOptions): KernelPerceptron {
  checkKeys('kernelPerceptron', options, ['inputs', 'kernel', 'classes'])
  return new KernelPerceptron('kernelPerceptron', options.inputs, options.kernel, options.classes ?? 2)
}
