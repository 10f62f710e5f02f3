import type { Engine } from '../engine/engine'
import { networkEngine } from '../engine/engines'
import { Handle } from '../engine/handle'
import { HebbError, shown, toJson } from '../errors'
import { checkKeys, checkWhole } from '../options'
import { type Input, isNumbers, size, toTensor } from '../tensor'
import type { Batch } from './batch'
import { isNamed, join, type NamedInput, type NamedShape } from './named'
import { labelsOf, stratified } from './split'

/** The address space of WebAssembly, in bytes. */
const LARGEST = 2 ** 32

/** Samples with targets, in the engine's memory. Made by {@link fromArrays} or `datasets.mnist`. */
export class Dataset extends Handle {
  static override get name() {
    return 'Dataset'
  }
  /** @internal */
  readonly kind = 'data set'
  /** The number of samples. */
  readonly samples: number
  /** The shape of one sample. */
  readonly shape: readonly number[]

  /** The inputs with their shapes, if they were given by name. */
  readonly inputs: readonly NamedShape[] | undefined
  /** The outputs with their shapes, if the targets were given by name. */
  readonly outputs: readonly NamedShape[] | undefined
  /** The class numbers by which a split is stratified, if the targets are classes of some kind. */
  readonly #classes: Uint32Array | undefined

  private constructor(
    owner: Engine,
    id: number,
    samples: number,
    shape: readonly number[],
    classes: Uint32Array | undefined,
    inputs: readonly NamedShape[] | undefined,
    outputs: readonly NamedShape[] | undefined,
  ) {
    super(owner, id, (engine, id) => engine.ask('disposeDataset', [id]))
    this.samples = samples
    this.shape = shape
    this.#classes = classes
    this.inputs = inputs
    this.outputs = outputs
  }

  /** @internal The memory of `x` goes to the engine if it is `given` away. */
  static async create(
    owner: Engine,
    shape: readonly number[],
    x: Uint8Array | Float32Array,
    t?: Targets,
    { inputs, outputs, numbers, given = false }: Labelling = {},
  ): Promise<Dataset> {
    const names = inputs || outputs ? toJson('fromArrays', [inputs ?? [], outputs ?? []]) : undefined
    // What has no room in the engine is refused when it is copied.
    const transfer = given && x.byteLength < LARGEST ? [x.buffer as ArrayBuffer] : []
    const args = [Uint32Array.from(shape), x, t, names, numbers] as const
    const { id, samples } = await owner.ask('dataset', [...args], transfer)
    const classes = t instanceof Float32Array ? labelsOf(t, samples) : t?.length === samples ? t : undefined
    return new Dataset(owner, id, samples, shape, classes, inputs, outputs)
  }

  /** A data set of some of the samples, by number. The data is shared, not copied. */
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
    return new Dataset(owner, id, samples, this.shape, classes, this.inputs, this.outputs)
  }

  /** @internal Reads some of the samples, by number, as they were given. */
  async read(indices: Uint32Array): Promise<Batch> {
    const { x, t } = await this.engine.ask('samples', [this.id, indices])
    const samples = indices.length
    const batch = { x: { data: x, shape: [samples, ...this.shape] } }
    if (!t) return batch
    if (t instanceof Uint32Array && t.length === samples) return { ...batch, t }
    return { ...batch, t: { data: t, shape: [samples, t.length / samples] } as Batch['t'] & object }
  }

  /**
   * Splits into training, selection and test samples. A seeded generator draws the parts, each class in proportion, and the
   * rest is for training. Classes are class numbers, one-hot targets, or one target with two values. `selection` and `test`
   * are numbers of samples or, below 1, fractions; a part that is not asked for is `undefined`. The data is shared, not
   * copied.
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
   * Splits into two parts: `count` samples drawn by a seeded generator, each class in proportion, and the rest. Below 1
   * `count` is a fraction of all samples. The data is shared, not copied.
   */
  async setAside(
    count: number,
    options: { seed?: number } = {},
  ): Promise<{ chosen: Dataset; rest: Dataset }> {
    checkKeys('setAside', options, ['seed'])
    const [rest, chosen] = await this.partition('setAside', { count }, options.seed)
    return { chosen: chosen!, rest: rest! }
  }

  /** @internal The rest and the parts; `wanted` has the sizes of the parts by their names in messages. */
  async partition(who: string, wanted: Record<string, number | undefined>, seed = 0) {
    void this.engine
    const names = Object.keys(wanted)
    const counts = names.map((name) => this.#count(who, name, wanted[name]))
    const sum = counts.reduce((a, b) => a + b)
    if (sum === 0) {
      throw new HebbError(
        'option',
        `${who} needs ${names.join(' or ')}: a number of samples, or a fraction below 1`,
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

  /** The number of samples from a number or a fraction; 0 if the part is not asked for. */
  #count(who: string, name: string, value: number | undefined): number {
    if (value === undefined) return 0
    if (typeof value !== 'number' || !(value > 0 && value < 1)) return checkWhole(who, name, value, 1)
    const whole = Math.round(value * this.samples)
    if (whole > 0) return whole
    throw new HebbError(
      'option',
      `${who}: ${name}: ${value} of ${this.samples} samples is less than one sample`,
    )
  }
}

/** Options in the caller's notation. */
function written(wanted: Record<string, number | undefined>): string {
  const given = Object.entries(wanted).filter(([, value]) => value !== undefined)
  return given.map(([name, value]) => `${name}: ${value}`).join(' and ')
}

export interface SplitOptions {
  /** Samples for choosing a model. */
  selection?: number
  /** Samples for judging the chosen model, once. */
  test?: number
  /** The seed of the split. Default 0. */
  seed?: number
}

/** The parts of a split. */
export interface Split<O extends SplitOptions = SplitOptions> {
  train: Dataset
  selection: SplitPart<O, 'selection'>
  test: SplitPart<O, 'test'>
}

type SplitPart<O, Name extends string> = Name extends keyof O
  ? O[Name] extends number
    ? Dataset
    : Dataset | undefined
  : undefined

type Targets = Uint32Array | Float32Array

/** The names and shapes of inputs and outputs, and the numbers by which errors name the samples. */
interface Labelling {
  inputs?: readonly NamedShape[] | undefined
  outputs?: readonly NamedShape[] | undefined
  numbers?: Uint32Array
  given?: boolean
}

/**
 * Targets as the engine expects them, with the outputs if they are given by name. A flat list of integers, plain or typed,
 * holds class numbers; everything else is values `[samples, outputs]`: numbers, one-hot or probabilities.
 */
export function toTargets(t: TargetInput, samples: number): { t: Targets; outputs?: readonly NamedShape[] } {
  if (isNamed(t)) {
    // Bytes as targets are plain numbers, not fractions of 255.
    const { data, shapes, samples: given } = join(t, 1)
    if (given !== samples) throw new HebbError('shape', `${given} targets for ${samples} samples`)
    return { t: Float32Array.from(data), outputs: shapes }
  }
  const given = isNumbers(t) ? { data: t as Float32Array, shape: [(t as Float32Array).length] } : (t as Input)
  const { data: flat, shape } =
    ((Array.isArray(given) ? { data: given, shape: [given.length] } : given) as {
      data: number[]
      shape: number[]
    }) ?? {}
  const steps: unknown = flat
  if (steps instanceof Uint32Array && shape?.length === 2) {
    if (shape[0] === samples && size(shape) === steps.length) return { t: steps.slice() }
    throw new HebbError('shape', `class numbers [${shape}] for ${samples} samples`)
  }
  const fractions = (flat as unknown) instanceof Float32Array || (flat as unknown) instanceof Float64Array
  if (
    shape?.length === 1 &&
    shape[0] === flat.length &&
    shape[0] &&
    !fractions &&
    flat.every(Number.isInteger)
  ) {
    if (flat.length !== samples) {
      throw new HebbError('shape', `${flat.length} class numbers for ${samples} samples`)
    }
    const wrong = flat.findIndex((value) => value < 0 || value > MAX_CLASS_NUMBER)
    if (wrong < 0) return { t: Uint32Array.from(flat) }
    throw new HebbError(
      'data',
      `class numbers count from 0 to ${MAX_CLASS_NUMBER}, got ${flat[wrong]} (sample ${wrong}); numbers are rows: [[${flat[0]}], …]`,
    )
  }
  const values = toTensor(given)
  if (values.shape[0] !== samples) {
    throw new HebbError('shape', `${values.shape[0]} targets for ${samples} samples`)
  }
  return { t: Float32Array.from(values.data) }
}

/** The largest class number of the engine. */
const MAX_CLASS_NUMBER = 2 ** 32 - 1

/** Class numbers as typed arrays. */
export type TypedClasses =
  | Uint8Array
  | Uint8ClampedArray
  | Int8Array
  | Uint16Array
  | Int16Array
  | Int32Array
  | Uint32Array

/** Targets; {@link fromArrays} defines each kind. */
export type TargetInput = Input | TypedClasses | Float32Array | Float64Array | NamedInput

/**
 * Makes a data set from arrays: `x` is `[samples, …shape]`, nested or `{ data, shape }`, and bytes are read as value / 255;
 * `t` holds class numbers `[samples]` or target values `[samples, outputs]`. A flat list of integers, a Uint8Array, an
 * Int32Array and so on hold class numbers; lists of rows, fractions and a Float32Array hold values. Class numbers of the time
 * steps of sequences are `{ data: a Uint32Array, shape: [samples, T] }`.
 *
 * For a network with several inputs or outputs `x` or `t` is an object of arrays by name, in any order; targets are then
 * values, and classes one-hot. The names must be those of the network.
 *
 * @example await datasets.fromArrays([[0, 0], [0, 1]], [[0], [1]])
 * @throws HebbError `shape`, `data`
 */
export async function fromArrays(x: Input | NamedInput, t?: TargetInput): Promise<Dataset> {
  const targets = (samples: number) => (t === undefined ? undefined : toTargets(t, samples))
  if (isNamed(x)) {
    const { data, shapes, samples } = join(x)
    const own = targets(samples)
    return Dataset.create(await networkEngine(), [data.length / samples], data, own?.t, {
      inputs: shapes,
      outputs: own?.outputs,
      given: true,
    })
  }
  const { data, shape } = toTensor(x)
  if (shape.length < 2) {
    throw new HebbError(
      'shape',
      `samples must have shape [samples, …], got [${shape}]; for one sample write [x]`,
    )
  }
  const own = targets(shape[0]!)
  return Dataset.create(await networkEngine(), shape.slice(1), data, own?.t, {
    outputs: own?.outputs,
    given: true,
  })
}
