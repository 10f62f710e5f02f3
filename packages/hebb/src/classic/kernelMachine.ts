// What kernel machines have in common: f(x) = Σ αᵢK(x, xᵢ) + b, held by the engine, and what is made of its values.

import type { Dataset } from '../data/dataset'
import { isDataset } from '../data/isDataset'
import type { ClassicMethods, KernelReport } from '../engine/classicProtocol'
import type { Engine } from '../engine/engine'
import { classicEngine } from '../engine/engines'
import { Handle } from '../engine/handle'
import { HebbError, toJson } from '../errors'
import { saveFile } from '../interop/saveFile'
import { writeSafetensors } from '../interop/writeSafetensors'
import { checkWhole, isTexts, refuse } from '../options'
import { type Bytes, type Input, isNumbers, toDoubles } from '../tensor'
import { type Kernel, toKernel } from './kernels'
import { classesOf, fromDataset, range, toSamples } from './samples'

/** @internal What the engine holds of a kernel machine, in training or trained. */
export class Held extends Handle<ClassicMethods> {
  override readonly kind = 'kernel machine'
  constructor(owner: Engine<ClassicMethods>, id: number) {
    super(owner, id, (engine, id) => engine.ask('disposeKernel', [id]))
  }
}

/** Classes by number, or by names in the order of their numbers. */
export type Classes = number | readonly string[]

export interface KernelFitOptions {
  /** Is called with the part that is done, from 0 to 1, at most 20 times per second. */
  onProgress?: (part: number) => void
}

/** @internal */
export function toClasses(who: string, classes: unknown): Classes {
  if (!isTexts(classes)) return checkWhole(who, 'classes', classes, 2)
  if (classes.length >= 2 && new Set(classes).size === classes.length) return [...classes]
  return refuse(who, 'classes', 'a number, or a list of at least two different names', classes)
}

/** Samples of a request for values: its message has some megabytes. */
const SAMPLES_PER_REQUEST = 2048

/** The base of {@link KernelPerceptron}, {@link KernelRidge} and {@link Nystrom}. */
export abstract class KernelMachine {
  readonly inputs: number
  readonly kernel: Kernel
  /** The classes or their names; undefined if targets are values. */
  readonly classes: Classes | undefined
  /** σ of a radial basis kernel, known after training. */
  sigma: number | undefined
  #held: Held | undefined
  #disposed = false
  /** Values per sample in the engine: targets, or units of a perceptron. */
  #outputs = 0

  /** @internal */
  abstract readonly who: string

  /** @internal */
  constructor(who: string, inputs: unknown, kernel: unknown, classes: unknown) {
    this.inputs = checkWhole(who, 'inputs', inputs, 1)
    toKernel(who, kernel)
    this.kernel = { ...(kernel as Kernel) }
    this.classes = classes === undefined ? undefined : toClasses(who, classes)
  }

  /**
   * f(x) of each sample of `[N, inputs]` or of a data set, `[N, outputs]`: for classes one value for each, the largest of which
   * is the answer, but for the two classes of a perceptron one, which is at least 0 for the second class.
   */
  async values(x: Input | Dataset): Promise<{ data: Float64Array; shape: readonly [number, number] }> {
    const { data, shape } = await this.#values(x)
    return { data, shape }
  }

  async #values(x: Input | Dataset) {
    const { engine: owner, id } = this.trained()
    const all = isDataset(x) ? undefined : toSamples(this.who, x, this.inputs)
    const count = all ? all.samples : (x as Dataset).samples
    const data = new Float64Array(count * this.#outputs)
    const classes: (Uint32Array | undefined)[] = []
    for (let at = 0; at < count; at += SAMPLES_PER_REQUEST) {
      const end = Math.min(count, at + SAMPLES_PER_REQUEST)
      const part = all
        ? { data: all.data.slice(at * this.inputs, end * this.inputs), classes: undefined }
        : await fromDataset(this.who, x as Dataset, this.inputs, range(at, end))
      classes.push(part.classes)
      data.set(await owner.ask('kernelValues', [id, part.data], [part.data.buffer]), at * this.#outputs)
    }
    return { data, shape: [count, this.#outputs] as const, classes, single: all?.single ?? false }
  }

  /**
   * The answer to one sample `[inputs]`, or to each of `[N, inputs]` or of a data set: a number, a list of several outputs, or
   * the class as in `classes`.
   */
  async predict(x: Input | Dataset): Promise<Answer | Answer[]> {
    const { data, shape, single } = await this.#values(x)
    const answers = Array.from({ length: shape[0] }, (_, i) =>
      this.#answer(data.subarray(i * this.#outputs, (i + 1) * this.#outputs)),
    )
    return single ? answers[0]! : answers
  }

  /** The fraction of right answers if there are classes, else the mean squared error. */
  async evaluate(x: Dataset): Promise<{ accuracy?: number; error?: number }>
  async evaluate(
    x: Input,
    t: Input | ArrayLike<number> | readonly string[],
  ): Promise<{ accuracy?: number; error?: number }>
  async evaluate(x: Input | Dataset, t?: unknown): Promise<{ accuracy?: number; error?: number }> {
    const { data, shape, classes: parts } = await this.#values(x)
    const [samples, outputs] = shape
    if (this.classes !== undefined) {
      const given = isDataset(x) ? parts.flatMap((part) => Array.from(classesOf(this.who, part))) : t
      const right = this.toClassNumbers(given, samples).filter(
        (class_, i) => this.#chosen(data.subarray(i * outputs, (i + 1) * outputs)) === class_,
      )
      return { accuracy: right.length / samples }
    }
    const targets = this.toValues(t, samples)
    if (targets.length !== data.length) {
      throw new HebbError('shape', `${this.who}: ${targets.length} targets for ${data.length} outputs`)
    }
    return { error: data.reduce((sum, y, i) => sum + (y - targets[i]!) ** 2, 0) / data.length }
  }

  /** The samples in the sum, `[points, inputs]`, α of each output, `[outputs, points]`, and b of each output. */
  async parameters(): Promise<{ points: Float64Array; alphas: Float64Array; biases: Float64Array }> {
    const { engine: owner, id } = this.trained()
    return owner.ask('kernelParameters', [id])
  }

  /** The trained machine as the bytes of a safetensors file, which `loadKernelMachine` reads. */
  async toBytes(): Promise<Bytes> {
    const { points, alphas, biases } = await this.parameters()
    const { inputs, kernel, classes, sigma } = this
    const count = points.length / inputs
    const tensors = [
      { name: 'points', shape: [count, inputs], data: points },
      { name: 'alphas', shape: [biases.length, count], data: alphas },
      { name: 'biases', shape: [biases.length], data: biases },
    ]
    const own = sigma === undefined ? kernel : { ...kernel, sigma }
    const options = { inputs, kernel: own, ...(classes === undefined ? {} : { classes }) }
    const machine = JSON.stringify({ version: 1, type: this.who, options })
    return writeSafetensors({ tensors, metadata: { machine } })
  }

  /** Writes {@link toBytes} to a file, in Node. An existing file is replaced atomically. */
  save(path: string | URL): Promise<void> {
    return saveFile('kernel machine', path, () => this.toBytes())
  }

  /** Frees its memory in the engine. Calling it again does nothing. */
  dispose(): void {
    this.#disposed = true
    this.#held?.dispose()
  }

  [Symbol.dispose](): void {
    this.dispose()
  }

  /** @internal The number of classes. */
  get count(): number {
    return typeof this.classes === 'number' ? this.classes : (this.classes?.length ?? 0)
  }

  /** @internal The kernel for the engine. */
  get spec(): object {
    return toKernel(this.who, this.kernel)
  }

  /** @internal */
  json(options: Record<string, unknown>): string {
    return toJson(this.who, { inputs: this.inputs, ...options })
  }

  /** @internal The engine; throws if this was disposed of. */
  async owner(): Promise<Engine<ClassicMethods>> {
    this.#alive()
    return classicEngine()
  }

  /** @internal Takes what the engine holds. */
  keep(held: Held, { sigma, warning }: Pick<KernelReport, 'sigma' | 'warning'>, outputs: number): void {
    this.#held?.dispose()
    this.#held = held
    this.#outputs = outputs
    this.sigma = sigma
    if (warning) console.warn(`hebb: ${warning}`)
    // It was disposed of meanwhile.
    if (this.#disposed) held.dispose()
  }

  /** @internal What the engine holds; throws if nothing is learnt. */
  trained(): Held {
    this.#alive()
    if (this.#held) return this.#held
    throw new HebbError('data', `this ${this.who} is not trained yet: call fit()`)
  }

  /** @internal Class numbers, from numbers or names. */
  toClassNumbers(t: unknown, samples: number): Uint32Array {
    const { who, classes, count } = this
    const list = isNumbers(t) || Array.isArray(t) ? Array.from(t as ArrayLike<unknown>) : undefined
    if (!list) throw new HebbError('data', `${who}: give a class for each sample`)
    if (list.length !== samples)
      throw new HebbError('shape', `${who}: ${list.length} targets for ${samples} samples`)
    return Uint32Array.from(list, (value, i) => {
      const number = typeof value === 'string' && isTexts(classes) ? classes.indexOf(value) : value
      if (Number.isInteger(number) && (number as number) >= 0 && (number as number) < count)
        return number as number
      const names = isTexts(classes) ? ` or ${classes.join(', ')}` : ''
      throw new HebbError(
        'data',
        `${who}: targets must be class numbers 0 to ${count - 1}${names}, sample ${i} has ${String(value)}`,
      )
    })
  }

  /** @internal Targets `[N]` or `[N, outputs]`. */
  toValues(t: unknown, samples: number): Float64Array {
    const { data, shape } = toDoubles((isNumbers(t) ? { data: t, shape: [t.length] } : t) as Input)
    if (shape[0] === samples) return data
    throw new HebbError('shape', `${this.who}: ${shape[0]} targets for ${samples} samples`)
  }

  /** @internal 1 for the class of a sample, −1 for the others. */
  signs(classes: Uint32Array): Float64Array {
    const signs = new Float64Array(classes.length * this.count).fill(-1)
    for (let i = 0; i < classes.length; i++) signs[i * this.count + classes[i]!] = 1
    return signs
  }

  #alive(): void {
    if (this.#disposed) throw new HebbError('disposed', 'this kernel machine has been disposed of')
  }

  #chosen(values: Float64Array): number {
    if (values.length === 1) return values[0]! >= 0 ? 1 : 0
    return values.reduce((best, value, k) => (value > values[best]! ? k : best), 0)
  }

  #answer(values: Float64Array): Answer {
    if (this.classes !== undefined) {
      const chosen = this.#chosen(values)
      return isTexts(this.classes) ? this.classes[chosen]! : chosen
    }
    return values.length === 1 ? values[0]! : Array.from(values)
  }
}

/** A value, several values, or the name of a class. */
export type Answer = number | number[] | string
