// A core's WebAssembly instance and pool, of which a thread has one for its whole life.
import { HebbError } from '../../errors'
import { createMemory, fill } from '../memory'
import type { Failure, LocalCore, StartMessage } from '../protocol'

/** Whether this is the core of `hebb/edge`, whose memory is not shared; the build says so. */
declare const HEBB_EDGE: boolean

/** What the glue of every artifact exports, besides its models. */
export interface Glue {
  initSync(start: { module: WebAssembly.Module; memory: WebAssembly.Memory }): unknown
  initThreadPool(threads: number): Promise<unknown>
  startThreads(threads: number): void
  reserve(bytes: number): boolean
  wbg_rayon_start_worker(pool: number): void
}

interface PoolBuilder {
  receiver(): number
  build(): void
  free(): void
}

/**
 * Updates this thread's view of the size of the shared memory. V8 may report growth by another thread late or never, and
 * accesses to the new part are then out of bounds: a thread that starts while others do would trap.
 */
function refresh(memory: WebAssembly.Memory): void {
  memory.grow(0)
}

/** Makes the calling worker a thread of the pool, and calls `joined` before; never returns. */
export function joinPool(glue: Glue, { module, memory, pool }: StartMessage, joined: () => void): void {
  refresh(memory!)
  glue.initSync({ module, memory: memory! })
  joined()
  glue.wbg_rayon_start_worker(pool!)
}

/** The core's errors for users, `{ code, message }`, as a HebbError; any other error unchanged. */
export function toHebbError(error: unknown): unknown {
  if (error instanceof Error) return error
  const { code, message } = error as Failure
  return new HebbError(code, message)
}

type Methods = Record<string, (...args: readonly unknown[]) => unknown>

/** The base of both cores: their methods are called by name. */
export abstract class Instance implements LocalCore {
  readonly #glue: Glue
  readonly #memory: WebAssembly.Memory
  #pool: PoolBuilder | undefined

  protected constructor(glue: Glue, { module, memory, maxMemory, fixed }: StartMessage) {
    this.#glue = glue
    this.#memory = (!HEBB_EDGE && memory) || createMemory(maxMemory, false, !HEBB_EDGE).memory
    refresh(this.#memory)
    glue.initSync({ module, memory: this.#memory })
    if (fixed) fill(this.#memory, fixed, glue.reserve)
  }

  /** Prepares a pool for so many threads, this one among them; returns its address, which the others need to join. */
  preparePool(threads: number): number {
    // No promise: what our startWorkers returns.
    this.#pool = this.#glue.initThreadPool(threads - 1) as unknown as PoolBuilder
    return this.#pool.receiver()
  }

  startPool(threads: number): void {
    this.#pool!.build()
    this.#pool!.free()
    this.#glue.startThreads(threads)
  }

  async call(method: string, args: readonly unknown[], report: (event: unknown) => void): Promise<unknown> {
    // A thread that started since took memory for its stack.
    refresh(this.#memory)
    try {
      return await (this as unknown as Methods)[method]!(...args, report)
    } catch (error) {
      throw toHebbError(error)
    }
  }

  /** Bytes of WebAssembly memory. */
  protected get wasm(): number {
    return this.#memory.buffer.byteLength
  }
}
