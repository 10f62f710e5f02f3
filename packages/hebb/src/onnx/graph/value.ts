// Values that a network computes. ONNX moves dimensions about where Hebb's layers have one layout, so a value remembers how the
// axes of ONNX lie in Hebb's memory: transposing and reshaping are changes of this view, and compute nothing.
import type { Symbolic, Term } from '../../expression'
import type { Activation } from '../../layers'
import { size } from '../../tensor'

/**
 * The size of the batch in shapes. It is a prime above all sizes that occur, so that it survives what exporters compute with
 * shapes, and is recognised in the result.
 */
export const BATCH = 1_000_003

/** A dimension of a value in memory, without those of size 1. */
export interface Dim {
  readonly size: number
}

/** A layer of the network: its name and the shape of its output for one sample. */
export interface Emitted {
  name: string
  shape: readonly number[]
}

/** What computes a value: a layer, which is added to the network when it is first read. */
export class Source {
  #emitted: Emitted | undefined
  readonly #emit: () => Emitted
  /** The same with numbers added to a sample, if it has no bias yet and they are one. */
  readonly biased: ((numbers: Float64Array) => Source | undefined) | undefined
  /** The same with an activation, if it has none yet. */
  readonly activated: ((activation: Activation) => Source) | undefined
  /** Of a layer with weights for each unit: those from the first on, as a layer; and where in memory their dimension is. */
  readonly units: { at: number; part: (first: number, count: number) => Source } | undefined

  constructor(emit: () => Emitted, more: Pick<Partial<Source>, 'biased' | 'activated' | 'units'> = {}) {
    this.#emit = emit
    this.biased = more.biased
    this.activated = more.activated
    this.units = more.units
  }

  get layer(): Emitted {
    this.#emitted ??= this.#emit()
    return this.#emitted
  }
}

/** A formula of the values of another source, which is not yet a layer. */
export interface Formula {
  base: Source
  f: (x: Symbolic) => Term
  /** The operations in it. */
  length: number
  /** Its name, if it is a usual activation. */
  activation?: Activation | undefined
  /** Whether the base computes it too, because nothing else reads the base. */
  fused: boolean
}

export class Value {
  constructor(
    readonly source: Source,
    /** The batch, then the dimensions of a sample, in the order of memory. */
    readonly memory: readonly Dim[],
    /** For each axis of ONNX the dimensions that it consists of. */
    readonly axes: readonly (readonly Dim[])[],
    /** Whether only one node reads it, and its source, so that the two may be one layer. */
    readonly sole = false,
    readonly formula?: Formula,
    /** If it consists of a recurrent layer's states: their dimension of time, and the last state with these axes. */
    readonly last?: { time: Dim; value: (axes: readonly (readonly Dim[])[]) => Value },
  ) {}

  /** ONNX's shape, with {@link BATCH}. */
  get shape(): number[] {
    return this.axes.map((axis) => size(axis.map((dim) => dim.size)))
  }

  /** The axis that is the batch; -1 if the batch is a part of an axis. */
  get batchAxis(): number {
    return this.axes.findIndex((axis) => axis.length === 1 && axis[0] === this.memory[0])
  }

  /** The sizes of all axes but the batch's. */
  get sample(): number[] {
    const { shape, batchAxis } = this
    return shape.filter((_, axis) => axis !== batchAxis)
  }

  /** Whether the axes without the batch have the order of memory. */
  get ordered(): boolean {
    const order = this.axes.flat().filter((dim) => dim !== this.memory[0])
    return order.every((dim, at) => dim === this.memory[at + 1])
  }

  /** The same view of another value in the same layout. */
  of(source: Source, formula?: Formula): Value {
    return new Value(source, this.memory, this.axes, false, formula)
  }

  /** The same value with other axes. */
  with(axes: readonly (readonly Dim[])[], memory = this.memory): Value {
    return new Value(this.source, memory, axes, false, this.formula, this.last)
  }

  /** The same value, of which is known how many nodes read it. */
  read(sole: boolean): Value {
    return new Value(this.source, this.memory, this.axes, sole, this.formula, this.last)
  }

  transposed(order: readonly number[]): Value {
    return this.with(order.map((axis) => this.axes[axis]!))
  }

  /** The value in another shape; undefined if that would move numbers. */
  reshaped(shape: readonly number[]): Value | undefined {
    if (this.ordered && this.batchAxis === 0 && shape[0] === BATCH) {
      const dims = shape.slice(1).map((size) => (size > 1 ? [{ size }] : []))
      const batch = this.memory[0]!
      return this.with([[batch], ...dims], [batch, ...dims.flat()])
    }
    let memory = this.memory
    const dims = this.axes.flat()
    const axes: Dim[][] = []
    for (const wanted of shape) {
      const axis: Dim[] = []
      let left = wanted
      while (left > 1) {
        const dim = dims.shift()
        if (!dim) return undefined
        if (left % dim.size === 0) {
          axis.push(dim)
          left /= dim.size
        } else if (dim.size % left === 0 && dim !== this.memory[0]) {
          const [first, rest] = [{ size: left }, { size: dim.size / left }]
          memory = memory.flatMap((one) => (one === dim ? [first, rest] : [one]))
          axis.push(first)
          dims.unshift(rest)
          left = 1
        } else return undefined
      }
      axes.push(axis)
    }
    return dims.length === 0 ? this.with(axes, memory) : undefined
  }

  /** Whether another value has the same shape and lies in memory in the same way. */
  like(other: Value): boolean {
    return JSON.stringify(this.places) === JSON.stringify(other.places)
  }

  /** For each axis the stride and size of its dimensions, of which those that follow each other are one. */
  private get places(): [stride: number, size: number][][] {
    let numbers = 1
    const strides = new Map<Dim, number>()
    for (const dim of this.memory.toReversed()) {
      strides.set(dim, numbers)
      numbers *= dim.size
    }
    return this.axes.map((axis) => {
      const places: [number, number][] = []
      for (const dim of axis) {
        const [stride, last] = [strides.get(dim)!, places.at(-1)]
        if (last?.[0] === stride * dim.size) places.splice(-1, 1, [stride, last[1] * dim.size])
        else places.push([stride, dim.size])
      }
      return places
    })
  }
}

/** A value whose axes have the order of memory; the batch is the axis `batch`. */
export function valueIn(source: Source, shape: readonly number[], batch = 0): Value {
  const dims = shape.map((size) => ({ size }))
  const wide = dims.filter((dim, axis) => axis !== batch && dim.size > 1)
  const memory = [dims[batch]!, ...wide]
  return new Value(
    source,
    memory,
    dims.map((dim) => (memory.includes(dim) ? [dim] : [])),
  )
}

/** A shape for messages. */
export function shownShape(value: Value): string {
  return value.shape.map((n, axis) => (axis === value.batchAxis ? 'N' : n)).join(', ')
}
