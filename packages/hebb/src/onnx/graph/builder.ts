// The network that is built from a graph: its layers, their names and their weights.
import { HebbError } from '../../errors'
import { type Layer, permute, reshape, shared } from '../../layers'
import { equal, size, type Tensor } from '../../tensor'
import type { Constant } from './constants'
import { type Dim, type Emitted, Source, Value } from './value'

/** Weights by the last part of their names. */
export type Weights = Readonly<Record<string, Tensor>>

export class Builder {
  readonly layers: Layer[] = []
  readonly weights: Record<string, Tensor> = {}
  readonly #names: Set<string>
  readonly #inputs: readonly string[]
  /** Reshaped and permuted layers by the layer's name and the shape or the order. */
  readonly #moved = new Map<string, Emitted>()
  /** Layers that were added with weights, by the names that they wanted. */
  readonly #owners = new Map<string, { name: string; layer: Layer; weights: Weights }>()
  #room: number

  /** `room` is how many numbers may be made, so that a small hostile file cannot fill the memory. */
  constructor(inputs: readonly string[], room: number) {
    this.#inputs = inputs
    this.#names = new Set(inputs)
    this.#room = room
  }

  /** To be called before so many numbers are made. */
  spend(numbers: number): void {
    this.#room -= numbers
    if (!(numbers >= 0 && this.#room >= 0))
      throw new HebbError(
        'file',
        'this ONNX file expands to many more numbers than it contains; if that is right, give maxNumbers',
      )
  }

  /**
   * Adds a layer that reads others, with its weights; `wanted` is its name if that is free. A layer like an earlier one that wanted
   * the same name, with the same weights, shares them.
   */
  add(
    layer: Layer,
    from: readonly string[],
    shape: readonly number[],
    weights: Weights = {},
    wanted = '',
  ): Emitted {
    const name = this.#name(layer.type, wanted)
    const before = this.layers.at(-1)?.name ?? (this.#inputs.length === 1 ? this.#inputs[0] : undefined)
    const chained = from.length === 1 && from[0] === before
    const reads = chained ? {} : { from: from.length === 1 ? from[0] : from }
    const owner = this.#owners.get(wanted)
    if (owner && isSame(owner, layer, weights)) {
      this.layers.push({ ...shared(owner.name), name, ...reads } as Layer)
      return { name, shape }
    }
    if (wanted !== '' && Object.keys(weights).length > 0) this.#owners.set(wanted, { name, layer, weights })
    this.layers.push({ ...layer, name, ...reads } as Layer)
    for (const [part, tensor] of Object.entries(weights)) {
      this.spend(tensor.data.length)
      this.weights[`${name}.${part}`] = tensor
    }
    return { name, shape }
  }

  #name(type: string, wanted: string): string {
    const usable = wanted !== '' && !this.#names.has(wanted) && wanted.length <= 200
    const stem = type.replace(/2d$/, '')
    let number = 1
    while (!usable && this.#names.has(`${stem}${number}`)) number++
    const name = usable ? wanted : `${stem}${number}`
    this.#names.add(name)
    return name
  }

  /** The name of the layer that has a value in this shape of a sample; adds a reshaping if necessary. */
  read({ layer }: Source, shape: readonly number[] = layer.shape): string {
    if (equal(layer.shape, shape)) return layer.name
    const key = `${layer.name} ${shape}`
    const known = this.#moved.get(key)
    if (known) return known.name
    const spec =
      shape.length === 1
        ? ({ type: 'flatten' } as Layer)
        : reshape(shape as readonly [number, number, number])
    const made = this.add(spec, [layer.name], shape)
    this.#moved.set(key, made)
    return made.name
  }

  /** A value whose axes have the order of memory: its numbers are moved if they have not, unless that would move samples. */
  inOrder(value: Value): Value {
    const [batch, ...dims] = value.memory as [Dim, ...Dim[]]
    if (value.ordered || value.batchAxis < 0) return value
    const order = value.axes.flat().filter((dim) => dim !== batch)
    // Dimensions that stay side by side move as one.
    const groups: Dim[][] = []
    for (const dim of order) {
      const last = groups.at(-1)
      if (last && dims.indexOf(dim) === dims.indexOf(last.at(-1)!) + 1) last.push(dim)
      else groups.push([dim])
    }
    if (groups.length > 3) return value
    const before = groups.toSorted(([a], [b]) => dims.indexOf(a!) - dims.indexOf(b!))
    const sizes = (all: readonly Dim[][]) => all.map((group) => size(group.map((dim) => dim.size)))
    const axes = groups.map((group) => before.indexOf(group))
    const from = this.read(value.source, sizes(before))
    const key = `${from} by ${axes}`
    const made = this.#moved.get(key) ?? this.add(permute(axes as [number, number]), [from], sizes(groups))
    this.#moved.set(key, made)
    return new Value(new Source(() => made), [batch, ...order], value.axes)
  }

  /** A value of its own from a layer that is added at once. */
  layer(
    layer: Layer,
    from: readonly string[],
    shape: readonly number[],
    weights?: Weights,
    name?: string,
  ): Source {
    const made = this.add(layer, from, shape, weights, name)
    return new Source(() => made)
  }
}

/** Whether a layer is another one with the same options and weights. */
function isSame(owner: { layer: Layer; weights: Weights }, layer: Layer, weights: Weights): boolean {
  const same = ([part, { data }]: [string, Tensor]) =>
    owner.weights[part]?.data.length === data.length &&
    data.every((n, i) => n === owner.weights[part]!.data[i])
  return JSON.stringify(owner.layer) === JSON.stringify(layer) && Object.entries(weights).every(same)
}

/** The shape of a sample that any layer takes: of more than three axes only their product. */
export function plain(value: Value): readonly number[] {
  const { sample } = value
  return sample.length === 0 ? [1] : sample.length <= 3 ? sample : [size(sample)]
}

/** A constant as weights, in another shape. */
export function tensor(constant: Constant, shape: readonly number[] = constant.shape): Tensor {
  return { data: new Float32Array(constant.values), shape }
}

/** The name of a layer whose weights have this name: `conv1` of `conv1.weight`. */
export function stem(name: string): string {
  const match = /^(.+?)[._/](weight|kernel|W|w|bias)(_.*)?$/.exec(name)
  return match ? match[1]! : ''
}

/** The numbers of each channel, if all numbers of a channel are equal. */
export function channelwise(numbers: Float64Array, channels: number): Float64Array | undefined {
  const plane = numbers.length / channels
  const first = Float64Array.from({ length: channels }, (_, c) => numbers[c * plane]!)
  return numbers.every((n, i) => n === first[Math.floor(i / plane)]) ? first : undefined
}
