// The steps of a training that ranks share. Each computes its micro-shards, and exchanges with the others what operators across the
// batch measure, the outcomes, and the gradients; then all make the same step.
import type { Engine } from '../engine/engine'
import type { EpochAnswer } from '../engine/protocol'
import { isUserError } from '../errors'
import type { EpochCallbacks } from '../training/feed'
import type { Trainable } from '../training/trainable'
import { share } from './pairwiseSum'
import type { Distributed, Job } from './ranks'
import { partsOf, Reduction } from './reduction'

/** The time between two reports within an epoch. */
const REPORT_INTERVAL_MS = 50

/** What a rank says of its part of a step. */
const STATE = { trains: 0, stopped: 1, failed: 2 }

/** Numbers of an answer before the outcomes; all of one that waits. */
const PLACES = 2

/** Numbers of an outcome. */
const OUTCOME = 4

export class Steps {
  readonly #ranks: Distributed
  readonly #job: Job | undefined
  readonly #engine: Engine
  readonly #id: number
  /** Whether operators may wait for what other ranks measure. */
  readonly #across: boolean
  /** Values of a gradient. */
  readonly #length: number
  readonly #sum: Reduction | undefined
  /** Steps so far, for messages. */
  #done = 0
  /** The rank that was the first to measure what is not finite: after that no rank has finite values. */
  #culprit: number | undefined

  constructor(
    ranks: Distributed,
    job: Job | undefined,
    engine: Engine,
    id: number,
    { tensors, across }: Trainable['description'],
  ) {
    this.#ranks = ranks
    this.#job = job
    this.#engine = engine
    this.#id = id
    this.#across = across
    this.#length = tensors.reduce((sum, { size, trained }) => sum + (trained ? size : 0), 0)
    this.#sum = job && new Reduction(job.mpi, job.guard, this.#length, ranks.shards)
  }

  /** As the engine's `fitEpoch`. */
  async advance({ tell, every, batches, failure }: EpochCallbacks): Promise<EpochAnswer> {
    const start = performance.now()
    let reported = start
    for (let trained = 1; ; trained++) {
      const computed = await this.#compute(failure)
      if (computed) this.#done++
      const answer = await this.#engine.ask('fitEpoch', [this.#id, every, 1], undefined, tell)
      const now = performance.now()
      if (answer.ended || !computed || trained === batches) {
        // A stop after this step was computed is one before the next: by then the others know.
        return { ...answer, stopped: !computed, seconds: (now - start) / 1000 }
      }
      if (every || now - reported < REPORT_INTERVAL_MS) continue
      tell([answer.progress])
      reported = now
    }
  }

  /**
   * Computes the gradient of the next minibatch, with the other ranks; false if the training was stopped. Throws on all ranks if the
   * engine of one refuses, or if a callback of one has thrown.
   */
  async #compute(thrown: () => unknown): Promise<boolean> {
    const { shards } = this.#ranks
    const { from, to } = this.#own()
    this.#culprit = undefined
    let part = await this.#part(() => this.#engine.ask('fitShards', [this.#id, shards, from, to]), thrown)
    let worst = STATE.trains
    // If all go on, all wait at the same operators, and nothing fails before the end: what is not finite is measured, too.
    if (this.#across && this.#job) ({ worst } = await this.#gather(part.worst, 0))
    if (worst === STATE.trains) {
      while (part.answer?.length === PLACES) {
        await this.#exchange(part.answer)
        part = await this.#part(async () => this.#engine.ask('fitGoOn', [this.#id, shards]))
      }
      const all = await this.#gather(part.worst, OUTCOME, part.answer?.subarray(PLACES))
      if (all.worst === STATE.trains) {
        await this.#add(part.answer![0]!, part.answer![1]!)
        await this.#engine.ask('fitComplete', [this.#id, all.values])
        return true
      }
      worst = all.worst
    }
    if (worst === STATE.failed) await this.#ranks.endIfOneFailed(this.#now, part.failure, this.#culprit)
    if (part.answer) await this.#engine.ask('fitStop', [this.#id])
    return false
  }

  /** What the engine answers; `thrown` says what the program threw. */
  async #part(run: () => Promise<Float64Array | undefined>, thrown = (): unknown => undefined) {
    try {
      const answer = await run()
      const failure = thrown()
      const worst = failure !== undefined ? STATE.failed : answer ? STATE.trains : STATE.stopped
      return { answer, failure, worst }
    } catch (error) {
      if (!isUserError(error)) throw error
      return { answer: undefined, failure: error as unknown, worst: STATE.failed }
    }
  }

  #own(rank = this.#ranks.rank) {
    return share(this.#ranks.shards, rank, this.#ranks.size)
  }

  /** The values of all micro-shards, `width` each, and the state of the rank that is worst off. */
  async #gather(state: number, width: number, own: Float64Array = new Float64Array()) {
    if (!this.#job) return { worst: state, values: own }
    const { mpi, guard } = this.#job
    const { rank, size, shards } = this.#ranks
    const count = (one: number) => {
      const { from, to } = this.#own(one)
      return 1 + width * (to - from)
    }
    const parts = partsOf(size, (one) => 8 * count(one))
    const mine = new Float64Array(count(rank))
    mine[0] = state
    mine.set(own, 1)
    const all = new Float64Array(size + width * shards)
    await guard.call(this.#now, () => mpi.gather(bytesOf(mine), bytesOf(all), parts))
    const starts = Array.from(parts.starts, (start) => start / 8)
    const values = new Float64Array(width * shards)
    let at = 0
    for (const [one, start] of starts.entries()) {
      const part = all.subarray(start + 1, start + count(one))
      values.set(part, at)
      at += part.length
    }
    return { worst: Math.max(...starts.map((start) => all[start]!)), values }
  }

  /** Gives the engine what the others measured for the operator that waits. */
  async #exchange([at, width]: Float64Array): Promise<void> {
    const { mpi, guard } = this.#job!
    const all = new Float64Array(this.#memory(), at!, width! * this.#ranks.shards)
    const { from, to } = this.#own()
    const mine = all.slice(from * width!, to * width!)
    const parts = partsOf(this.#ranks.size, (one) => {
      const { from, to } = this.#own(one)
      return 8 * width! * (to - from)
    })
    await guard.call(this.#now, () => mpi.gather(bytesOf(mine), bytesOf(all), parts))
    const ranks = Array.from({ length: this.#ranks.size }, (_, one) => this.#own(one))
    const bad = ranks.findIndex(({ from, to }) =>
      all.subarray(from * width!, to * width!).some((value) => !Number.isFinite(value)),
    )
    if (bad !== -1) this.#culprit ??= bad
  }

  /** Adds the sums of all ranks, where the engine has them. */
  async #add(from: number, to: number): Promise<void> {
    const memory = this.#memory()
    const { reduce } = this.#ranks
    const sums = new Float32Array(memory, from, (this.#sum?.own ?? 1) * this.#length)
    const gradient = new Float32Array(memory, to, this.#length)
    if (!this.#sum) gradient.set(sums)
    else if (reduce === 'fast') await this.#sum.sumFast(sums, gradient, this.#now)
    else await this.#sum.sum(sums, gradient, this.#now)
  }

  #memory(): ArrayBufferLike {
    const { memory } = this.#engine
    // This thread may not have seen yet that the memory grew.
    memory!.grow(0)
    return memory!.buffer
  }

  get #now(): string {
    return `step ${this.#done + 1}`
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}
