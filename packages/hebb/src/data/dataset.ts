import { type Engine, engine } from '../engine/engine'
import { HebbError } from '../errors'
import { Handle } from '../handle'
import { type Input, toTensor } from '../tensor'

/** Samples with targets, in the engine's memory. Made by {@link fromArrays} or `datasets.mnist`. */
export class Dataset extends Handle {
  protected readonly kind = 'data set'
  /** How many samples there are. */
  readonly samples: number
  /** The shape of one sample. */
  readonly shape: readonly number[]

  private constructor(owner: Engine, id: number, samples: number, shape: readonly number[]) {
    super(owner, 'disposeDataset', id)
    this.samples = samples
    this.shape = shape
  }

  /** @internal */
  static async create(
    owner: Engine,
    shape: readonly number[],
    x: Uint8Array | Float32Array,
    t?: Targets,
  ): Promise<Dataset> {
    const { id, samples } = await owner.ask('dataset', [Uint32Array.from(shape), x, t])
    return new Dataset(owner, id, samples, shape)
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
    return new Dataset(owner, id, samples, this.shape)
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
