import { type Engine, engine } from '../engine/engine'
import { HebbError, shown } from '../errors'
import { Handle } from '../handle'
import { checkKeys, checkWhole } from '../options'
import { type Input, toTensor } from '../tensor'
import type { Batch } from './collate'
import { isNamed, join, type NamedInput, type NamedShape } from './named'
import { labelsOf, stratified } from './split'

/** Samples with targets, in the engine's memory. Made by {@link fromArrays} or `datasets.mnist`. */
export class Dataset extends Handle {
  static override get name() {
    return 'Dataset'
  }
  protected readonly kind = 'data set'
  /** How many samples there are. */
  readonly samples: number
  /** The shape of one sample. */
  readonly shape: readonly number[]

  /** Several inputs with their shapes, if it was made of such. */
  readonly inputs: readonly NamedShape[] | undefined
  /** The class numbers that a split is stratified by, if its targets are classes of some kind. */
  readonly #classes: Uint32Array | undefined

  private constructor(
    owner: Engine,
    id: number,
    samples: number,
    shape: readonly number[],
    classes: Uint32Array | undefined,
    inputs: readonly NamedShape[] | undefined,
  ) {
    super(owner, 'disposeDataset', id)
    this.samples = samples
    this.shape = shape
    this.#classes = classes
    this.inputs = inputs
  }

  /** @internal */
  static async create(
    owner: Engine,
    shape: readonly number[],
    x: Uint8Array | Float32Array,
    t?: Targets,
    inputs?: readonly NamedShape[],
  ): Promise<Dataset> {
    const { id, samples } = await owner.ask('dataset', [Uint32Array.from(shape), x, t])
    const classes = t instanceof Float32Array ? labelsOf(t, samples) : t
    return new Dataset(owner, id, samples, shape, classes, inputs)
  }

  /** Some of the samples, by number. The data is shared, not copied. */
  async subset(indices: readonly number[] | Uint32Array): Promise<Dataset> {
    if (!Array.isArray(indices) && !ArrayBuffer.isView(indices)) {
      throw new HebbError('option', `subset takes a list of sample numbers, got ${shown(indices)}`)
    }
    const own = new Uint32Array(indices.length ?? 0)
    for (let i = 0; i < own.length; i++) {
      const index = indices[i]!
      if (!Number.isSafeInteger(index) || index < 0 || index >= this.samples) {
        throw new HebbError('data', `sample ${shown(index)} does not exist: there are ${this.samples}`)
      }
      own[i] = index
    }
    const owner = this.engine
    const { id, samples } = await owner.ask('subset', [this.id, own])
    const classes = this.#classes && own.map((index) => this.#classes![index]!)
    return new Dataset(owner, id, samples, this.shape, classes, this.inputs)
  }

  /** @internal Some of the samples, by number, as they were given. */
  async read(indices: Uint32Array): Promise<Batch> {
    const { x, t } = await this.engine.ask('samples', [this.id, indices])
    const samples = indices.length
    const batch = { x: { data: x, shape: [samples, ...this.shape] } }
    if (!t) return batch
    return { ...batch, t: t instanceof Uint32Array ? t : { data: t, shape: [samples, t.length / samples] } }
  }

  /**
   * Training, selection and test samples: parts drawn by a seeded generator, from each class its share, and the
   * rest to train on. Classes are class numbers, one-hot targets, or one target that has two values. `selection` and `test` are numbers of samples, or below 1 parts of all; without it a part is
   * `undefined`. The data is shared, not copied.
   *
   * @example const { train, selection, test } = await data.split({ selection: 0.2, test: 0.1, seed: 1 })
   * @throws HebbError `option`
   */
  async split<O extends SplitOptions>(options: O): Promise<Split<O>> {
    checkKeys('split', options, ['selection', 'test', 'seed'])
    const { selection, test, seed } = options
    const [train, ...parts] = await this.partition('split', { selection, test }, seed)
    return { train, selection: parts[0], test: parts[1] } as Split<O>
  }

  /**
   * Two parts: `count` samples drawn by a seeded generator, from each class its share, and the rest. Below 1
   * `count` is a part of all samples. The data is shared, not copied.
   */
  async setAside(
    count: number,
    options: { seed?: number } = {},
  ): Promise<{ chosen: Dataset; rest: Dataset }> {
    checkKeys('setAside', options, ['seed'])
    const [rest, chosen] = await this.partition('setAside', { count }, options.seed)
    return { chosen: chosen!, rest: rest! }
  }

  /** @internal The samples behind all parts, and the parts: those that are wanted, by their names. */
  async partition(who: string, wanted: Record<string, number | undefined>, seed = 0) {
    void this.engine
    const names = Object.keys(wanted)
    const counts = names.map((name) => this.#count(who, name, wanted[name]))
    const sum = counts.reduce((a, b) => a + b)
    if (sum === 0) {
      throw new HebbError(
        'option',
        `${who} needs ${names.join(' or ')}: a number of samples, or a part below 1`,
      )
    }
    if (sum >= this.samples) {
      throw new HebbError(
        'option',
        `${who}: ${written(wanted)} of ${this.samples} samples is ${sum} of them, none is left to train on`,
      )
    }
    checkWhole(who, 'seed', seed, 0)
    const { parts, rest } = stratified(this.#classes ?? new Uint32Array(this.samples), counts, seed)
    return Promise.all([rest, ...parts].map((part) => (part.length > 0 ? this.subset(part) : undefined)))
  }

  /** A number of samples from a number or a part of all; 0 where none is asked for. */
  #count(who: string, name: string, value: number | undefined): number {
    if (value === undefined) return 0
    if (typeof value !== 'number' || !(value > 0 && value < 1)) return checkWhole(who, name, value, 1)
    const whole = Math.round(value * this.samples)
    if (whole > 0) return whole
    throw new HebbError('option', `${who}: ${name}: ${value} of ${this.samples} samples is none`)
  }
}

/** Options as the caller wrote them. */
function written(wanted: Record<string, number | undefined>): string {
  const given = Object.entries(wanted).filter(([, value]) => value !== undefined)
  return given.map(([name, value]) => `${name}: ${value}`).join(' and ')
}

export interface SplitOptions {
  /** Samples to choose models by. */
  selection?: number
  /** Samples to judge the chosen model by, once. */
  test?: number
  /** The seed of the choice. Default 0. */
  seed?: number
}

/** The parts: those asked for are there. */
export interface Split<O extends SplitOptions = SplitOptions> {
  train: Dataset
  selection: Part<O, 'selection'>
  test: Part<O, 'test'>
}

type Part<O, Name extends string> = Name extends keyof O
  ? O[Name] extends number
    ? Dataset
    : Dataset | undefined
  : undefined

type Targets = Uint32Array | Float32Array

/**
 * Targets as the engine takes them. A flat list of integers, or a Uint8Array, Int32Array or Uint32Array, are
 * class numbers; everything else is values `[samples, outputs]`: numbers, one-hot or probabilities.
 */
export function toTargets(t: Input | TypedClasses | NamedInput, samples: number): Targets {
  if (isNamed(t)) {
    const targets = join(t)
    if (targets.samples === samples) return Float32Array.from(targets.data)
    throw new HebbError('shape', `${targets.samples} targets for ${samples} samples`)
  }
  const flat = ArrayBuffer.isView(t) ? (t as TypedClasses) : undefined
  const classes =
    flat ?? (Array.isArray(t) && t.every((value) => Number.isInteger(value)) ? (t as number[]) : undefined)
  if (classes) {
    if (classes.length !== samples) {
      throw new HebbError('shape', `${classes.length} class numbers for ${samples} samples`)
    }
    for (const value of classes) {
      if (!Number.isInteger(value) || value < 0 || value >= 2 ** 32) {
        throw new HebbError('data', `class numbers are whole and count from 0, got ${value}`)
      }
    }
    return Uint32Array.from(classes)
  }
  const { data, shape } = toTensor(t as Input)
  if (shape[0] !== samples) throw new HebbError('shape', `${shape[0]} targets for ${samples} samples`)
  return Float32Array.from(data)
}

/** Class numbers as typed arrays. */
export type TypedClasses = Uint8Array | Int32Array | Uint32Array

/**
 * A data set from arrays: `x` is `[samples, …shape]`, nested or `{ data, shape }`, bytes read as value / 255;
 * `t` are class numbers `[samples]` (integers) or target values `[samples, outputs]`. For a network with several
 * inputs or outputs, `x` or `t` are objects of such by name, in the network's order; targets are then values, classes
 * one-hot.
 *
 * @example await datasets.fromArrays([[0, 0], [0, 1]], [[0], [1]])
 * @throws HebbError `shape`, `data`
 */
export async function fromArrays(
  x: Input | NamedInput,
  t?: Input | TypedClasses | NamedInput,
): Promise<Dataset> {
  if (isNamed(x)) {
    const { data, shapes, samples } = join(x)
    const targets = t === undefined ? undefined : toTargets(t, samples)
    return Dataset.create(await engine(), [data.length / samples], data, targets, shapes)
  }
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
