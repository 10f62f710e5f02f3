// The feed of a training that several ranks share: each computes its micro-shards of each minibatch, and all make the same step.
import { VERSION } from '../engine/protocol'
import { HebbError } from '../errors'
import { isFullBatch } from '../optimizers/fullBatch'
import type { Feed } from '../training/feed'
import type { FitOptions } from '../training/options'
import type { Trainable } from '../training/trainable'
import type { Distributed, Job } from './ranks'
import { Steps } from './steps'

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
      steps = new Steps(ranks, job, engine, started.id, network.description)
      return started
    },
    advance: (_engine, _id, callbacks) => steps!.advance(callbacks),
    async together(close) {
      let failure: unknown
      const done = await close().catch((error) => {
        failure = error
      })
      await ranks.endIfOneFailed('the end of an epoch', failure)
      return done!
    },
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
