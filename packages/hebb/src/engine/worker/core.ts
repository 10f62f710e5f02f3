// The core: it owns networks, data sets and trainings by number. It runs in the engine's worker or in the calling thread.
import * as glue from '../../../wasm/simd128/hebb_wasm.js'
import { HebbError } from '../../errors'
import { createMemory } from '../memory'
import type {
  CoreMethods,
  Description,
  EpochAnswer,
  FitEnd,
  FitProgress,
  FitStart,
  LocalCore,
  Memory,
  StartMessage,
} from '../protocol'
import { Classic } from './classic'
import { toRaw } from './toRawDataset'
import { Training } from './trainingLoop'

type Methods = Record<string, (...args: readonly unknown[]) => unknown>

interface Data {
  raw: glue.RawDataset
  bytes: number
}

/** A thread has one WebAssembly instance and one pool, for its whole life. */
let started = false

/**
 * Updates this thread's view of the size of the shared memory. V8 may report growth by another thread late or never, and
 * accesses to the new part are then out of bounds: a thread that starts while others do would trap.
 */
function refresh(memory: WebAssembly.Memory): void {
  memory.grow(0)
}

/** The core's errors for users, which are JSON, as a HebbError; anything else unchanged. */
function toHebbError(error: unknown): unknown {
  if (typeof error !== 'string' || !error.startsWith('{')) return error
  const { code, message } = JSON.parse(error)
  return new HebbError(code, message)
}

export class Core implements CoreMethods, LocalCore {
  readonly #networks = new Map<number, glue.RawNetwork>()
  readonly #datasets = new Map<number, Data>()
  readonly #trainings = new Map<number, Training>()
  readonly #memory: WebAssembly.Memory
  #pool: glue.wbg_rayon_PoolBuilder | undefined
  readonly #classic = new Classic((data) => this.#dataset(data).raw)
  #next = 1

  /** Both artifacts have the same glue, so that `module` may be either. */
  constructor({ module, memory, maxMemory }: StartMessage) {
    if (started)
      throw new HebbError('engine', "thread: 'here' starts the engine only once: call shutdown() first")
    started = true
    this.#memory = memory ?? createMemory(maxMemory).memory
    refresh(this.#memory)
    glue.initSync({ module, memory: this.#memory })
  }

  /** Makes the calling worker a thread of the pool, and calls `joined` before; never returns. */
  static joinPool({ module, memory, pool }: StartMessage, joined: () => void): void {
    refresh(memory!)
    glue.initSync({ module, memory: memory! })
    joined()
    glue.wbg_rayon_start_worker(pool!)
  }

  /** Prepares a pool for so many threads, this one among them; returns its address, which the others need to join. */
  preparePool(threads: number): number {
    // No promise: what our startWorkers returns.
    this.#pool = glue.initThreadPool(threads - 1) as unknown as glue.wbg_rayon_PoolBuilder
    return this.#pool.receiver()
  }

  startPool(threads: number): void {
    this.#pool!.build()
    glue.startThreads(threads)
  }

  async call(method: string, args: readonly unknown[], report: (event: unknown) => void): Promise<unknown> {
    // A thread that started since took memory for its stack.
    refresh(this.#memory)
    try {
      const owner = (method in this.#classic ? this.#classic : this) as unknown as Methods
      return await owner[method]!(...args, report)
    } catch (error) {
      throw toHebbError(error)
    }
  }

  /** As predict, at once and in the calling thread. */
  predictSync(id: number, x: Float32Array | Uint8Array): Float32Array {
    try {
      return this.predict(id, x)
    } catch (error) {
      throw toHebbError(error)
    }
  }

  network(spec: string): { id: number; description: Description } {
    const network = new glue.RawNetwork(spec)
    const id = this.#next++
    this.#networks.set(id, network)
    return { id, description: JSON.parse(network.describe()) }
  }

  parameters(id: number): Float32Array {
    return this.#network(id).parameters()
  }

  setParameters(id: number, values: Float32Array): void {
    this.#network(id).setParameters(values)
  }

  checkpoint(id: number): { parameters: Float32Array; state: string | undefined; values: Float32Array } {
    const network = this.#network(id)
    return {
      parameters: network.parameters(),
      state: network.optimizerState(),
      values: network.optimizerValues(),
    }
  }

  setOptimizerState(id: number, state: string, values: Float32Array): number {
    const network = this.#network(id)
    network.setOptimizerState(state, values)
    return network.steps()
  }

  setSome(id: number, values: Float32Array, places: [offset: number, size: number][]): void {
    const network = this.#network(id)
    const all = network.parameters()
    let from = 0
    for (const [offset, size] of places) for (let i = 0; i < size; i++) all[offset + i] = values[from++]!
    network.setParameters(all)
  }

  predict(id: number, x: Float32Array | Uint8Array): Float32Array {
    const network = this.#network(id)
    return x instanceof Float32Array ? network.predict(x) : network.predictBytes(x)
  }

  predictData(id: number, data: number, from: number, count: number): Float32Array {
    return this.#network(id).predictData(this.#dataset(data).raw, from, count)
  }

  activations(id: number, data: number): Float32Array {
    return this.#network(id).activations(this.#dataset(data).raw)
  }

  evaluate(
    id: number,
    data: number,
    from: number,
    count: number,
    loss: string,
    metrics: number,
    sums: Float64Array,
  ): Float64Array {
    return this.#network(id).evaluate(this.#dataset(data).raw, from, count, loss, metrics, sums)
  }

  evaluated(id: number, loss: string, metrics: number, sums: Float64Array): Float64Array {
    return this.#network(id).evaluated(loss, metrics, sums)
  }

  classify(id: number, shape: Uint32Array, x: Float32Array | Uint8Array, loss: string): Float32Array {
    const raw = toRaw(shape, x, undefined)
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

  trace(id: number, data: number, loss: string, optimizer: string): Float64Array {
    return this.#network(id).trace(this.#dataset(data).raw, loss, optimizer)
  }

  checkGradients(id: number, data: number, loss: string): Float64Array {
    return this.#network(id).checkGradients(this.#dataset(data).raw, loss)
  }

  collapse(id: number): Float32Array {
    return this.#network(id).collapse()
  }

  activationFacts(activation: string, places: Float32Array): Float64Array {
    return glue.activationFacts(activation, places)
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
    return this.#keep(toRaw(shape, x, t, names, numbers), x.byteLength + (t?.byteLength ?? 0))
  }

  subset(data: number, indices: Uint32Array): { id: number; samples: number } {
    return this.#keep(this.#dataset(data).raw.subset(indices), indices.byteLength)
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

  fitStart(network: number, data: number, options: string, whole: boolean): FitStart {
    const fit = new glue.RawFit(this.#network(network), this.#dataset(data).raw, options, whole)
    return this.#train(fit, network, false)
  }

  fitStartStream(network: number, steps: number | undefined, options: string): FitStart {
    const fit = glue.RawFit.stream(this.#network(network), steps, options)
    return this.#train(fit, network, true)
  }

  async fitFeed(
    id: number,
    shape: Uint32Array,
    x: Uint8Array | Float32Array,
    t: Uint32Array | Float32Array,
    numbers: Uint32Array,
  ): Promise<void> {
    const training = this.#trainings.get(id)
    if (training) await training.feed(toRaw(shape, x, t, undefined, numbers), x.byteLength + t.byteLength)
  }

  fitEndEpoch(id: number): void {
    const training = this.#trainings.get(id)
    training?.endEpoch(this.#network(training.network))
  }

  fitEpoch(id: number, every: boolean, report: (progress: FitProgress[]) => void): Promise<EpochAnswer> {
    const training = this.#trainings.get(id)!
    return training.epoch(() => this.#network(training.network), every, report)
  }

  fitTell(id: number, loss: number): void {
    this.#trainings.get(id)?.tell(loss)
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

  fitEnd(id: number): FitEnd | undefined {
    const training = this.#trainings.get(id)
    const network = training && this.#networks.get(training.network)
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
    return { wasm: this.#memory.buffer.byteLength, held, networks, datasets: this.#datasets.size }
  }

  #train(fit: glue.RawFit, network: number, streams: boolean): FitStart {
    const id = this.#next++
    this.#trainings.set(id, new Training(fit, network, streams))
    const [updates, epochs] = fit.start()
    return { id, updates: updates!, epochs: epochs! }
  }

  #keep(raw: glue.RawDataset, bytes: number) {
    const id = this.#next++
    this.#datasets.set(id, { raw, bytes })
    return { id, samples: raw.samples() }
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
