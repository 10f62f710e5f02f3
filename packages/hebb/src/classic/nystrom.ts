import type { Dataset } from '../data/dataset'
import { isDataset } from '../data/isDataset'
import { orders } from '../data/random'
import { HebbError } from '../errors'
import { checkFlag, checkKeys, checkWhole } from '../options'
import type { Input } from '../tensor'
import { type Classes, Held, type KernelFitOptions, KernelMachine } from './kernelMachine'
import { toLambda } from './kernelRidge'
import type { Kernel } from './kernels'
import { listener } from './listener'
import { classesOf, fromDataset, range, toSamples, toSet } from './samples'

export interface NystromOptions {
  /** The number of values of a sample. */
  inputs: number
  kernel: Kernel
  /** How many samples, drawn by the seed of `fit`, are centers, or the centers themselves, `[centers, inputs]`; at most 10,000. */
  centers: number | Input
  /** λ ≥ 0. Default 1e-6. */
  lambda?: number
  /** If given, targets are classes: for each class 1, or −1 for the others. A data set always has classes. */
  classes?: Classes
}

export interface NystromFitOptions extends KernelFitOptions {
  /** The seed of the centers, and of the pairs whose distances give `sigma: 'median'`. Default 0. */
  seed?: number
  /** Whether to show a bar and the time on stderr. Default false. */
  progress?: boolean
}

/** Their matrix has 800 MB. */
const MAX_CENTERS = 10_000

/** Samples of a message to the engine. */
const SAMPLES_PER_REQUEST = 1536

/** A kernel machine for large data. Made by {@link nystrom}. */
export class Nystrom extends KernelMachine {
  static override get name() {
    return 'Nystrom'
  }
  override readonly who = 'nystrom'
  readonly lambda: number
  /** What was done if the equations are singular, in words. */
  warning: string | undefined
  readonly #centers: number | Float64Array

  /** @internal */
  constructor({ inputs, kernel, classes }: NystromOptions, centers: number | Float64Array, lambda: number) {
    super('nystrom', inputs, kernel, classes)
    this.#centers = centers
    this.lambda = lambda
  }

  /**
   * Solves (KₙₘᵀKₙₘ + λnKₘₘ)α = Kₙₘᵀt for samples `[N, inputs]` and targets `[N]` or `[N, outputs]`, or a class for each sample,
   * or a data set with class numbers. The samples pass the engine once, in parts; what stays there are the centers and a matrix
   * of centers × centers in 64 bits.
   *
   * @throws HebbError `option`, `shape`, `data`, `memory`
   */
  async fit(x: Dataset, options?: NystromFitOptions): Promise<this>
  async fit(
    x: Input,
    t: Input | ArrayLike<number> | readonly string[],
    options?: NystromFitOptions,
  ): Promise<this>
  async fit(x: Input | Dataset, second?: unknown, third?: NystromFitOptions): Promise<this> {
    const { who, inputs } = this
    const options = ((isDataset(x) ? second : third) ?? {}) as NystromFitOptions
    checkKeys(`${who}.fit`, options, ['seed', 'progress', 'onProgress'])
    const seed = checkWhole(`${who}.fit`, 'seed', options.seed ?? 0, 0)
    const bar = checkFlag(`${who}.fit`, 'progress', options.progress ?? false)
      ? new (await import('./stageBar')).StageBar([who])
      : undefined
    const tell = listener(`${who}.fit`, options)
    const report = (part: number) => {
      bar?.show(0, part)
      tell(part)
    }
    if (isDataset(x) && this.classes === undefined) {
      throw new HebbError('option', 'nystrom: a data set has class numbers: give classes')
    }
    const all = isDataset(x) ? undefined : toSet(who, x, inputs)
    const samples = all ? all.samples : (x as Dataset).samples
    const given = all && this.#targets(second, samples)
    const outputs = given ? given.length / samples : this.count
    const rows = async (indices: Uint32Array) => {
      if (!all) return fromDataset(who, x as Dataset, inputs, indices)
      const data = new Float64Array(indices.length * inputs)
      indices.forEach((from, to) => {
        data.set(all.data.subarray(from * inputs, (from + 1) * inputs), to * inputs)
      })
      return { data, classes: undefined }
    }
    const centers =
      typeof this.#centers === 'number'
        ? (await rows(chosen(this.#centers, samples, seed))).data
        : this.#centers.slice()
    const { lambda } = this
    const json = this.json({ kernel: this.spec, lambda, outputs, samples, seed })
    const owner = await this.owner()
    const held = new Held(owner, await owner.ask('kernelNystrom', [json, centers], [centers.buffer]))
    try {
      for (let at = 0; at < samples; at += SAMPLES_PER_REQUEST) {
        const end = Math.min(samples, at + SAMPLES_PER_REQUEST)
        const { data, classes } = await rows(range(at, end))
        const t = given
          ? given.slice(at * outputs, end * outputs)
          : this.signs(this.toClassNumbers(classesOf(who, classes), end - at))
        await owner.ask('kernelFeed', [held.id, data, t], [data.buffer, t.buffer], report)
      }
      const found = await owner.ask('kernelSolve', [held.id], [], report)
      bar?.end()
      this.keep(held, found, outputs)
      this.warning = found.warning
      return this
    } catch (error) {
      held.dispose()
      throw error
    }
  }

  #targets(t: unknown, samples: number) {
    if (this.classes === undefined) return this.toValues(t, samples)
    return this.signs(this.toClassNumbers(t, samples))
  }
}

/** The numbers of the samples that are centers, in order. */
function chosen(centers: number, samples: number, seed: number): Uint32Array {
  if (centers > samples) {
    throw new HebbError('option', `nystrom: centers must be at most the ${samples} samples, got ${centers}`)
  }
  return orders(seed, 0)(samples).subarray(0, centers).sort()
}

/**
 * A kernel machine for large data by the method of Nyström: kernel ridge regression whose sum has some centers only.
 *
 * @example
 * const { train, test } = await datasets.mnist()
 * const machine = nystrom({ inputs: 784, kernel: kernels.rbf({ sigma: 5 }), centers: 2000, classes: 10 })
 * await machine.fit(train, { progress: true })
 * const { accuracy } = await machine.evaluate(test)
 * @throws HebbError `option`, `shape`
 */
export function nystrom(options: NystromOptions): Nystrom {
  checkKeys('nystrom', options, ['inputs', 'kernel', 'centers', 'lambda', 'classes'])
  const { inputs, centers, lambda = 1e-6 } = options
  const own =
    typeof centers === 'object' && centers !== null
      ? toSamples('nystrom', centers as Input, checkWhole('nystrom', 'inputs', inputs, 1)).data
      : checkWhole('nystrom', 'centers', centers, 1, MAX_CENTERS)
  return new Nystrom(options, own, toLambda('nystrom', lambda))
}
