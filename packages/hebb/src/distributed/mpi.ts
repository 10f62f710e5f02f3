// MPI's functions, called by koffi. Those that wait for other ranks run on a thread of koffi's.
import { HebbError } from '../errors'
import type { Family, Foreign, Library } from './library'

/** The tag of messages that say that a rank waits. */
const WAITS = 4242

const GATHER = ['void *', 'int', 'handle', 'void *', 'void *', 'void *', 'handle', 'handle']

/** Numbers of elements for each rank, and where they begin. */
export interface Parts {
  counts: Int32Array
  starts: Int32Array
}

export class Mpi {
  readonly rank: number
  readonly size: number
  readonly family: Family
  /** Whether several threads may call at once. */
  readonly multiple: boolean
  readonly #library: Library
  readonly #functions = new Map<string, Foreign>()
  /** A communicator for messages besides the collective calls. */
  readonly #aside: unknown
  /** What nonblocking sends read. */
  readonly #sent: Int32Array[] = []
  /** What the waiting call reads and writes: only C knows that it does. */
  readonly #inUse = new Set<readonly unknown[]>()

  /** Starts MPI, which a process can only once. */
  constructor(library: Library, family: Family) {
    this.#library = library
    this.family = family
    const { world, multiple } = family
    const level = new Int32Array(1)
    this.#call('MPI_Init_thread', ['void *', 'void *', 'int', 'void *'], [null, null, multiple, level])
    this.multiple = level[0]! >= multiple
    const ask = (name: string) => {
      const value = new Int32Array(1)
      this.#call(name, ['handle', 'void *'], [world, value])
      return value[0]!
    }
    this.rank = ask('MPI_Comm_rank')
    this.size = ask('MPI_Comm_size')
    const made = new BigUint64Array(1)
    this.#call('MPI_Comm_dup', ['handle', 'void *'], [world, made])
    this.#aside = family.handle === 'int' ? Number(made[0]! & 0xffffffffn) | 0 : made[0]!
  }

  /** Sends part q of `from` to rank q, and receives part r of `to` from rank r. */
  async exchange(from: Float32Array, sent: Parts, to: Float32Array, received: Parts): Promise<void> {
    const { float, world } = this.family
    await this.#wait(
      'MPI_Alltoallv',
      ['void *', 'void *', 'void *', 'handle', 'void *', 'void *', 'void *', 'handle', 'handle'],
      [from, sent.counts, sent.starts, float, to, received.counts, received.starts, float, world],
    )
  }

  /** Sends `from` to all ranks, and receives part r of `to` from rank r. */
  async gather(from: Uint8Array, to: Uint8Array, { counts, starts }: Parts): Promise<void> {
    const { byte, world } = this.family
    const args = [from, from.length, byte, to, counts, starts, byte, world]
    await this.#wait('MPI_Allgatherv', GATHER, args)
  }

  /** Sends this rank's part of `values` to all ranks, and receives theirs. */
  async gatherInPlace(values: Float32Array, { counts, starts }: Parts): Promise<void> {
    const { float, world, inPlace } = this.family
    await this.#wait('MPI_Allgatherv', GATHER, [inPlace, 0, float, values, counts, starts, float, world])
  }

  /** Sums the values of all ranks, in whatever order the library chooses. */
  async allReduce(values: Float32Array): Promise<void> {
    const { float, sum, world, inPlace } = this.family
    await this.#wait(
      'MPI_Allreduce',
      ['void *', 'void *', 'int', 'handle', 'handle', 'handle'],
      [inPlace, values, values.length, float, sum, world],
    )
  }

  /** Copies the bytes of rank 0 to those of all ranks. */
  async broadcast(bytes: Uint8Array): Promise<void> {
    const { byte, world } = this.family
    await this.#wait(
      'MPI_Bcast',
      ['void *', 'int', 'handle', 'int', 'handle'],
      [bytes, bytes.length, byte, 0, world],
    )
  }

  async barrier(): Promise<void> {
    await this.#wait('MPI_Barrier', ['handle'], [this.family.world])
  }

  /** Tells all other ranks that this one waits in a call with this number. Needs `multiple`. */
  sayWaiting(call: number): void {
    const value = Int32Array.of(call)
    this.#sent.push(value)
    const request = new BigUint64Array(1)
    for (let to = 0; to < this.size; to++) {
      if (to === this.rank) continue
      this.#call(
        'MPI_Isend',
        ['void *', 'int', 'handle', 'int', 'int', 'handle', 'void *'],
        [value, 4, this.family.byte, to, WAITS, this.#aside, request],
      )
      this.#call('MPI_Request_free', ['void *'], [request])
    }
  }

  /** The number of the last call in which each rank has said that it waits. */
  hearWaiting(): number[] {
    return Array.from({ length: this.size }, (_, from) => {
      let last = 0
      while (from !== this.rank && this.#arrived(from)) {
        const value = new Int32Array(1)
        this.#call(
          'MPI_Recv',
          ['void *', 'int', 'handle', 'int', 'int', 'handle', 'void *'],
          [value, 4, this.family.byte, from, WAITS, this.#aside, new Uint8Array(256)],
        )
        last = value[0]!
      }
      return last
    })
  }

  #arrived(from: number): boolean {
    const flag = new Int32Array(1)
    this.#call(
      'MPI_Iprobe',
      ['int', 'int', 'handle', 'void *', 'void *'],
      [from, WAITS, this.#aside, flag, new Uint8Array(256)],
    )
    return flag[0] !== 0
  }

  /** Ends the whole job with a code. */
  abort(code: number): void {
    this.#call('MPI_Abort', ['handle', 'int'], [this.family.world, code])
  }

  finalize(): void {
    this.#call('MPI_Finalize', [], [])
  }

  #function(name: string, types: readonly string[]): Foreign {
    let found = this.#functions.get(name)
    if (!found) {
      const { handle } = this.family
      const parameters = types.map((type) => (type === 'handle' ? handle : type))
      found = this.#library.func(name, 'int', parameters)
      this.#functions.set(name, found)
    }
    return found
  }

  #call(name: string, types: readonly string[], args: readonly unknown[]): void {
    check(name, this.#function(name, types)(...args))
  }

  #wait(name: string, types: readonly string[], args: readonly unknown[]): Promise<void> {
    this.#inUse.add(args)
    return new Promise((resolve, reject) => {
      this.#function(name, types).async(...args, (error, code) => {
        this.#inUse.delete(args)
        if (error) return reject(error)
        try {
          check(name, code)
          resolve()
        } catch (wrong) {
          reject(wrong)
        }
      })
    })
  }
}

function check(name: string, code: number): void {
  if (code !== 0) throw new HebbError('engine', `${name} failed with code ${code}`)
}
