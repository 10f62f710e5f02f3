// The feed of a training that several ranks share: each computes its micro-shards of each minibatch, and all make the same step.
import type { Engine } from '../engine/engine'
import { type EpochAnswer, VERSION } from '../engine/protocol'
import { HebbError, isUserError } from '../errors'
import { isFullBatch } from '../optimizers/fullBatch'
import type { EpochCallbacks, Feed } from '../training/feed'
import type { FitOptions } from '../training/options'
import type { Trainable } from '../training/trainable'
import { share } from './pairwiseSum'
import { type Distributed, type Job, told } from './ranks'
import { partsOf, Reduction } from './reduction'

/** The time between two reports within an epoch. */
const REPORT_INTERVAL_MS = 50

/** What a rank says of its part of a step. */
const STATE = { trains: 0, stopped: 1, failed: 2 }

/** Addresses before the outcomes. */
const PLACES = 2

/** Numbers of an outcome. */
const OUTCOME = 4

/** Refuses what cannot be shared, on all ranks alike; what is compared first decides which calls the ranks make. */
export async function sharedFeed(
  ranks: Distributed,
  job: Job | undefined,
  network: Trainable,
  feed: Feed,
  options: FitOptions,
): Promise<Feed> {
  if (!feed.whole || options.truncated) {
    const what = feed.whole ? 'truncated sequences' : 'a stream'
    throw new HebbError(
      'option',
      `fit: distributed: ${what} cannot be cut into micro-shards: give a data set that each rank has whole`,
    )
  }
  const { resume, checkpoint } = options
  await ranks.agree('fit: distributed', {
    version: VERSION,
    simd: network.engine.info.simd,
    shards: ranks.shards,
    reduce: ranks.reduce,
    ...named('network', network.spec),
    ...feed.made,
    resume: resume !== undefined && resume !== false,
    'checkpoint.path': typeof checkpoint === 'object' && checkpoint !== null,
  })
  let steps: Steps | undefined
  return {
    ...feed,
    made: { ...feed.made, shards: ranks.shards },
    async start(engine, spec, written, ends) {
      if (isFullBatch(spec.optimizer)) {
        throw new HebbError(
          'option',
          `fit: distributed: ${spec.optimizer.type} takes all samples at once: use sgd, adam, …`,
        )
      }
      const { patience, until, selection } = options
      await ranks.agree('fit: distributed', { ...spec, patience, until, selection: selection !== undefined })
      await shareWeights(ranks, network)
      const started = await feed.start(engine, spec, written, ends)
      steps = new Steps(ranks, job, engine, started.id, network.description.tensors)
      return started
    },
    advance: (_engine, _id, callbacks) => steps!.advance(callbacks),
  }
}

/** The fields of an object, with a name before theirs. */
function named(name: string, fields: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [`${name}.${key}`, value]))
}

/** Gives all ranks the weights of rank 0, and its optimizer's state. */
async function shareWeights(ranks: Distributed, network: Trainable): Promise<void> {
  if (ranks.size === 1) return
  const { engine, id } = network
  const { parameters, state, values = new Float32Array() } = await engine.ask('checkpoint', [id])
  const [first] = await ranks.texts('the weights', { state, length: values.length })
  const { state: text, length } = first!
  const own = ranks.rank === 0 ? values : new Float32Array(length)
  await ranks.broadcast(parameters)
  if (length > 0) await ranks.broadcast(own)
  if (ranks.rank === 0) return
  await engine.ask('setParameters', [id, parameters])
  if (text !== undefined) await engine.ask('setOptimizerState', [id, text, own])
}

/** The steps of a training. */
class Steps {
  readonly #ranks: Distributed
  readonly #job: Job | undefined
  readonly #engine: Engine
  readonly #id: number
  /** Values of a gradient. */
  readonly #length: number
  readonly #sum: Reduction | undefined
  /** Steps so far, for messages. */
  #done = 0

  constructor(
    ranks: Distributed,
    job: Job | undefined,
    engine: Engine,
    id: number,
    tensors: Trainable['description']['tensors'],
  ) {
    this.#ranks = ranks
    this.#job = job
    this.#engine = engine
    this.#id = id
    this.#length = tensors.reduce((sum, { size, trained }) => sum + (trained ? size : 0), 0)
    this.#sum = job && new Reduction(job.mpi, job.guard, this.#length, ranks.shards)
  }

  /** As the engine's `fitEpoch`. */
  async advance({ tell, every, batches, failure }: EpochCallbacks): Promise<EpochAnswer> {
    const start = performance.now()
    let reported = start
    for (let trained = 1; ; trained++) {
      if (await this.#compute(failure)) this.#done++
      const answer = await this.#engine.ask('fitEpoch', [this.#id, every, 1], undefined, tell)
      const now = performance.now()
      if (answer.ended || answer.stopped || trained === batches) {
        return { ...answer, seconds: (now - start) / 1000 }
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
    const { rank, size, shards } = this.#ranks
    const { from, to } = share(shards, rank, size)
    let answer: Float64Array | undefined
    let failure: unknown
    try {
      answer = await this.#engine.ask('fitShards', [this.#id, shards, from, to])
      failure = thrown()
    } catch (error) {
      if (!isUserError(error)) throw error
      failure = error
    }
    const state = failure !== undefined ? STATE.failed : answer ? STATE.trains : STATE.stopped
    const { worst, outcomes } = await this.#outcomes(state, answer?.slice(PLACES))
    if (worst === STATE.failed) await this.#fail(failure)
    if (worst === STATE.stopped) {
      if (answer) await this.#engine.ask('fitStop', [this.#id])
      return false
    }
    await this.#add(answer![0]!, answer![1]!)
    await this.#engine.ask('fitComplete', [this.#id, outcomes])
    return true
  }

  /** The outcomes of all micro-shards, and the state of the rank that is worst off. */
  async #outcomes(state: number, own: Float64Array | undefined) {
    const { rank, size, shards } = this.#ranks
    if (!this.#job) return { worst: state, outcomes: own ?? new Float64Array() }
    const { mpi, guard } = this.#job
    const count = (one: number) => {
      const { from, to } = share(shards, one, size)
      return 1 + OUTCOME * (to - from)
    }
    const parts = partsOf(size, (one) => 8 * count(one))
    const mine = new Float64Array(count(rank))
    mine[0] = state
    if (own) mine.set(own, 1)
    const all = new Float64Array(size + OUTCOME * shards)
    const bytes = (values: Float64Array) => new Uint8Array(values.buffer)
    await guard.call(this.#now, () => mpi.gather(bytes(mine), bytes(all), parts))
    const starts = Array.from(parts.starts, (start) => start / 8)
    const outcomes = new Float64Array(OUTCOME * shards)
    let at = 0
    for (const [one, start] of starts.entries()) {
      const part = all.subarray(start + 1, start + count(one))
      outcomes.set(part, at)
      at += part.length
    }
    return { worst: Math.max(...starts.map((start) => all[start]!)), outcomes }
  }

  /** Throws the same error on all ranks; what a callback threw, as it is where it did. */
  async #fail(own: unknown): Promise<never> {
    const said = own === undefined || isUserError(own) ? own : new HebbError('engine', String(own))
    const all = await this.#ranks.texts(this.#now, told(said))
    if (own !== said) throw own
    const rank = all.findIndex(({ message }) => message !== undefined)
    const { code, message } = all[rank]!
    throw new HebbError(code!, this.#ranks.size > 1 ? `rank ${rank}: ${message}` : message!)
  }

  /** Adds the sums of all ranks, where the engine has them. */
  async #add(from: number, to: number): Promise<void> {
    const { memory } = this.#engine
    // This thread may not have seen yet that the memory grew.
    memory!.grow(0)
    const { reduce } = this.#ranks
    const sums = new Float32Array(memory!.buffer, from, (this.#sum?.own ?? 1) * this.#length)
    const gradient = new Float32Array(memory!.buffer, to, this.#length)
    if (!this.#sum) gradient.set(sums)
    else if (reduce === 'fast') await this.#sum.sumFast(sums, gradient, this.#now)
    else await this.#sum.sum(sums, gradient, this.#now)
  }

  get #now(): string {
    return `step ${this.#done + 1}`
  }
}
