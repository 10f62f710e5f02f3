import { type Engine, engine } from '../engine/engine'
import { HebbError } from '../errors'
import { Handle } from '../handle'
import { checkKeys, checkWhole } from '../options'
import { type Input, toTensor } from '../tensor'
import { stratified } from './split'

/** Samples with targets, in the engine's memory. Made by {@link fromArrays} or `datasets.mnist`. */
export class Dataset extends Handle {
  protected readonly kind = 'data set'
  /** How many samples there are. */
  readonly samples: number
  /** The shape of one sample. */
  readonly shape: readonly number[]

  /** The class numbers, if these are its targets. */
  readonly #classes: Uint32Array | undefined

  private constructor(
    owner: Engine,
    id: number,
    samples: number,
    shape: readonly number[],
    classes: Uint32Array | undefined,
  ) {
    super(owner, 'disposeDataset', id)
    this.samples = samples
    this.shape = shape
    this.#classes = classes
  }

  /** @internal */
  static async create(
    owner: Engine,
    shape: readonly number[],
    x: Uint8Array | Float32Array,
    t?: Targets,
  ): Promise<Dataset> {
    const { id, samples } = await owner.ask('dataset', [Uint32Array.from(shape), x, t])
    return new Dataset(owner, id, samples, shape, t instanceof Uint32Array ? t : undefined)
  }

  /** Some of the samples, by number. The data is shared, not copied. */
  async subset(indices: readonly number[] | Uint32Array): Promise<Dataset> {
    for (const index of indices) {
      if (!Number.isSafeInteger(index) || index < 0 || index >= this.samples) {
        throw new HebbError('data', `sample ${index} does not exist: there are ${this.samples}`)
      }
    }
    const owner = this.engine
    const { id, samples } = await owner.ask('subset', [this.id, Uint32Array.from(indices)])
    const classes = this.#classes && Uint32Array.from(indices, (index) => this.#classes![index]!)
    return new Dataset(owner, id, samples, this.shape, classes)
  }

  /**
   * Two parts: `count` samples drawn by a seeded generator, from each class its share, and the rest. Below 1
   * `count` is a part of all samples. The data is shared, not copied.
   */
  async split(count: number, options: { seed?: number } = {}): Promise<{ chosen: Dataset; rest: Dataset }> {
    checkKeys('split', options, ['seed'])
    const seed = checkWhole('split', 'seed', options.seed ?? 0, 0)
    const whole = count > 0 && count < 1 ? Math.round(count * this.samples) : count
    checkWhole('split', 'count', whole, 1, this.samples - 1)
    const { chosen, rest } = stratified(this.#classes ?? new Uint32Array(this.samples), whole, seed)
    return { chosen: await this.subset(chosen), rest: await this.subset(rest) }
  }
}

type Targets = Uint32Array | Float32Array

/**
 * Targets as the engine takes them. A flat list of integers, or a Uint8Array, Int32Array or Uint32Array, are
 * class numbers; everything else is values `[samples, outputs]`: numbers, one-hot or probabilities.
 */
export function toTargets(t: Input | TypedClasses, samples: number): Targets {
  const flat = ArrayBuffer.isView(t) ? (t as TypedClasses) : undefined
  const classes =
    flat ?? (Array.isArray(t) && t.every((value) => Number.isInteger(value)) ? (t as number[]) : undefined)
  if (classes) {
    if (classes.length !== samples) {
      throw new HebbError('shape', `${classes.length} class numbers for ${samples} samples`)
    }
    for (const value of classes) {
      if (value < 0) throw new HebbError('data', `class numbers count from 0, got ${value}`)
    }
    return Uint32Array.from(classes)
  }
  const { data, shape } = toTensor(t as Input)
  if (shape[0] !== samples) throw new HebbError('shape', `${shape[0]} targets for ${samples} samples`)
  return Float32Array.from(data)
}

type TypedClasses = Uint8Array | Int32Array | Uint32Array

/**
 * A data set from arrays: `x` is `[samples, …shape]`, nested or `{ data, shape }`, bytes read as value / 255;
 * `t` are class numbers `[samples]` (integers) or target values `[samples, outputs]`.
 *
 * @example await datasets.fromArrays([[0, 0], [0, 1]], [[0], [1]])
 * @throws HebbError `shape`, `data`
 */
export async function fromArrays(x: Input, t?: Input | TypedClasses): Promise<Dataset> {
  const { data, shape } = toTensor(x)
  if (shape.length < 2) {
    throw new HebbError(
      'shape',
      `samples must have shape [samples, …], got [${shape}]; for one sample write [x]`,
    )
  }
  const targets = t === undefined ? undefined : toTargets(t, shape[0]!)
  return Dataset.create(await engine(), shape.slice(1), data, targets)
}
