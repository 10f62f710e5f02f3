// A layer of Keras as its translator sees it: what it reads, its options, its weights, and refusals.
import { shown } from '../../errors'
import { type Layer, shared } from '../../layers'
import { equal, type Tensor } from '../../tensor'
import { damaged } from '../file/damaged'
import { isObject, type KerasLayer } from '../file/layer'
import type { Part, Store } from '../file/store'
import { type Builder, hebbShape, type Value } from './value'

/** Why a layer cannot be translated. */
export class Unsupported extends Error {}

/** Adds a layer of Keras to the network. */
export type Translator = (view: LayerView) => Value

/** The layers with weights that a layer of Keras became, which later calls share in the same order. */
export interface Owners {
  names: string[]
  /** Which is the next to be shared; undefined in the first call. */
  next?: number
}

export class LayerView {
  constructor(
    readonly layer: KerasLayer,
    readonly inputs: readonly Value[],
    readonly network: Builder,
    readonly store: Store,
    /** Keras's version, or TensorFlow.js's. */
    readonly version: string,
    readonly owners: Owners,
    readonly part?: Part,
  ) {}

  get name(): string {
    return this.layer.name
  }

  /** Refuses the layer; `why` follows its name. */
  fail(why: string): never {
    throw new Unsupported(why)
  }

  /** The one value that it reads. */
  value(): Value {
    if (this.inputs.length !== 1) this.fail(`reads ${this.inputs.length} values`)
    return this.inputs[0]!
  }

  /** An option; what the file has as null is missing. */
  option(key: string): unknown {
    return Object.hasOwn(this.layer.config, key) ? (this.layer.config[key] ?? undefined) : undefined
  }

  number(key: string, otherwise?: number): number {
    const value = this.option(key) ?? otherwise
    return typeof value === 'number' && Number.isFinite(value) ? value : this.wrong(key)
  }

  /** A whole number of at least 1. */
  count(key: string): number {
    const value = this.number(key)
    return Number.isSafeInteger(value) && value > 0 ? value : this.wrong(key)
  }

  flag(key: string, otherwise = false): boolean {
    const value = this.option(key) ?? otherwise
    return typeof value === 'boolean' ? value : this.wrong(key)
  }

  text(key: string, otherwise: string): string {
    const value = this.option(key) ?? otherwise
    return typeof value === 'string' ? value : this.wrong(key)
  }

  /** One number of at least 1 for each axis; a single one is that of all. */
  counts(key: string, axes: number, otherwise?: unknown): number[] {
    const value = this.option(key) ?? otherwise
    const list = Array.isArray(value) ? value : Array(axes).fill(value)
    const ok = list.length === axes && list.every((n) => Number.isSafeInteger(n) && n > 0)
    return ok ? list : this.wrong(key)
  }

  /** Refuses a layer for what an option is. */
  wrong(key: string): never {
    return this.fail(`with ${key} ${shown(this.option(key))}`)
  }

  /** Refuses another value of an option than its default. */
  only(key: string, value: string | number | boolean): void {
    const own = this.option(key)
    if (own !== undefined && own !== value) this.wrong(key)
  }

  /** The layer within this one. */
  inner(part: Part, key = 'layer'): LayerView {
    const given = this.option(key)
    const { class_name: kind, config } = isObject(given) ? given : {}
    if (typeof kind !== 'string' || !isObject(config)) return this.fail('has no layer within')
    const layer = { ...this.layer, kind, config }
    return new LayerView(layer, this.inputs, this.network, this.store, this.version, this.owners, part)
  }

  /** Its weights by name, which must have these shapes; the names come in Keras's order. */
  weights<Kind extends string>(
    shapes: Readonly<Partial<Record<Kind, readonly number[]>>>,
    cell = false,
    part: Part | undefined = this.part,
  ): Record<Kind, Tensor> {
    const kinds = Object.keys(shapes) as Kind[]
    const found = this.store(this.layer, kinds, { part, cell })
    const all = kinds.map((kind, at) => {
      const wanted = shapes[kind]!
      const own = found[at] ?? damaged(`the weights "${kind}" of the layer ${this.name} are missing`)
      if (!equal(own.shape, wanted))
        damaged(`the weights "${kind}" of the layer ${this.name} are [${own.shape}], not [${wanted}]`)
      return [kind, own] as const
    })
    return Object.fromEntries(all) as Record<Kind, Tensor>
  }

  /** Adds a layer with this one's name, after those before it. */
  add(
    layer: Layer,
    value: Omit<Value, 'name'>,
    weights: Readonly<Record<string, Tensor>> = {},
    from: readonly string[] = this.inputs.map(({ name }) => name),
  ): Value {
    const { name } = this
    const own = this.owners.next === undefined ? this.network.first(name) : this.network.fresh(name)
    return { ...value, name: this.#put(layer, from, own, weights) }
  }

  /** Adds a layer before this one. */
  before(layer: Layer, from: string, weights: Readonly<Record<string, Tensor>> = {}): string {
    return this.#put(layer, [from], this.network.fresh(`${this.name}_${layer.type}`), weights)
  }

  /** Adds a layer, or in a later call one that shares its weights. */
  #put(
    layer: Layer,
    from: readonly string[],
    name: string,
    weights: Readonly<Record<string, Tensor>>,
  ): string {
    const { names, next } = this.owners
    if (Object.keys(weights).length === 0) return this.network.add(layer, from, name)
    if (next === undefined) {
      names.push(name)
      return this.network.add(layer, from, name, weights)
    }
    this.owners.next = next + 1
    return this.network.add(shared(names[next]!), from, name)
  }

  /** Whether a value is one number for each channel, wherever it is. */
  static isSinglePlace(value: Value): boolean {
    const [, height, width] = hebbShape(value)
    return value.form !== 'planes' || height! * width! === 1
  }
}
