// Fail-stop: if a rank ends early, or does not come to a call in time, the whole job ends with an error.
import { builtin } from '../engine/platform'
import type { Koffi } from './library'
import type { Mpi } from './mpi'

/** After so long in a call a rank tells the others that it waits. */
const SLOW_MS = 1000

/** How long the end of a job may take, before a rank ends itself. */
const GRACE_S = 2

/** How long a launcher may need to pass on what a rank says; MPICH's drops the rest when the job ends. */
const PASSING_MS = 200

/** The code of a job that ended because a rank did not come. */
const LATE = 75

/** Watches over the calls of a rank, and over its end. */
export class Guard {
  /** What it watches. */
  readonly mpi: Mpi
  readonly #timeoutMs: number
  readonly #alarm: (seconds: number) => void
  /** Calls begun; all ranks make the same ones. */
  #calls = 0
  /** What the ranks were doing in the last calls that this one ended. */
  #last = 'nothing yet'
  #open = true
  /** What ended the program. */
  #error: unknown
  readonly #onError = (error: unknown) => {
    this.#error = error
  }
  readonly #onExit = (code: number) => {
    // Node would print it after this, when the job is no more.
    if (this.#error) say(`rank ${this.mpi.rank}: ${inspect(this.#error)}`)
    this.#end(code || 1)
  }
  readonly #onIdle: () => void

  /** Starts MPI. `close` ends the job in order, when the program has nothing left to do. */
  constructor(start: () => Mpi, koffi: Koffi, timeoutMs: number, close: () => void) {
    this.#timeoutMs = timeoutMs
    const libc = koffi.load(process.platform === 'darwin' ? 'libSystem.B.dylib' : 'libc.so.6', {
      global: false,
    })
    this.#alarm = libc.func('alarm', 'unsigned int', ['unsigned int'])
    this.mpi = this.block(start)
    this.#onIdle = close
    process.on('uncaughtExceptionMonitor', this.#onError)
    process.on('exit', this.#onExit)
    process.on('beforeExit', this.#onIdle)
  }

  /** Awaits a call that all ranks make; `what` says what it is for. The process lives as long as it waits. */
  async call(what: string, run: () => Promise<void>): Promise<void> {
    const call = ++this.#calls
    const slow = setTimeout(() => this.mpi.multiple && this.mpi.sayWaiting(call), SLOW_MS)
    const late = setTimeout(() => this.#late(call, what), Math.max(this.#timeoutMs, 2 * SLOW_MS))
    try {
      await run()
      this.#last = what
    } finally {
      clearTimeout(slow)
      clearTimeout(late)
    }
  }

  /** Runs a call that blocks this thread, so that no timer runs: SIGALRM ends the process if it takes too long. */
  block<T>(run: () => T): T {
    this.#alarm(Math.ceil(this.#timeoutMs / 1000))
    try {
      return run()
    } finally {
      this.#alarm(0)
    }
  }

  /** Ends the watch: the process may end as it likes. */
  close(): void {
    this.#open = false
    process.off('uncaughtExceptionMonitor', this.#onError)
    process.off('exit', this.#onExit)
    process.off('beforeExit', this.#onIdle)
  }

  /** Ends the job because the call takes too long. */
  #late(call: number, what: string): void {
    const missing = this.mpi.multiple ? this.#missing(call) : []
    const who =
      missing.length > 0
        ? `rank ${missing.join(', ')} ${missing.length > 1 ? 'have' : 'has'} not come`
        : 'a rank has not come, or the network between them is down'
    say(
      `hebb/distributed: rank ${this.mpi.rank} waited ${this.#timeoutMs / 1000} s in ${what}: ${who}; the last that all came to is ${this.#last}. ` +
        'The job ends; start it again with resume to go on from its last checkpoint',
    )
    this.#end(LATE)
  }

  /** The ranks that do not say that they wait in this call. */
  #missing(call: number): number[] {
    const { rank } = this.mpi
    return this.mpi.hearWaiting().flatMap((last, one) => (one !== rank && last < call ? [one] : []))
  }

  /** Ends all ranks, and this one in any case: the launcher may be out of reach. */
  #end(code: number): void {
    if (!this.#open) return
    this.#open = false
    this.#alarm(GRACE_S)
    this.mpi.abort(code)
    process.kill(process.pid, 'SIGKILL')
  }
}

function inspect(error: unknown): string {
  return builtin<typeof import('node:util')>('node:util')!.inspect(error)
}

/** Writes to stderr at once, and gives the launcher time to pass it on: the process is about to end. */
function say(text: string): void {
  builtin<typeof import('node:fs')>('node:fs')!.writeSync(2, `${text}\n`)
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PASSING_MS)
}
