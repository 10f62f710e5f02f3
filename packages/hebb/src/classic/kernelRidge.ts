import { HebbError } from '../errors'
import { checkKeys, checkNumber, checkWhole } from '../options'
import type { Input } from '../tensor'
import { type Classes, Held, type KernelFitOptions, KernelMachine } from './kernelMachine'
import { type Kernel, toKernel } from './kernels'
import { listener } from './listener'
import { toSet } from './samples'

export interface KernelRidgeOptions {
  /** The number of values of a sample. */
  inputs: number
  /** A kernel, or several, of which cross-validation chooses one. */
  kernel: Kernel | readonly Kernel[]
  /** λ ≥ 0, or several, of which cross-validation chooses one. Default 1. */
  lambda?: number | readonly number[]
  /** If given, targets are classes: for each class 1, or −1 for the others. */
  classes?: Classes
}

export interface KernelRidgeFitOptions extends KernelFitOptions {
  /** The parts of the cross-validation, if there is something to choose. Default 5. */
  folds?: number
  /** The seed of the parts, and of the pairs whose distances give `sigma: 'median'`. Default 0. */
  seed?: number
}

/** A choice of kernel and λ, and its mean squared error on the samples left out. */
export interface KernelCandidate {
  sigma: number | undefined
  lambda: number
  error: number
}

const isLambda = (value: number) => value >= 0

/** @internal λ, checked. */
export const toLambda = (who: string, value: unknown): number =>
  checkNumber(who, 'lambda', value, isLambda, 'finite and at least 0')

/** Kernel ridge regression. Made by {@link kernelRidge}. */
export class KernelRidge extends KernelMachine {
  static override get name() {
    return 'KernelRidge'
  }
  override readonly who = 'kernelRidge'
  /** λ, after training the chosen one. */
  lambda = Number.NaN
  /** What cross-validation chose from: each λ with the first kernel, then with the second. Empty if there was no choice. */
  candidates: readonly KernelCandidate[] = []
  /** What was done if the Gram matrix is singular, in words. */
  warning: string | undefined
  readonly #kernels: readonly Kernel[]
  readonly #lambdas: readonly number[]

  /** @internal */
  constructor(inputs: unknown, all: readonly Kernel[], lambdas: readonly number[], classes: unknown) {
    super('kernelRidge', inputs, all[0], classes)
    this.#kernels = all
    this.#lambdas = lambdas
  }

  /**
   * Solves (K + λI)α = t for samples `[N, inputs]` and targets `[N]` or `[N, outputs]`, or a class for each sample. At most
   * 10,000 samples. If the matrix is singular, α are those of least squares, and `warning` says so.
   *
   * @throws HebbError `option`, `shape`, `data`, `memory`
   */
  async fit(
    x: Input,
    t: Input | ArrayLike<number> | readonly string[],
    options: KernelRidgeFitOptions = {},
  ): Promise<this> {
    const { who } = this
    checkKeys(`${who}.fit`, options, ['folds', 'seed', 'onProgress'])
    const json = this.json({
      kernels: this.#kernels.map((kernel) => toKernel(who, kernel)),
      lambdas: this.#lambdas,
      folds: checkWhole(`${who}.fit`, 'folds', options.folds ?? 5, 2),
      seed: checkWhole(`${who}.fit`, 'seed', options.seed ?? 0, 0),
    })
    const report = listener(`${who}.fit`, options)
    const { data, samples } = toSet(who, x, this.inputs)
    const targets =
      this.classes === undefined ? this.toValues(t, samples) : this.signs(this.toClassNumbers(t, samples))
    const owner = await this.owner()
    const found = await owner.ask('kernelFit', [json, data, targets], [], report)
    this.keep(new Held(owner, found.id), found, targets.length / samples)
    this.lambda = found.lambda!
    this.candidates = found.candidates
    this.warning = found.warning
    return this
  }
}

/**
 * Kernel ridge regression: least squares after a mapping that is never computed, with a penalty λ on the size of the weights.
 *
 * @example
 * const curve = await kernelRidge({ inputs: 1, kernel: kernels.rbf({ sigma: 1 }), lambda: 0.01 }).fit(x, t)
 * await curve.predict(0.5)
 * @throws HebbError `option`
 */
export function kernelRidge(options: KernelRidgeOptions): KernelRidge {
  checkKeys('kernelRidge', options, ['inputs', 'kernel', 'lambda', 'classes'])
  const { inputs, kernel, lambda = 1, classes } = options
  const all = Array.isArray(kernel) ? [...(kernel as Kernel[])] : [kernel as Kernel]
  const lambdas = Array.isArray(lambda) ? [...(lambda as number[])] : [lambda as number]
  if (all.length === 0 || lambdas.length === 0) {
    throw new HebbError('option', 'kernelRidge: give at least one kernel and one lambda')
  }
  for (const one of all) toKernel('kernelRidge', one)
  for (const one of lambdas) toLambda('kernelRidge', one)
  return new KernelRidge(inputs, all, lambdas, classes)
}
