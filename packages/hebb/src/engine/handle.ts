// The base of networks, data sets and memories: a number in the engine, and its disposal.
import { HebbError } from '../errors'
import type { Engine } from './engine'
import type { CoreMethods, NetworkMethods } from './protocol'

/** Frees handles that were garbage-collected without dispose(). */
const finalizers = new FinalizationRegistry<() => void>((free) => free())

type Dispose<M extends CoreMethods> = (engine: Engine<M>, id: number) => Promise<void>

/** Asks the engine to free a number. Not made in the constructor: what knows the handle would keep it from being garbage. */
const freeing =
  <M extends CoreMethods>(engine: Engine<M>, id: number, dispose: Dispose<M>) =>
  () => {
    if (!engine.lost) dispose(engine, id).catch(() => {})
  }

export abstract class Handle<M extends CoreMethods = NetworkMethods> {
  readonly #engine: Engine<M>
  readonly #free: () => void
  #disposed = false
  /** @internal */
  readonly id: number

  protected constructor(engine: Engine<M>, id: number, dispose: Dispose<M>) {
    this.#engine = engine
    this.id = id
    this.#free = freeing(engine, id, dispose)
    finalizers.register(this, this.#free, this)
  }

  /** @internal The engine; throws if it died or this was disposed of. */
  get engine(): Engine<M> {
    if (this.#disposed) throw new HebbError('disposed', `this ${this.kind} has been disposed of`)
    if (this.#engine.lost) throw this.#engine.lost
    return this.#engine
  }

  /** @internal */
  abstract readonly kind: string

  /** Frees its memory. Calling it again does nothing. */
  dispose(): void {
    if (this.#disposed) return
    this.#disposed = true
    finalizers.unregister(this)
    this.#free()
  }

  [Symbol.dispose](): void {
    this.dispose()
  }
}
