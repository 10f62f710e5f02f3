// A stream of samples in the calling thread as the source of minibatches.
import { minibatches, type SampleStream } from '../data/streams/minibatches'
import type { Engine } from '../engine/engine'
import type { EpochAnswer, EpochEnds, FitStart } from '../engine/protocol'
import { checkWhole } from '../options'
import type { Feed, Place, Spec } from './feed'
import type { FitOptions } from './options'
import type { Trainable } from './trainable'

/** Minibatches that the engine has not answered: it trains on one, and one waits. */
const MAX_UNANSWERED_BATCHES = 2

const DEFAULT_SHUFFLE_BUFFER = 1024

/** The feed of a stream. */
export class StreamFeed implements Feed {
  readonly samples: number | undefined
  readonly whole = false
  readonly made
  readonly #network: Trainable
  readonly #stream: SampleStream
  readonly #steps: number | undefined
  readonly #buffer: number
  #spec: Spec | undefined

  constructor(network: Trainable, stream: SampleStream, options: FitOptions & { batchSize: number }) {
    const { stepsPerEpoch, shuffle = true, shuffleBuffer = DEFAULT_SHUFFLE_BUFFER } = options
    this.#network = network
    this.#stream = stream
    if (stepsPerEpoch !== undefined) checkWhole('fit', 'stepsPerEpoch', stepsPerEpoch, 1)
    this.#steps = stepsPerEpoch
    this.samples = stepsPerEpoch && stepsPerEpoch * options.batchSize
    this.#buffer = shuffle ? checkWhole('fit', 'shuffleBuffer', shuffleBuffer, 1) : 1
    this.made = { stepsPerEpoch, shuffleBuffer: this.#buffer }
  }

  batches(): number | undefined {
    return this.#steps
  }

  start(engine: Engine, spec: Spec, options: string, ends: EpochEnds): Promise<FitStart> {
    this.#spec = spec
    return engine.ask('fitStartStream', [this.#network.id, this.#steps, options, ends])
  }

  async epoch(
    engine: Engine,
    id: number,
    place: Place,
    train: () => Promise<EpochAnswer>,
    halt: () => void,
  ): Promise<EpochAnswer> {
    const over = new AbortController()
    const training = train()
    let failed: { error: unknown } | undefined
    const feeding = this.#feed(engine, id, place, over.signal).catch((error) => {
      // After an abort an error of the source no longer matters.
      if (over.signal.aborted) return
      failed = { error }
      halt()
    })
    let answer: EpochAnswer
    try {
      answer = await training
    } finally {
      over.abort()
      await feeding
    }
    if (failed) throw failed.error
    return answer
  }

  /** Sends the minibatches of one pass to the engine, then ends the epoch. */
  async #feed(engine: Engine, id: number, { pass, skip }: Place, signal: AbortSignal): Promise<void> {
    const { batchSize, seed } = this.#spec!
    // The next block is fetched while the engine trains on this one.
    const prefetch = Math.max(batchSize, this.#buffer)
    const options = {
      batchSize,
      shuffleBuffer: this.#buffer,
      seed,
      epoch: pass,
      prefetch,
      joins: this.#network.description.across,
      steps: this.#steps,
    }
    const onTheWay: Promise<void>[] = []
    let steps = 0
    try {
      for await (const batch of minibatches('fit', this.#stream, options, this.#network.expects, signal)) {
        if (steps < skip) {
          steps++
          continue
        }
        const { x, t, numbers } = batch
        const targets = t && 'shape' in t ? t.data : t!
        const transfer = [x.data.buffer, targets.buffer] as ArrayBuffer[]
        const shape = Uint32Array.from(x.shape.slice(1))
        const fed = engine.ask('fitFeed', [id, shape, x.data, targets, numbers], transfer)
        // The promise is awaited below, possibly after it has rejected.
        fed.catch(() => {})
        onTheWay.push(fed)
        if (onTheWay.length === MAX_UNANSWERED_BATCHES) await onTheWay.shift()
        if (++steps === this.#steps || signal.aborted) break
      }
    } finally {
      // Minibatches that came before an error of the source are trained.
      await Promise.all(onTheWay)
    }
    if (!signal.aborted) await engine.ask('fitEndEpoch', [id])
  }
}
