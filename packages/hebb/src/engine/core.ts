// The engine itself: owns networks, data sets and trainings by number. Runs in its worker, or in place.
import * as glue from '../../wasm/simd128/hebb_wasm.js'
import { HebbError } from '../errors'
import type { Description, FitProgress, Memory, Start } from './protocol'

/** How long the engine computes before it looks for messages, and how often it reports, in milliseconds. */
const SLICE = 10
const REPORT = 50

interface Training {
  fit: glue.RawFit
  network: number
  stopped: boolean
}

export class Core {
  readonly #networks = new Map<number, glue.RawNetwork>()
  readonly #datasets = new Map<number, glue.RawDataset>()
  readonly #trainings = new Map<number, Training>()
  readonly #memory: WebAssembly.Memory
  #next = 1

  /** Both artifacts have the same glue; which one this is, the module decides. */
  constructor({ module, memory, threads }: Start) {
    const exports = glue.initSync(memory ? { module, memory } : { module })
    this.#memory = memory ?? (exports as unknown as { memory: WebAssembly.Memory }).memory
    glue.startThreads(threads)
  }

  /** Lends the calling worker to the pool; never returns. */
  static pool({ module, memory }: Start): void {
    glue.initSync({ module, memory: memory! })
    glue.runThread()
  }

  network(spec: string): { id: number; description: Description } {
    const network = new glue.RawNetwork(spec)
    const id = this.#next++
    this.#networks.set(id, network)
    return { id, description: JSON.parse(network.describe()) }
  }

  parameters(id: number) {
    return this.#network(id).parameters()
  }

  setParameters(id: number, values: Float32Array) {
    this.#network(id).setParameters(values)
  }

  predict(id: number, x: Float32Array, samples: number) {
    return this.#network(id).predict(x, samples)
  }

  predictData(id: number, data: number, from: number, count: number) {
    return this.#network(id).predictData(this.#dataset(data), from, count)
  }

  evaluate(id: number, data: number, from: number, count: number, loss: string) {
    return this.#network(id).evaluate(this.#dataset(data), from, count, loss)
  }

  gradients(id: number, data: number, loss: string) {
    const network = this.#network(id)
    const value = network.gradients(this.#dataset(data), loss)
    return { loss: value, gradients: network.gradientValues() }
  }

  update(id: number, gradients: Float32Array, optimizer: string) {
    this.#network(id).update(gradients, optimizer)
  }

  dataset(shape: Uint32Array, x: Uint8Array | Float32Array, t: Uint32Array | Float32Array | undefined) {
    const data =
      x instanceof Uint8Array ? glue.RawDataset.fromBytes(shape, x) : glue.RawDataset.fromFloats(shape, x)
    try {
      if (t instanceof Uint32Array) data.setClasses(t)
      else if (t) data.setTargets(t)
    } catch (error) {
      data.free()
      throw error
    }
    return this.#keep(data)
  }

  subset(data: number, indices: Uint32Array) {
    return this.#keep(this.#dataset(data).subset(indices))
  }

  fitStart(network: number, data: number, options: string) {
    const fit = new glue.RawFit(this.#network(network), this.#dataset(data), options)
    const id = this.#next++
    this.#trainings.set(id, { fit, network, stopped: false })
    return id
  }

  /** Trains until the epoch ends or `fitStop` is called; tells `report` about 20 times a second. */
  async fitEpoch(id: number, report: (progress: FitProgress) => void) {
    const training = this.#trainings.get(id)!
    let reported = performance.now()
    let ended = false
    while (!ended && !training.stopped) {
      const from = performance.now()
      do ended = training.fit.step(this.#network(training.network))
      while (!ended && performance.now() - from < SLICE)
      if (performance.now() - reported > REPORT) {
        report(progressOf(training.fit))
        reported = performance.now()
      }
      await messages()
    }
    return { progress: progressOf(training.fit), ended }
  }

  fitStop(id: number) {
    const training = this.#trainings.get(id)
    if (training) training.stopped = true
  }

  fitEnd(id: number) {
    this.#trainings.get(id)?.fit.free()
    this.#trainings.delete(id)
  }

  disposeNetwork(id: number) {
    this.#networks.get(id)?.free()
    this.#networks.delete(id)
  }

  disposeDataset(id: number) {
    this.#datasets.get(id)?.free()
    this.#datasets.delete(id)
  }

  memory(): Memory {
    let held = 0
    for (const network of this.#networks.values()) held += network.bytes()
    return {
      wasm: this.#memory.buffer.byteLength,
      held,
      networks: this.#networks.size,
      datasets: this.#datasets.size,
    }
  }

  #keep(data: glue.RawDataset) {
    const id = this.#next++
    this.#datasets.set(id, data)
    return { id, samples: data.samples() }
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

/** The methods that a request may name. */
export type Method = Exclude<keyof Core, 'constructor'>

/** An error of the core, whose JSON the Rust side threw, or any other, as code and message. */
export function describeError(error: unknown): HebbError {
  if (error instanceof HebbError) return error
  if (typeof error === 'string' && error.startsWith('{')) {
    const { code, message } = JSON.parse(error)
    return new HebbError(code, message)
  }
  return new HebbError('engineLost', `the engine failed: ${String(error)}`)
}

function progressOf(fit: glue.RawFit): FitProgress {
  const [epoch, batch, batches, loss, accuracy, samples, learningRate, batchLoss] = fit.progress()
  return { epoch, batch, batches, loss, accuracy, samples, learningRate, batchLoss } as FitProgress
}

/** Resolves after the messages that wait have been served. */
function messages(): Promise<void> {
  if (typeof setImmediate === 'function') return new Promise((resolve) => setImmediate(resolve))
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(undefined)
  })
}
