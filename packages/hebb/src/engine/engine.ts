// The calling thread's side of the engine: it starts and supervises the workers and carries requests.
//
//   caller            mailbox              engine's worker          pool (threads − 1 workers)
//     │  StartMessage ────────────────────────▶│                         │
//     │◀──────────── reply to id 0, the pool's address                   │
//     │  StartMessage with that address ────────────────────────────────▶│
//     │◀─────────────────────────────────────────────── replies to id 0  │
//     │  ask startPool, after all of them ────▶│ build ─────────────────▶│
//     │  ask: message { id, method, args } ───▶│ core.call ── regions ──▶│
//     │◀──────── event, …, then value or error │                         │
//     │  predict ────▶│ ASKED ────────────────▶│ core.predictSync ──────▶│
//     │◀──────── DONE │◀───────────────────────│                         │
//
// States: starting ── reply to id 0 ──▶ running ── a worker dies, the core traps, shutdown() ──▶ lost. If a start fails, the
// engine goes from starting to lost with the code `engine`, else with `engineLost`. A lost engine never recovers: the next
// call starts another.
//
// Order: requests are served in the order of the calls. Messages keep their order by themselves; a prediction goes through
// the mailbox only if no request is pending, and the worker serves the mailbox before each message.
import { HebbError, isUserError } from '../errors'
import { checkName, checkWhole } from '../options'
import { hasRelaxed, load } from './artifact'
import type { Kind } from './kinds'
import { Mailbox } from './mailbox'
import { createMemory, isFixed } from './memory'
import type { Place } from './places'
import { hasWorkers, isolated, parallelism } from './platform'
import {
  type CoreMethods,
  type Failure,
  type LocalCore,
  type NetworkMethods,
  type Reply,
  type Request,
  type Simd,
  type StartMessage,
  VERSION,
} from './protocol'
import { loadCore, type Port, startWorker } from './spawn'

/** What the smallest network needs, and what WebAssembly can address. */
const MIN_MEMORY_BYTES = 16 * 2 ** 20
const MAX_MEMORY_BYTES = 4 * 2 ** 30

/** The most threads; the core's pool has slots for no more. */
const MAX_THREADS = 128

const AFTERWARDS = 'are gone. The next call starts a new engine: make or load them again'

/** The places of an engine's files: URLs, also relative to the page, or in Node paths. Default: beside this package's files. */
export interface Places {
  /** The place of the WebAssembly file, its bytes, or what the host has compiled of it. */
  wasm?: string | URL | BufferSource | WebAssembly.Module
  /** The place of the workers' file. */
  worker?: string | URL
}

/** `wasm` and `worker` (copies of `dist/hebb-relaxed.wasm` or `hebb-simd128.wasm`, and `dist/worker.js`) are of networks. */
export interface InitOptions extends Places {
  /** Threads that compute, at most 128. Default: as many as the machine runs in parallel, up to 16. */
  threads?: number
  /** Default: `relaxed` if the host has it, else `simd128`. */
  simd?: Simd
  /** The most bytes of memory. Default 4 GiB, on WebKit and in Bun before 1.4 1 GiB, less if the host refuses that. */
  maxMemory?: number
  /** Where the engine runs: in its own worker (default), or in the calling thread without others. */
  thread?: 'worker' | 'here'
  /** The places of the classical models' files: copies of `dist/hebb-classic.wasm` and `dist/classic-worker.js`. */
  classic?: Places
  /** The place or the bytes of the decoder of image files: a copy of `dist/hebb-images.wasm`. */
  images?: string | URL | BufferSource
  /** Milliseconds after which a start has failed. Default 30,000. */
  timeout?: number
}

/** What {@link init} reports. */
export interface EngineInfo {
  threads: number
  simd: Simd
  /** Whether threads can share memory here. */
  isolated: boolean
  /** Bytes; undefined if the engine made the memory itself. */
  maxMemory: number | undefined
  /** Why the engine has less than it could have; empty if it has everything. */
  reason: string
}

interface Pending {
  resolve(value: never): void
  reject(error: Failure): void
  event: ((event: never) => void) | undefined
}

type Result<M, K extends keyof M> = M[K] extends (...args: never[]) => infer R ? Awaited<R> : never
/** The arguments in the message: a report comes back as events. */
type Arguments<M, K extends keyof M> = M[K] extends (...args: infer A) => unknown
  ? A extends [...infer B, (event: never) => void]
    ? B
    : A
  : never

/** An engine that serves the requests `M`. */
export class Engine<M extends CoreMethods = NetworkMethods> {
  readonly info: EngineInfo
  readonly #kind: Kind<M>
  /** The reason, if the engine is lost. */
  lost: HebbError | undefined
  /** The memory that all its threads share with this one; undefined if the engine made its own. */
  memory: WebAssembly.Memory | undefined
  /** Resolves when all threads compute; until then the engine's worker computes alone. */
  pool: Promise<void> = Promise.resolve()
  readonly #pending = new Map<number, Pending>()
  #workers: Port[] = []
  #here: LocalCore | undefined
  #mailbox: Mailbox | undefined
  #started = false
  #next = 1

  private constructor(kind: Kind<M>, info: EngineInfo) {
    this.#kind = kind
    this.info = info
  }

  static async start<M extends CoreMethods>(kind: Kind<M>, options: InitOptions): Promise<Engine<M>> {
    const alone = !hasWorkers()
    const here =
      checkName('init', 'thread', options.thread ?? 'worker', ['worker', 'here']) === 'here' || alone
    const asked = options.threads ?? Math.min(parallelism(), 16)
    const wanted = here ? 1 : checkWhole('init', 'threads', asked, 1, MAX_THREADS)
    const timeout = checkWhole('init', 'timeout', options.timeout ?? 30_000, 1)
    const shared = isolated()
    const threads = shared ? wanted : 1
    const relaxed = hasRelaxed()
    const simd = checkName('init', 'simd', options.simd ?? (relaxed ? 'relaxed' : 'simd128'), [
      'relaxed',
      'simd128',
    ])
    if (simd === 'relaxed' && !relaxed) {
      throw new HebbError('engine', "this engine has no relaxed-simd: use simd: 'simd128', or Node 22")
    }
    const reasons = []
    if (alone && !options.thread) reasons.push('one thread: there are no workers here')
    else if (threads < wanted)
      reasons.push('one thread: no cross-origin isolation (COOP and COEP headers; Bun: from 1.2.6 on)')
    // Without threads most of the speed is lost, and nothing else would show it.
    if (reasons[0]) console.warn(`hebb: ${reasons[0]}`)
    if (!relaxed) reasons.push('no relaxed-simd in this engine')
    const { wasm, worker = kind.worker } = kind.places(options)
    const module = await load(wasm, () => kind.wasm(simd))
    const { maxMemory } = options
    if (maxMemory !== undefined)
      checkWhole('init', 'maxMemory', maxMemory, MIN_MEMORY_BYTES, MAX_MEMORY_BYTES)
    const fixed = threads > 1 && isFixed()
    const memory = shared ? createMemory(maxMemory, fixed) : undefined
    const info = { threads, simd, isolated: shared, maxMemory: memory?.bytes, reason: reasons.join('; ') }
    const engine = new Engine(kind, info)
    engine.memory = memory?.memory
    if (kind.mailbox && !here && shared && 'waitAsync' in Atomics) engine.#mailbox = new Mailbox()
    const mailbox = engine.#mailbox?.memory
    const start: StartMessage = {
      id: 0,
      version: VERSION,
      module,
      memory: memory?.memory,
      maxMemory,
      fixed: fixed ? memory?.bytes : undefined,
      threads,
      pool: undefined,
      mailbox,
    }
    if (here) await engine.#startHere(start, worker)
    else await engine.#startWorkers(start, worker, timeout)
    engine.#started = true
    return engine
  }

  async #startHere(start: StartMessage, file: Place): Promise<void> {
    try {
      this.#here = new (await loadCore(this.#kind.name, file))(start)
    } catch (error) {
      throw this.refused(error)
    }
  }

  async #startWorkers(start: StartMessage, file: Place, timeout: number): Promise<void> {
    const late = setTimeout(
      () =>
        this.end(this.#started ? 'engineLost' : 'engine', `the engine did not start within ${timeout} ms`),
      timeout,
    )
    try {
      const pool = await this.#startWorker(start, file)
      if (pool !== undefined) this.pool = this.#startPool({ ...start, pool }, file)
    } finally {
      this.pool.catch(() => {}).finally(() => clearTimeout(late))
    }
  }

  /** Starts the workers of the other threads, and the pool after all have joined. */
  async #startPool(start: StartMessage, file: Place): Promise<void> {
    const { threads } = start
    // Each in its own turn of the event loop, which many would delay.
    const join = async (_: unknown, i: number) => {
      await new Promise((resolve) => setTimeout(resolve, i))
      await this.#startWorker({ ...start, id: -1 - i }, file)
    }
    await Promise.all(Array.from({ length: threads - 1 }, join))
    await (this as unknown as Engine<CoreMethods>).ask('startPool', [threads])
  }

  /** Starts a worker: the engine's, or thread 1 − id. Resolves with its reply. */
  async #startWorker(start: StartMessage, file: Place): Promise<number | undefined> {
    if (this.lost) throw this.lost
    const { id } = start
    const died = (why: string) =>
      this.#died(id ? `thread ${1 - id} of the engine` : "the engine's worker", why)
    return this.#answer(id, () => {
      try {
        const worker = startWorker(file, (message) => this.#receive(message as Reply), died)
        this.#workers.push(worker)
        worker.post(start)
        if (id) worker.keepAlive(false)
      } catch (error) {
        died((error as Error).message)
      }
    })
  }

  /** Sends a request; rejects with `engineLost` if the engine dies before the reply. */
  async ask<K extends keyof M & string>(
    method: K,
    args: Arguments<M, K>,
    transfer?: Transferable[],
    event?: (event: never) => void,
  ): Promise<Result<M, K>> {
    if (this.lost) throw this.lost
    const id = this.#next++
    const post = () => {
      if (this.#here) return this.#askHere(this.#here, { id, method, args })
      this.#workers[0]!.post({ id, method, args }, transfer)
    }
    return this.#answer<Result<M, K>>(id, post, event)
  }

  /** Sends a request by `post` and resolves with the reply. */
  async #answer<T>(id: number, post: () => void, event?: (event: never) => void): Promise<T> {
    try {
      return await new Promise<T>((resolve, reject) => {
        this.#pending.set(id, { resolve, reject, event })
        if (this.#pending.size === 1) this.#workers[0]?.keepAlive(true)
        post()
      })
    } catch (error) {
      // What could not be sent, arrays of more than 4 GiB, is no longer pending.
      this.#receive({ id, value: 0 })
      const { code, message } = error as Failure
      // The stack of an error made here leads to the caller, not to a worker's message. The code of a DOMException is a number.
      throw new HebbError(+code ? 'memory' : code, message)
    }
  }

  /** As `ask('predict', …)`, but through the mailbox if possible; x is read synchronously. */
  async predict(
    this: Engine<NetworkMethods>,
    network: number,
    x: Float32Array | Uint8Array,
    carried = 0,
  ): Promise<Float32Array> {
    // Pending messages come first.
    if (!this.lost && this.#pending.size === 0) {
      const id = this.#next++
      const answer = this.#mailbox?.ask({ id, network, x, carried })
      if (answer) {
        return this.#answer(id, () => {
          answer.then((value) => value && this.#receive({ id, value }))
        })
      }
    }
    const own = x.slice()
    return this.ask('predict', [network, own, carried], [own.buffer])
  }

  /** The core, if it runs in the calling thread. */
  get here(): LocalCore {
    if (this.lost) throw this.lost
    if (this.#here) return this.#here
    throw new HebbError('option', "predictSync needs init({ thread: 'here' }); otherwise call predict")
  }

  /** The error for what a core in the calling thread threw: the user's error, or the loss of the engine. */
  refused(error: unknown): HebbError {
    if (isUserError(error)) return new HebbError(error.code, error.message)
    this.#died('the engine', String(error))
    return this.lost!
  }

  /** Serves a request in the calling thread, as a worker would. */
  #askHere(core: LocalCore, { id, method, args }: Request): void {
    core
      .call(method, args, (event) => this.#receive({ id, event }))
      .then(
        (value) => this.#receive({ id, value }),
        (error) => this.#receive(isUserError(error) ? { id, error } : { lost: String(error) }),
      )
  }

  #died(who: string, why: string) {
    const failed = `${who} died (${why})`
    if (this.#started) this.end('engineLost', `${failed}: its ${this.#kind.holds} ${AFTERWARDS}`)
    else this.end('engine', `the engine did not start: ${failed}`)
  }

  #receive(reply: Reply) {
    if ('lost' in reply) return this.#died('the engine', reply.lost)
    const pending = this.#pending.get(reply.id)
    if (!pending) return
    if ('event' in reply) {
      pending.event?.(reply.event as never)
      return
    }
    this.#pending.delete(reply.id)
    if (this.#pending.size === 0) this.#workers[0]?.keepAlive(false)
    if ('error' in reply) pending.reject(reply.error)
    else pending.resolve(reply.value as never)
  }

  /** Ends all workers and rejects all pending requests. */
  end(code: 'engine' | 'engineLost', why: string) {
    if (this.lost) return
    this.lost = new HebbError(code, why)
    for (const worker of this.#workers) worker.terminate()
    for (const { reject } of this.#pending.values()) reject(this.lost)
    this.#pending.clear()
    this.#here = undefined
  }
}
