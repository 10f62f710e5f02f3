// Checkpoints of a run. This file is loaded by the first run that has them.
import type { EpochAnswer, FitProgress } from '../engine/protocol'
import { HebbError, toJson } from '../errors'
import { checkKeys, checkWhole, refuse } from '../options'
import { readCheckpoint, type SavedTraining, writeCheckpoint } from './checkpointFile'
import { type CheckpointPlace, placeOf } from './checkpointPlace'
import type { Spec } from './feed'
import type { CheckpointOptions, FitOptions } from './options'
import type { Ranks } from './ranks'
import type { EpochReport, History } from './report'
import type { Trainable } from './trainable'

/** Where a run is. */
export interface Moment {
  history: Pick<History, 'epochs' | 'bestEpoch'>
  /** Minibatches of the epoch that were trained, and the time that they took. */
  batch: number
  seconds: number
  end?: EpochAnswer['end']
}

/** What a run goes on from. */
export interface Resumed extends Moment {
  history: { epochs: EpochReport[]; bestEpoch: number | undefined }
  state: Float32Array
}

/** The options of a run that a checkpoint is compared with. */
type RunOptions = Readonly<Record<string, unknown>> & Pick<Spec, 'epochs' | 'optimizer'>

/**
 * The checkpoints of a run, whose options `run` has; `wholeEpochs`: whether an epoch is a single step, of all samples; `ranks`: the
 * processes that share it, of which the first reads and writes.
 */
export function openCheckpoints(
  network: Trainable,
  checkpoint: CheckpointOptions | undefined,
  resume: FitOptions['resume'],
  run: RunOptions,
  wholeEpochs: boolean,
  ranks: Ranks | undefined,
): Checkpoints {
  const own = checkpoint && checkOptions(checkpoint)
  if (wholeEpochs && own?.every && 'batches' in own.every) {
    throw new HebbError(
      'option',
      `fit: checkpoint: every: an epoch of ${run.optimizer.type} is one step: give { epochs }`,
    )
  }
  if (resume !== undefined && typeof resume !== 'boolean' && !isPath(resume)) {
    refuse('fit', 'resume', 'true or the path of a checkpoint', resume)
  }
  if (resume === true && !own) {
    throw new HebbError('option', 'fit: resume: true goes on from checkpoint.path: give checkpoint: { path }')
  }
  const from = resume === true ? own!.path : resume || undefined
  return new Checkpoints(network, own, from, resume !== true, run, wholeEpochs, ranks)
}

const isPath = (path: unknown): path is string | URL =>
  path instanceof URL || (typeof path === 'string' && path !== '')

function checkOptions(options: CheckpointOptions): CheckpointOptions {
  const who = 'fit: checkpoint'
  checkKeys(who, options, ['path', 'every', 'keep'])
  const { path, every, keep } = options
  if (!isPath(path)) refuse(who, 'path', 'the path of a file', path)
  if (keep !== undefined) checkWhole(who, 'keep', keep, 0)
  if (every !== undefined) {
    checkKeys(`${who}: every`, every, ['epochs', 'batches'])
    const [entry, more] = Object.entries(every)
    if (!entry || more) refuse(who, 'every', '{ epochs } or { batches }', every)
    checkWhole(`${who}: every`, entry[0], entry[1], 1)
  }
  return options
}

export class Checkpoints {
  /** Minibatches between two checkpoints of an epoch. */
  readonly batches: number
  readonly #network: Trainable
  readonly #place: CheckpointPlace | undefined
  readonly #from: CheckpointPlace | undefined
  readonly #must: boolean
  readonly #every: number
  readonly #keep: number
  readonly #epochs: number
  readonly #wholeEpochs: boolean
  readonly #ranks: Ranks | undefined
  /** The options of the run, each as JSON. */
  readonly #run: Record<string, string>
  /** The place of the last checkpoint in the run. */
  #last = ''

  /** `must`: whether there must be a checkpoint to go on from. */
  constructor(
    network: Trainable,
    options: CheckpointOptions | undefined,
    from: string | URL | undefined,
    must: boolean,
    run: RunOptions,
    wholeEpochs: boolean,
    ranks: Ranks | undefined,
  ) {
    const every: { epochs?: number; batches?: number } = options?.every ?? {}
    this.batches = every.batches ?? Number.POSITIVE_INFINITY
    this.#network = network
    this.#place = options && placeOf(options.path)
    this.#from = from === undefined ? undefined : placeOf(from)
    this.#must = must
    this.#every = every.epochs ?? 1
    this.#keep = options?.keep ?? 0
    this.#epochs = run.epochs
    this.#wholeEpochs = wholeEpochs
    this.#ranks = ranks
    const spec = Object.entries(network.spec).map(([name, value]) => [`network.${name}`, value] as const)
    const given = [...spec, ...Object.entries(run)].filter(([, value]) => value !== undefined)
    this.#run = Object.fromEntries(given.map(([name, value]) => [name, toJson('fit', value)]))
  }

  /** Reads the checkpoint to go on from, and gives the network its weights. Undefined if the run begins anew. */
  async load(): Promise<Resumed | undefined> {
    const from = this.#from
    const read = async () => from?.read()
    const bytes = await (this.#ranks ? this.#ranks.fromFirst(read) : read())
    if (!bytes) {
      if (!from || !this.#must) return undefined
      throw new HebbError(
        'file',
        `there is no checkpoint ${from.name} to resume; resume: true begins anew if there is none`,
      )
    }
    const { weights, state, training } = await readCheckpoint(bytes, from!.name)
    this.#compare(training, from!.name)
    await this.#network.adopt(weights, state)
    const { epochs, bestEpoch, batch, seconds, end } = training
    // It need not be saved again, unless elsewhere.
    if (from!.name === this.#place?.name) this.#last = `${epochs.length} ${batch}`
    return { history: { epochs, bestEpoch }, batch, seconds, end, state: training.state }
  }

  /** Saves an epoch that has ended, if it is due; `last`: whether it ends the run. */
  async endEpoch(id: number, moment: Moment, last: boolean): Promise<void> {
    if (last || moment.history.epochs.length % this.#every === 0) await this.save(id, moment)
  }

  /** Saves an epoch that was stopped. */
  async stop(id: number, moment: Moment, { epoch, batch }: FitProgress): Promise<void> {
    // The state of a full-batch optimizer is complete between two epochs only.
    if (this.#wholeEpochs) return
    const begun = epoch > moment.history.epochs.length
    await this.save(id, { ...moment, batch: begun ? batch : 0 })
  }

  /** Saves the training with this number in the engine. */
  async save(id: number, { history: { epochs, bestEpoch }, batch, seconds, end }: Moment): Promise<void> {
    const position = `${epochs.length} ${batch}`
    if (!this.#place || this.#ranks?.rank || position === this.#last) return
    const { engine } = this.#network
    const state = await engine.ask('fitSave', [id])
    const { simd } = engine.info
    const text = { batch, seconds, bestEpoch, end, simd, options: this.#run }
    await this.#place.replace(await writeCheckpoint(this.#network, { ...text, epochs, state }), this.#keep)
    this.#last = position
  }

  /** Throws if a checkpoint is of another run. */
  #compare({ options: saved, simd, epochs }: SavedTraining, name: string): void {
    const differ = (what: string, is: string, was: string): never => {
      const [now, before] = [is, was].map((text) => (text.length > 200 ? `${text.slice(0, 200)}…` : text))
      throw new HebbError(
        'option',
        `resume: ${what} is ${now}, in the checkpoint ${name} it is ${before}: give the same, or begin anew without resume`,
      )
    }
    const own = this.#network.engine.info.simd
    if (simd !== own) differ('init({ simd })', `"${own}"`, `"${simd}"`)
    const names = new Set([...Object.keys(saved), ...Object.keys(this.#run)])
    for (const key of names) {
      const [is = 'nothing', was = 'nothing'] = [this.#run[key], saved[key]]
      if (is !== was && key !== 'epochs') differ(NAMES[key] ?? key, is, was)
    }
    const planned = Number(saved.epochs)
    if (planned !== this.#epochs && spans(this.#run.optimizer!)) {
      differ('epochs, which the schedule of the learning rate runs over,', `${this.#epochs}`, `${planned}`)
    }
    if (epochs.length > this.#epochs) differ('epochs', `${this.#epochs}`, `${epochs.length}, all trained`)
  }
}

/** The names of the options that have others. */
const NAMES: Record<string, string> = {
  samples: 'the number of samples',
  shape: 'the shape of the samples',
  selection: 'the number of samples of selection',
  patience: 'whether there is patience',
  gradientNorm: 'whether there is until.gradientNorm',
  gradientChange: 'whether there is until.convergenceThreshold',
}

/** Whether a schedule of the learning rate, in an optimizer as JSON, depends on the number of epochs. */
function spans(optimizer: string): boolean {
  const rate: unknown = JSON.parse(optimizer).learningRate
  if (typeof rate !== 'object' || rate === null) return false
  const { type, warmup = 0 } = rate as { type: string; warmup?: number }
  return warmup !== 0 || !['constant', 'step', 'plateau'].includes(type)
}
