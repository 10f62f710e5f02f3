// What layers compute. Keras has the channels of an image last, Hebb first: a value remembers how its numbers lie.
import type { Layer } from '../../layers'
import type { Tensor } from '../../tensor'

/** The value of a layer or an input. */
export interface Value {
  /** The layer of the network that has it. */
  name: string
  /** The shape of a sample in Keras's order. */
  shape: readonly number[]
  /**
   * How Hebb has it: `flat` `[features]`; `steps` `[T, features]`; `planes` `[C, H, W]`, an image or, with W = 1, steps that a
   * convolution made.
   */
  form: 'flat' | 'steps' | 'planes'
  /** Of a flat value that was planes with several places and channels: their number, for its numbers have Hebb's order. */
  planes?: { places: number; channels: number }
}

/** The form of a value that a network reads. */
export const inputForm = (shape: readonly number[]): Value['form'] =>
  shape.length === 1 ? 'flat' : shape.length === 2 ? 'steps' : 'planes'

/** The shape of a sample in Hebb's order. */
export function hebbShape({ form, shape }: Pick<Value, 'form' | 'shape'>): readonly number[] {
  if (form !== 'planes') return shape
  const [height, width = 1] = shape.slice(0, -1)
  return [shape.at(-1)!, height!, width]
}

/** The same numbers in another shape. */
export const as = ({ data }: Tensor, shape: readonly number[]): Tensor => ({ data, shape })

/** The network that is built: its layers and weights. */
export class Builder {
  readonly layers: Layer[] = []
  readonly weights: Record<string, Tensor> = {}
  readonly #names: Set<string>
  readonly #used = new Set<string>()

  /** `names` are those of the inputs and of Keras's layers, which are taken. */
  constructor(names: Iterable<string>) {
    this.#names = new Set(names)
  }

  /** Adds a layer that reads others. Returns its name: the wanted one, or a new one that begins with it. */
  add(
    layer: Layer,
    from: readonly string[],
    name: string,
    weights: Readonly<Record<string, Tensor>> = {},
  ): string {
    this.layers.push({ ...layer, name, from: from.length === 1 ? from[0] : from } as Layer)
    for (const [part, tensor] of Object.entries(weights)) this.weights[`${name}.${part}`] = tensor
    return name
  }

  /** The name of a layer of Keras, or a fresh one if a layer of another model had it before. */
  first(name: string): string {
    if (this.#used.has(name)) return this.fresh(name)
    this.#used.add(name)
    return name
  }

  /** A name that nothing has. */
  fresh(stem: string): string {
    let name = stem
    for (let n = 1; this.#names.has(name); n++) name = `${stem}_${n}`
    this.#names.add(name)
    return name
  }
}
