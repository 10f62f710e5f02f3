// The core of networks: it owns networks, data sets and trainings by number. It runs in the engine's worker or in the calling
// thread.
import * as glue from '../../../wasm/glue/hebb_wasm.js'
import { HebbError } from '../../errors'
import type {
  Classified,
  Described,
  Description,
  EpochAnswer,
  EpochEnds,
  Evaluated,
  FitEnd,
  FitProgress,
  FitStart,
  Memory,
  MetricsKind,
  NetworkMethods,
  StartMessage,
  StepTrace,
  TensorCheck,
} from '../protocol'
import { inTimeSlices } from './eventLoop'
import { Instance, toHebbError } from './instance'
import { type Data, toRaw } from './toRawDataset'
import { Training } from './trainingLoop'

/** Samples of an evaluation between two readings of the clock. */
const CHUNK_SAMPLES = 1024

export class Core extends Instance implements NetworkMethods {
  readonly #networks = new Map<number, glue.RawNetwork>()
  readonly #datasets = new Map<number, Data>()
  readonly #trainings = new Map<number, Training>()
  readonly #evaluations = new Map<number, { raw: glue.RawEvaluator; network: number }>()
  #next = 1

  /** Both artifacts have the same glue, so that its module may be that of either. */
  constructor(start: StartMessage) {
    super(glue, start)
  }

  /** As predict, at once and in the calling thread. */
  predictSync(id: number, x: Float32Array | Uint8Array, carried: number): Float32Array {
    try {
      return this.predict(id, x, carried)
    } catch (error) {
      throw toHebbError(error)
    }
  }

  network(spec: string, blank: boolean): { id: number; description: Description } {
    const network = new glue.RawNetwork(spec, blank)
    const id = this.#next++
    this.#networks.set(id, network)
    return { id, description: network.describe() }
  }

  parameters(id: number): Float32Array {
    return this.#network(id).parameters()
  }

  setParameters(id: number, values: Float32Array): void {
    this.#network(id).setParameters(values)
  }

  checkpoint(id: number): { parameters: Float32Array; state?: string; values?: Float32Array } {
    const network = this.#network(id)
    return { parameters: network.parameters(), ...network.optimizerState() }
  }

  setOptimizerState(id: number, state: string, values: Float32Array): number {
    const network = this.#network(id)
    network.setOptimizerState(state, values)
    return network.steps()
  }

  setSome(id: number, values: Float32Array, places: [offset: number, size: number][]): void {
    this.#network(id).setSome(values, Uint32Array.from(places.flat()))
  }

  predict(id: number, x: Float32Array | Uint8Array, carried: number): Float32Array {
    const network = this.#network(id)
    if (!(x instanceof Float32Array)) return network.predictBytes(x)
    return carried ? network.continueFrom(x, carried) : network.predict(x)
  }

  initialStates(id: number): Float32Array {
    return this.#network(id).initialStates()
  }

  predictData(id: number, data: number, from: number, count: number): Float32Array {
    return this.#network(id).predictData(this.#dataset(data).raw, from, count)
  }

  activations(id: number, data: number): Float32Array {
    return this.#network(id).activations(this.#dataset(data).raw)
  }

  async evaluate(
    id: number,
    data: number,
    loss: string,
    metrics: MetricsKind | undefined,
  ): Promise<Evaluated> {
    const kind = JSON.stringify(metrics ?? 'none')
    const raw = new glue.RawEvaluator(this.#network(id), this.#dataset(data).raw, loss, kind)
    let from = 0
    try {
      await inTimeSlices(() => {
        const { raw: samples } = this.#dataset(data)
        const count = Math.min(CHUNK_SAMPLES, samples.samples() - from)
        raw.add(this.#network(id), samples, from, count)
        from += count
        return from === samples.samples()
      })
      return raw.finish(this.#network(id))
    } finally {
      raw.free()
    }
  }

  evaluateStart(network: number, loss: string, metrics: MetricsKind | undefined): number {
    const raw = glue.RawEvaluator.stream(this.#network(network), loss, JSON.stringify(metrics ?? 'none'))
    const id = this.#next++
    this.#evaluations.set(id, { raw, network })
    return id
  }

  evaluateAdd(id: number, data: number): void {
    const { raw, network } = this.#evaluations.get(id)!
    const samples = this.#dataset(data).raw
    raw.add(this.#network(network), samples, 0, samples.samples())
  }

  evaluateEnd(id: number, complete: boolean): Evaluated | undefined {
    const { raw, network } = this.#evaluations.get(id)!
    this.#evaluations.delete(id)
    try {
      return complete ? raw.finish(this.#network(network)) : undefined
    } finally {
      raw.free()
    }
  }

  classify(id: number, shape: Uint32Array, x: Float32Array | Uint8Array, loss: string): Classified {
    const { raw } = toRaw(shape, x, undefined)
    try {
      return this.#network(id).classify(raw, loss)
    } finally {
      raw.free()
    }
  }

  gradients(id: number, data: number, loss: string): { loss: number; gradients: Float32Array } {
    const network = this.#network(id)
    const value = network.gradients(this.#dataset(data).raw, loss)
    return { loss: value, gradients: network.gradientValues() }
  }

  trace(id: number, data: number, loss: string, optimizer: string): StepTrace {
    return this.#network(id).trace(this.#dataset(data).raw, loss, optimizer)
  }

  checkGradients(id: number, data: number, loss: string): TensorCheck[] {
    return this.#network(id).checkGradients(this.#dataset(data).raw, loss)
  }

  collapse(id: number): { weight: Float32Array; bias: Float32Array } {
    return this.#network(id).collapse()
  }

  describeActivation(activation: string, places: Float32Array): Described {
    return glue.describeActivation(activation, places)
  }

  update(id: number, gradients: Float32Array, optimizer: string): number {
    const network = this.#network(id)
    network.update(gradients, optimizer)
    return network.steps()
  }

  dataset(
    shape: Uint32Array,
    x: Uint8Array | Float32Array,
    t: Uint32Array | Float32Array | undefined,
    names: string | undefined,
    numbers: Uint32Array | undefined,
  ): { id: number; samples: number } {
    return this.#keep(toRaw(shape, x, t, names, numbers))
  }

  subset(data: number, indices: Uint32Array): { id: number; samples: number } {
    return this.#keep({ raw: this.#dataset(data).raw.subset(indices), bytes: indices.byteLength })
  }

  samples(
    data: number,
    indices: Uint32Array,
  ): { x: Uint8Array | Float32Array; t?: Uint32Array | Float32Array } {
    const part = this.#dataset(data).raw.subset(indices)
    try {
      const t = part.classes() ?? part.targets()
      return { x: (part.bytes() ?? part.floats())!, ...(t && { t }) }
    } finally {
      part.free()
    }
  }

  fitStart(network: number, data: number, options: string, whole: boolean, ends: EpochEnds): FitStart {
    const { raw } = this.#dataset(data)
    const fit = new glue.RawFit(this.#network(network), raw, options, whole, ends.keepBest)
    return this.#train(fit, network, ends, false)
  }

  fitStartStream(network: number, steps: number | undefined, options: string, ends: EpochEnds): FitStart {
    const fit = glue.RawFit.stream(this.#network(network), steps, options, ends.keepBest)
    return this.#train(fit, network, ends, true)
  }

  async fitFeed(
    id: number,
    shape: Uint32Array,
    x: Uint8Array | Float32Array,
    t: Uint32Array | Float32Array,
    numbers: Uint32Array,
  ): Promise<void> {
    await this.#trainings.get(id)?.feed(toRaw(shape, x, t, undefined, numbers))
  }

  fitEndEpoch(id: number): void {
    const training = this.#trainings.get(id)
    training?.endEpoch(this.#network(training.network))
  }

  fitSave(id: number): Float32Array {
    const training = this.#trainings.get(id)!
    return training.fit.save(this.#network(training.network))
  }

  fitRestore(id: number, state: Float32Array): FitStart {
    const { fit, network } = this.#trainings.get(id)!
    fit.restore(this.#network(network), state)
    return { ...fit.start(), id }
  }

  fitEpoch(
    id: number,
    every: boolean,
    batches: number,
    report: (progress: FitProgress[]) => void,
  ): Promise<EpochAnswer> {
    return this.#trainings.get(id)!.epoch(every, batches, report)
  }

  fitShards(id: number, count: number, from: number, to: number) {
    return this.#trainings.get(id)!.shards(count, from, to)
  }

  fitGoOn(id: number, count: number): Float64Array {
    const { fit, network } = this.#trainings.get(id)!
    return fit.goOn(this.#network(network), count)
  }

  fitComplete(id: number, outcomes: Float64Array): void {
    const training = this.#trainings.get(id)!
    training.complete(this.#network(training.network), outcomes)
  }

  fitPause(id: number): void {
    this.#trainings.get(id)?.pause()
  }

  fitResume(id: number): void {
    this.#trainings.get(id)?.resume()
  }

  async fitStep(id: number, batches: number): Promise<boolean> {
    return (await this.#trainings.get(id)?.step(batches)) ?? false
  }

  fitStop(id: number): void {
    this.#trainings.get(id)?.stop()
  }

  fitEnd(id: number, restore: boolean): FitEnd | undefined {
    const training = this.#trainings.get(id)
    const network = training && this.#networks.get(training.network)
    if (network && restore) training.restoreBest(network)
    const end = network && training.measures(network)
    training?.end()
    this.#trainings.delete(id)
    return end
  }

  disposeNetwork(id: number): void {
    this.#networks.get(id)?.free()
    this.#networks.delete(id)
    // A paused training of this network must notice.
    for (const training of this.#trainings.values()) if (training.network === id) training.wake()
  }

  disposeDataset(id: number): void {
    this.#datasets.get(id)?.raw.free()
    this.#datasets.delete(id)
  }

  memory(): Memory {
    let held = 0
    for (const network of this.#networks.values()) held += network.bytes()
    for (const data of this.#datasets.values()) held += data.bytes
    for (const training of this.#trainings.values()) held += training.bytes
    const { size: networks } = this.#networks
    return { wasm: this.wasm, held, networks, datasets: this.#datasets.size }
  }

  #train(fit: glue.RawFit, network: number, { selection, loss }: EpochEnds, streams: boolean): FitStart {
    const id = this.#next++
    const select =
      selection === undefined ? undefined : () => this.evaluate(network, selection, loss, undefined)
    const training = new Training(fit, network, () => this.#network(network), select, streams)
    this.#trainings.set(id, training)
    return { ...fit.start(), id }
  }

  #keep(data: Data) {
    const id = this.#next++
    this.#datasets.set(id, data)
    return { id, samples: data.raw.samples() }
  }

  #network(id: number) {
    const network = this.#networks.get(id)
    if (!network) throw new HebbError('disposed', 'this network has been disposed of')
    return network
  }

  #dataset(id: number) {
    const data = this.#datasets.get(id)
    if (!data) throw new HebbError('disposed', 'this data set has been disposed of')
    return data
  }
}
