// What Hopfield networks and dense memories have in common: patterns that are stored, and cues that recall them.

import type { ClassicMethods, MemoryStart, RecallReport } from '../engine/classicProtocol'
import type { Engine } from '../engine/engine'
import { classicEngine } from '../engine/engines'
import { Handle } from '../engine/handle'
import { HebbError, toJson } from '../errors'
import { saveFile } from '../interop/saveFile'
import { type NamedTensor, writeSafetensors } from '../interop/writeSafetensors'
import { checkFlag, checkKeys, checkName, checkWhole } from '../options'
import type { Bytes, Input } from '../tensor'
import { listener } from './listener'
import { type Doubles, toSamples } from './samples'

/** A cue `[units]`, or several `[N, units]`, in which null and NaN are unknown, and for bipolar units 0 too. */
export type Cue = Input | readonly (number | null)[] | readonly (readonly (number | null)[])[]

export interface ProgressOptions {
  /** Is called with the part that is done, from 0 to 1, at most 20 times per second. */
  onProgress?: (part: number) => void
}

export interface RecallOptions extends ProgressOptions {
  /**
   * `asynchronous` (default): one unit after another, in a random order that each pass draws anew; the energy never rises.
   * `synchronous`: all at once, which may end in a cycle of two states.
   */
  order?: 'asynchronous' | 'synchronous'
  /** The seed of the order. Default 0. */
  seed?: number
  /** The most passes over all units. Default 1000. */
  steps?: number
  /** Whether to record every update, up to 2²⁰. Default false. */
  trace?: boolean
}

/** The update of a unit. */
export interface RecallUpdate {
  /** The pass, from 1. */
  step: number
  /** From 0. */
  unit: number
  /** Its net input Σ wᵢⱼyⱼ − θᵢ; in a dense memory half the difference of the energies of its two states. */
  net: number
  /** Its non-inverting output after the update. */
  output: number
  /** Its inverting output: −y of bipolar units, 1 − y of binary ones. */
  inverting: number
  /** The energy after the update; in synchronous order after the pass. */
  energy: number
}

/** A state that no pattern has and that still is stable. */
export interface Spurious {
  /** The reverse of a pattern, the majority of several patterns or their reverses, or none of these. */
  kind: 'reversed' | 'mixture' | 'unknown'
  /** The same in words, such as `mixture of patterns 0, -3 and 4`. */
  name: string
  /** The numbers of the patterns, the most similar first. */
  patterns: readonly number[]
  /** −1 for each pattern whose reverse is in it, else 1. */
  signs: readonly number[]
}

export interface Recalled {
  /** The state at the end, in the values of the patterns. */
  state: number[]
  energy: number
  /** Passes over all units. */
  steps: number
  /** How often a unit changed. */
  changes: number
  /** Whether a pass changed nothing. */
  converged: boolean
  /** Why it ended. */
  reason: 'fixedPoint' | 'cycle' | 'steps'
  /** The other state, if synchronous updates alternate between two. */
  cycle: number[] | undefined
  /** The number of the stored pattern that the state is, but for at most a twentieth of the units. */
  pattern: number | undefined
  /**
   * The mean of s·x over the units, both bipolar, with that pattern, or with the spurious state named; from −1 to 1. With
   * `degree: 'softmax'` the weight of the pattern in the state. Undefined if no patterns are stored.
   */
  overlap: number | undefined
  /** What the state is, if patterns are stored and it is none of them. */
  spurious: Spurious | undefined
  /** The recorded updates; empty without `trace`. */
  trace: readonly RecallUpdate[]
}

/** @internal What the engine holds of a memory. */
export class Stored extends Handle<ClassicMethods> {
  override readonly kind = 'memory'
  constructor(owner: Engine<ClassicMethods>, { id, warning }: MemoryStart) {
    super(owner, id, (engine, id) => engine.ask('disposeMemory', [id]))
    if (warning) console.warn(`hebb: ${warning}`)
  }
}

/** The options of a memory, complete. */
export interface MemorySpec {
  units: number
  values: 'bipolar' | 'binary' | 'real'
  [option: string]: unknown
}

/** The base of {@link Hopfield} and {@link DenseMemory}. */
export abstract class AssociativeMemory {
  readonly units: number
  /** @internal The options in JSON, as they are saved. */
  readonly spec: MemorySpec
  #patterns: Float64Array = new Float64Array()
  #stored: Stored | undefined
  #disposed = false

  /** @internal */
  constructor(spec: MemorySpec) {
    this.units = spec.units
    this.spec = spec
  }

  /** @internal */
  abstract readonly who: 'hopfield' | 'denseMemory'

  /** The number of stored patterns. */
  get count(): number {
    return this.#patterns.length / this.units
  }

  /**
   * Stores patterns `[N, units]`, or one `[units]`, instead of those stored before. Warns if they are more than can be held.
   *
   * @throws HebbError `data`, `shape`, `option`
   */
  async store(patterns: Input, options: ProgressOptions = {}): Promise<this> {
    checkKeys(`${this.who}.store`, options, ['onProgress'])
    const report = listener(`${this.who}.store`, options)
    const { data } = toSamples(this.who, patterns, this.units)
    this.#alive()
    const owner = await classicEngine()
    const dense = this.who === 'denseMemory'
    this.keep(owner, await owner.ask('memoryStore', [dense, this.json(), data], [], report), data)
    return this
  }

  /**
   * Lets each cue fall to a stable state. Several cues `[N, units]` give as many results.
   *
   * @throws HebbError `data`, `shape`, `option`
   */
  recall(cue: readonly (number | null)[], options?: RecallOptions): Promise<Recalled>
  recall(cue: readonly (readonly (number | null)[])[], options?: RecallOptions): Promise<Recalled[]>
  recall(cue: Cue, options?: RecallOptions): Promise<Recalled | Recalled[]>
  async recall(cue: Cue, options: RecallOptions = {}): Promise<Recalled | Recalled[]> {
    const who = `${this.who}.recall`
    checkKeys(who, options, ['order', 'seed', 'steps', 'trace', 'onProgress'])
    const report = listener(who, options)
    const orders = ['asynchronous', ...(this.who === 'hopfield' ? ['synchronous'] : [])]
    const json = toJson(who, {
      order: checkName(who, 'order', options.order ?? 'asynchronous', orders),
      seed: checkWhole(who, 'seed', options.seed ?? 0, 0),
      steps: checkWhole(who, 'steps', options.steps ?? 1000, 1),
      trace: checkFlag(who, 'trace', options.trace ?? false),
    })
    const { data, single } = this.#cues(cue)
    const { engine: owner, id } = await this.stored()
    const reports = await owner.ask('memoryRecall', [id, json, data], [data.buffer], report)
    const all = reports.map((one) => this.#recalled(one))
    return single ? all[0]! : all
  }

  /** The memory as the bytes of a safetensors file, which {@link loadMemory} reads. */
  async toBytes(): Promise<Bytes> {
    const tensors = await this.tensors()
    const { units } = this
    if (this.count > 0) tensors.push({ name: 'patterns', shape: [this.count, units], data: this.#patterns })
    const memory = JSON.stringify({ version: 1, type: this.who, options: this.spec })
    return writeSafetensors({ tensors, metadata: { memory } })
  }

  /** Writes {@link toBytes} to a file, in Node. An existing file is replaced atomically. */
  save(path: string | URL): Promise<void> {
    return saveFile('memory', path, () => this.toBytes())
  }

  /** Frees its memory in the engine. Calling it again does nothing. */
  dispose(): void {
    this.#disposed = true
    this.#stored?.dispose()
  }

  [Symbol.dispose](): void {
    this.dispose()
  }

  /** @internal The tensors to save besides the patterns. */
  abstract tensors(): Promise<NamedTensor[]>

  /** @internal What the engine holds; throws if nothing is stored. */
  async stored(): Promise<Stored> {
    this.#alive()
    if (this.#stored) return this.#stored
    throw new HebbError('data', `this ${this.who} is empty: call store()`)
  }

  /** @internal Takes what the engine holds. */
  keep(owner: Engine<ClassicMethods>, start: MemoryStart, patterns: Float64Array): Stored {
    this.#stored?.dispose()
    this.#stored = new Stored(owner, start)
    this.#patterns = patterns
    // It was disposed of meanwhile.
    if (this.#disposed) this.#stored.dispose()
    return this.#stored
  }

  /** @internal The options for the engine, some of them replaced. */
  json(others: Record<string, unknown> = {}): string {
    return toJson(this.who, { ...this.spec, ...others })
  }

  /** @internal Whether the engine holds something. */
  get held(): boolean {
    return this.#stored !== undefined
  }

  #alive(): void {
    if (this.#disposed) throw new HebbError('disposed', 'this memory has been disposed of')
  }

  #cues(cue: Cue): Doubles {
    const known = (value: unknown) => (value === null ? Number.NaN : value)
    const numbers = Array.isArray(cue)
      ? cue.map((part) => (Array.isArray(part) ? part.map(known) : known(part)))
      : cue
    return toSamples(this.who, numbers as Input, this.units)
  }

  #recalled({ state, other, kind, patterns, signs, updates, reason, ...rest }: RecallReport): Recalled {
    const all = patterns.map((pattern, i) => (signs[i]! < 0 ? `-${pattern}` : `${pattern}`))
    const name =
      kind === 'mixture'
        ? `mixture of patterns ${all.slice(0, -1).join(', ')} and ${all.at(-1)}`
        : kind === 'reversed'
          ? `reverse of pattern ${patterns[0]}`
          : 'unknown'
    const { energy, steps, changes, overlap } = rest
    const binary = this.spec.values === 'binary'
    return {
      state: Array.from(state),
      energy,
      steps,
      changes,
      converged: reason === 'fixedPoint',
      reason,
      cycle: other && Array.from(other),
      pattern: kind === 'stored' ? patterns[0] : undefined,
      overlap,
      spurious: kind && kind !== 'stored' ? { kind, name, patterns, signs } : undefined,
      trace: Array.from(updates.step, (step, i) => {
        const output = updates.output[i]!
        const inverting = binary ? 1 - output : -output
        return {
          step,
          unit: updates.unit[i]!,
          net: updates.net[i]!,
          output,
          inverting,
          energy: updates.energy[i]!,
        }
      }),
    }
  }
}
