// The processes of a job.
import type { Dataset } from '../data/dataset'
import { isDataset } from '../data/isDataset'
import { HebbError, isUserError } from '../errors'
import { refuse } from '../options'
import type { Bytes } from '../tensor'
import type { Feed } from '../training/feed'
import { type FitOptions, isRun } from '../training/options'
import type { Ranks } from '../training/ranks'
import type { Trainable } from '../training/trainable'
import type { Guard } from './guard'
import type { Mpi } from './mpi'
import { share } from './pairwiseSum'
import { partsOf, Reduction } from './reduction'
import { sharedFeed } from './sharedFeed'

/** A process of a job, which knows the others. */
export interface Job {
  mpi: Mpi
  guard: Guard
}

/** This process among those of its job, as {@link distributed} gives it. What it does, all ranks must do in the same order. */
export class Distributed implements Ranks {
  static get name() {
    return 'Distributed'
  }
  readonly rank: number
  readonly size: number
  /** Into how many micro-shards each minibatch is cut. */
  readonly shards: number
  /** How gradients are summed: as a tree in the order of the micro-shards, or as the library likes. */
  readonly reduce: 'ordered' | 'fast'
  readonly #job: Job | undefined
  /** Of the last {@link allReduce}; the next one often has as many values. */
  #sum: Reduction | undefined
  #closed = false
  #trains = false

  /** @internal Without a job it is alone. */
  constructor(job: Job | undefined, shards: number, reduce: 'ordered' | 'fast') {
    this.#job = job
    this.rank = job?.mpi.rank ?? 0
    this.size = job?.mpi.size ?? 1
    this.shards = shards
    this.reduce = reduce
  }

  /** This rank's part of a data set: samples side by side. `fit` needs all samples on each rank, and cuts minibatches itself. */
  async shard(data: Dataset): Promise<Dataset> {
    if (!isDataset(data)) refuse('shard', 'data', 'a data set', data)
    const { from, to } = share(data.samples, this.rank, this.size)
    if (from === to) {
      throw new HebbError('data', `${data.samples} samples have no part for each of ${this.size} ranks`)
    }
    return data.subset(Uint32Array.from({ length: to - from }, (_, i) => from + i))
  }

  /** Replaces values by those of rank 0, in place. All ranks must give the same number. */
  async broadcast(values: Float32Array | Uint8Array): Promise<void> {
    if (!(values instanceof Float32Array || values instanceof Uint8Array))
      refuse('broadcast', 'values', 'a Float32Array or a Uint8Array', values)
    const job = this.#open()
    if (!job) return
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    await this.#sameLength('broadcast', bytes.length)
    await job.guard.call('broadcast', () => job.mpi.broadcast(bytes))
  }

  /** Replaces values by their sums over all ranks, in place; the same bits on all. All ranks must give the same number. */
  async allReduce(values: Float32Array): Promise<void> {
    if (!(values instanceof Float32Array)) refuse('allReduce', 'values', 'a Float32Array', values)
    const job = this.#open()
    if (!job) return
    await this.#sameLength('allReduce', values.length)
    if (this.reduce === 'fast') return job.guard.call('allReduce', () => job.mpi.allReduce(values))
    if (this.#sum?.length !== values.length) {
      this.#sum = new Reduction(job.mpi, job.guard, values.length, this.size)
    }
    await this.#sum.sum(values, values, 'allReduce')
  }

  /** Resolves when all ranks have called it. */
  async barrier(): Promise<void> {
    const job = this.#open()
    await job?.guard.call('barrier', () => job.mpi.barrier())
  }

  /**
   * Ends MPI, when all ranks have called it; a process whose program has ended does so by itself. A process that ends in another way
   * before ends the whole job.
   */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    if (!this.#job) return
    const { mpi, guard } = this.#job
    await guard.call('the end', () => mpi.barrier())
    guard.close()
    guard.block(() => mpi.finalize())
  }

  /** @internal */
  optionsOf(options: FitOptions): FitOptions {
    if (this.rank === 0) return options
    const { checkpoint, ...others } = options
    return { ...others, ...(isRun(checkpoint) && { checkpoint }), progress: false }
  }

  /** @internal */
  join(network: Trainable, feed: Feed, options: FitOptions): Promise<Feed> {
    const job = this.#open()
    if (this.#trains) throw new HebbError('option', 'fit: distributed: ranks share one training at a time')
    return sharedFeed(this, job, network, feed, options)
  }

  /** @internal */
  async fromFirst(read: () => Promise<Bytes | undefined>): Promise<Bytes | undefined> {
    const job = this.#open()
    if (!job) return read()
    let own: Uint8Array | undefined
    let failed: HebbError | undefined
    try {
      own = this.rank === 0 ? await read() : undefined
    } catch (error) {
      failed = error as HebbError
    }
    const [first] = await this.texts('the checkpoint', { length: own?.length ?? -1, ...told(failed) })
    const { length, code, message } = first!
    if (message) throw failed ?? new HebbError(code!, `rank 0: ${message}`)
    if (length === -1) return undefined
    const bytes = new Uint8Array(length)
    if (own) bytes.set(own)
    await job.guard.call('the checkpoint', () => job.mpi.broadcast(bytes))
    return bytes
  }

  /** @internal What each rank says, as JSON. */
  async texts<T>(what: string, own: T): Promise<T[]> {
    const job = this.#open()
    if (!job) return [own]
    const { mpi, guard } = job
    const bytes = new TextEncoder().encode(JSON.stringify(own))
    const lengths = new Int32Array(this.size)
    const each = partsOf(this.size, () => 4)
    const length = new Uint8Array(Int32Array.of(bytes.length).buffer)
    await guard.call(what, () => mpi.gather(length, new Uint8Array(lengths.buffer), each))
    const parts = partsOf(this.size, (rank) => lengths[rank]!)
    const all = new Uint8Array(lengths.reduce((sum, one) => sum + one, 0))
    await guard.call(what, () => mpi.gather(bytes, all, parts))
    return Array.from(lengths, (count, rank) => {
      const from = parts.starts[rank]!
      return JSON.parse(new TextDecoder().decode(all.subarray(from, from + count)))
    })
  }

  /**
   * @internal Throws on all ranks unless they say the same; `fields` are by names for the message.
   */
  async agree(what: string, fields: Record<string, unknown>): Promise<void> {
    const all = await this.texts(what, fields)
    for (const [rank, other] of all.entries()) {
      const name = Object.keys(all[0]!).find((key) => text(other[key]) !== text(all[0]![key]))
      if (name === undefined) continue
      const [theirs, first] = difference(text(other[name]), text(all[0]![name]))
      throw new HebbError(
        'option',
        `${what}: rank ${rank} has another ${name} than rank 0: ${theirs}, not ${first}. All ranks must run the same program on the same samples`,
      )
    }
  }

  /**
   * @internal Throws the same error on all ranks if one failed, that of the `culprit` if there is one; what failed in the program,
   * as it is where it did.
   */
  async endIfOneFailed(what: string, own: unknown, culprit?: number): Promise<void> {
    const said = own === undefined || isUserError(own) ? own : new HebbError('engine', String(own))
    const all = await this.texts(what, told(said))
    const failed = all.map(({ message }) => message !== undefined)
    const rank = culprit !== undefined && failed[culprit] ? culprit : failed.indexOf(true)
    if (own !== said || rank === this.rank) throw own
    if (rank === -1) return
    const { code, message } = all[rank]!
    throw new HebbError(code!, `rank ${rank}: ${message}`)
  }

  async #sameLength(what: string, length: number): Promise<void> {
    const { mpi, guard } = this.#open()!
    const [own, all] = [Float64Array.of(length), new Float64Array(this.size)]
    const bytes = ({ buffer }: Float64Array) => new Uint8Array(buffer)
    const each = partsOf(this.size, () => 8)
    await guard.call(what, () => mpi.gather(bytes(own), bytes(all), each))
    // It says which.
    if (all.some((one) => one !== length)) await this.agree(what, { length })
  }

  /** The job, of which it may be no part any more. */
  #open(): Job | undefined {
    if (this.#closed) throw new HebbError('disposed', 'this job was closed')
    return this.#job
  }
}

const text = (value: unknown) => JSON.stringify(value) ?? 'nothing'

/** Where two texts differ. */
function difference(a: string, b: string): [string, string] {
  const at = [...a].findIndex((letter, i) => letter !== b[i])
  const from = Math.max(0, (at === -1 ? a.length : at) - 30)
  const part = (all: string) =>
    `${from > 0 ? '…' : ''}${all.slice(from, from + 60)}${all.length > from + 60 ? '…' : ''}`
  return [part(a), part(b)]
}

/** An error as ranks tell it each other. */
function told(error: HebbError | undefined): Partial<Pick<HebbError, 'code' | 'message'>> {
  return error ? { code: error.code, message: error.message } : {}
}
