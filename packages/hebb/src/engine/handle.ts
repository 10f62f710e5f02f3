// The base of networks, data sets and memories: a number in the engine, and its disposal.
import { HebbError } from '../errors'
import type { Engine } from './engine'

type Ending = { engine: Engine; method: 'disposeNetwork' | 'disposeDataset' | 'disposeMemory'; id: number }

/** Frees handles that were garbage-collected without dispose(). */
const finalizers = new FinalizationRegistry<Ending>(({ engine, method, id }) => {
  if (!engine.lost) engine.ask(method, [id]).catch(() => {})
})

export abstract class Handle {
  readonly #engine: Engine
  readonly #ending: Ending
  #disposed = false

  protected constructor(engine: Engine, method: Ending['method'], id: number) {
    this.#engine = engine
    this.#ending = { engine, method, id }
    finalizers.register(this, this.#ending, this)
  }

  /** @internal The engine; throws if it died or this was disposed of. */
  get engine(): Engine {
    if (this.#disposed) throw new HebbError('disposed', `this ${this.kind} has been disposed of`)
    if (this.#engine.lost) throw this.#engine.lost
    return this.#engine
  }

  /** @internal */
  get id(): number {
    return this.#ending.id
  }

  /** @internal */
  abstract readonly kind: string

  /** Frees its memory. Calling it again does nothing. */
  dispose(): void {
    if (this.#disposed) return
    this.#disposed = true
    finalizers.unregister(this)
    if (!this.#engine.lost) this.#engine.ask(this.#ending.method, [this.id]).catch(() => {})
  }

  [Symbol.dispose](): void {
    this.dispose()
  }
}
