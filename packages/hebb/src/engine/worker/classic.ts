// The core of the classical models. Minimisations outlive a request, because the caller computes their functions; memories and
// kernel machines, because they are large.
import * as glue from '../../../wasm/classic/hebb_wasm.js'
import { HebbError } from '../../errors'
import type {
  ClassicMethods,
  ClustersReport,
  HopfieldProgress,
  HopfieldReport,
  KernelReport,
  LineFit,
  MemoryStart,
  MinimizeQuestion,
  MinimizeReport,
  PerceptronReport,
  RbfReport,
  RecallReport,
  TourReport,
} from '../classicProtocol'
import type { Memory, StartMessage } from '../protocol'
import { inTimeSlices } from './eventLoop'
import { Instance } from './instance'

/** Samples that a perceptron trains on between two readings of the clock. */
const SAMPLES_PER_CLOCK_CHECK = 64

/** Milliseconds between two reports of progress. */
const REPORT_MS = 50

/** `advance`, which also reports how far it is, at most 20 times per second. */
function withProgress<P>(raw: { progress(): P }, report: (progress: P) => void, advance: () => boolean) {
  let last = performance.now()
  return () => {
    const ended = advance()
    const now = performance.now()
    if (!ended && now - last >= REPORT_MS) {
      last = now
      report(raw.progress())
    }
    return ended
  }
}

/** Calls `advance` to the end and returns the result; frees `raw` in any case. */
async function finish<R>(raw: { free(): void }, advance: () => boolean, result: () => R): Promise<R> {
  try {
    await inTimeSlices(advance)
    return result()
  } finally {
    raw.free()
  }
}

/** Runs a model to its report. */
function run<P, R>(
  raw: { advance(): boolean; progress(): P; report(): R; free(): void },
  report: (progress: P) => void,
): Promise<R> {
  return finish(
    raw,
    withProgress(raw, report, () => raw.advance()),
    () => raw.report(),
  )
}

/** A kernel machine by its number. */
function known<R>(all: Map<number, R>, id: number): R {
  const raw = all.get(id)
  if (raw) return raw
  throw new HebbError('disposed', 'this kernel machine has been disposed of')
}

export class Classic extends Instance implements ClassicMethods {
  readonly #minimizers = new Map<number, glue.RawMinimizer>()
  readonly #memories = new Map<number, glue.RawMemory>()
  readonly #kernelFits = new Map<number, glue.RawKernelFit>()
  readonly #kernelMachines = new Map<number, glue.RawKernelMachine>()
  #started = 0

  constructor(start: StartMessage) {
    super(glue, start)
  }

  neuronGate(gate: string, inputs: number): { weights: Float64Array; threshold: number } {
    return glue.neuronGate(JSON.stringify(gate), inputs)
  }

  neuronFire(weights: Float64Array, threshold: number, x: Float64Array): Uint8Array {
    return glue.neuronFire(weights, threshold, x)
  }

  async perceptronFit(options: string, x: Float64Array, t: Uint32Array): Promise<PerceptronReport> {
    const raw = new glue.RawPerceptron(options, x, t)
    return finish(
      raw,
      () => raw.advance(SAMPLES_PER_CLOCK_CHECK),
      () => raw.report(),
    )
  }

  perceptronPredict(weights: Float64Array, inputs: number, x: Float64Array): Uint32Array {
    return glue.perceptronPredict(weights, inputs, x)
  }

  perceptronAccuracy(weights: Float64Array, inputs: number, x: Float64Array, t: Uint32Array): number {
    return glue.perceptronAccuracy(weights, inputs, x, t)
  }

  regressionClosedForm(x: Float64Array, features: number, t: Float64Array): Float64Array {
    return glue.regressionClosedForm(x, features, t)
  }

  async regressionDescend(
    options: string,
    start: Float64Array,
    x: Float64Array,
    t: Float64Array,
  ): Promise<MinimizeReport> {
    const raw = new glue.RawDescent(options, start, x, t)
    return finish(
      raw,
      () => raw.advance(),
      () => raw.report(),
    )
  }

  regressionPredict(parameters: Float64Array, x: Float64Array): Float64Array {
    return glue.regressionPredict(parameters, x)
  }

  regressionMeasure(parameters: Float64Array, x: Float64Array, t: Float64Array): LineFit {
    return glue.regressionMeasure(parameters, x, t)
  }

  async minimizeStart(
    method: string,
    options: string,
    x: Float64Array,
  ): Promise<{ id: number; question: MinimizeQuestion | undefined }> {
    const id = ++this.#started
    const raw = new glue.RawMinimizer(method, options, x)
    this.#minimizers.set(id, raw)
    try {
      await inTimeSlices(() => raw.advance())
    } catch (error) {
      this.minimizeEnd(id)
      throw error
    }
    return { id, question: raw.question() }
  }

  minimizeTell(id: number, answer: Float64Array): MinimizeQuestion | undefined {
    const raw = this.#minimizers.get(id)!
    raw.tell(answer)
    return raw.question()
  }

  minimizeReport(id: number): MinimizeReport {
    return this.#minimizers.get(id)!.report()
  }

  minimizeEnd(id: number): void {
    this.#minimizers.get(id)?.free()
    this.#minimizers.delete(id)
  }

  async memoryStore(
    dense: boolean,
    options: string,
    patterns: Float64Array,
    report: (part: number) => void,
  ): Promise<MemoryStart> {
    if (dense) return this.#keepMemory(glue.RawMemory.dense(options, patterns))
    const raw = new glue.RawLearning(options, patterns)
    const advance = withProgress(raw, report, () => raw.advance())
    return finish(raw, advance, () => this.#keepMemory(raw.finish()))
  }

  memoryNetwork(
    options: string,
    weights: Float64Array,
    patterns: Float64Array,
    thresholds: Float64Array,
  ): MemoryStart {
    return this.#keepMemory(glue.RawMemory.network(options, weights, patterns, thresholds))
  }

  async memoryRecall(
    id: number,
    options: string,
    cues: Float64Array,
    report: (part: number) => void,
  ): Promise<RecallReport[]> {
    const raw = new glue.RawRecall(this.#memory(id), options, cues)
    const advance = withProgress(raw, report, () => raw.advance(this.#memory(id)))
    return finish(raw, advance, () => raw.report())
  }

  memoryWeights(id: number): Record<'weights' | 'thresholds', Float64Array> {
    const raw = this.#memory(id)
    return { weights: raw.weights(), thresholds: raw.thresholds() }
  }

  memoryStability(id: number, pattern: number): number {
    return this.#memory(id).stability(pattern)
  }

  disposeMemory(id: number): void {
    this.#memories.get(id)?.free()
    this.#memories.delete(id)
  }

  memory(): Memory {
    let held = 0
    for (const raw of [...this.#memories.values(), ...this.#kernelMachines.values()]) held += raw.bytes()
    return { wasm: this.wasm, held, networks: 0, datasets: 0 }
  }

  #keepMemory(raw: glue.RawMemory): MemoryStart {
    const id = ++this.#started
    this.#memories.set(id, raw)
    return { id, warning: raw.warning() }
  }

  #memory(id: number) {
    const raw = this.#memories.get(id)
    if (!raw) throw new HebbError('disposed', 'this memory has been disposed of')
    return raw
  }

  kernelGram(
    kernel: string,
    x: Float64Array,
    y: Float64Array,
    features: number,
  ): { data: Float64Array; sigma: number | undefined } {
    return glue.kernelGram(kernel, x, y, features)
  }

  kernelFeatures(kernel: string, degree: number, x: Float64Array, features: number): Float64Array {
    return glue.kernelFeatures(kernel, degree, x, features)
  }

  kernelFit(
    options: string,
    x: Float64Array,
    t: Uint32Array | Float64Array,
    report: (part: number) => void,
  ): Promise<KernelReport & { id: number }> {
    const raw =
      t instanceof Uint32Array
        ? glue.RawKernelFit.perceptron(options, x, t)
        : glue.RawKernelFit.ridge(options, x, t)
    const id = ++this.#started
    return finish(
      raw,
      withProgress(raw, report, () => raw.advance()),
      () => ({ id, ...this.#keepKernel(id, raw.finish()) }),
    )
  }

  kernelNystrom(options: string, centers: Float64Array): number {
    const id = ++this.#started
    this.#kernelFits.set(id, glue.RawKernelFit.nystrom(options, centers))
    return id
  }

  async kernelFeed(
    id: number,
    x: Float64Array,
    t: Float64Array,
    report: (part: number) => void,
  ): Promise<void> {
    const raw = known(this.#kernelFits, id)
    raw.feed(x, t)
    await inTimeSlices(withProgress(raw, report, () => known(this.#kernelFits, id).advance()))
  }

  async kernelSolve(id: number, report: (part: number) => void): Promise<KernelReport> {
    const none = new Float64Array()
    await this.kernelFeed(id, none, none, report)
    const raw = known(this.#kernelFits, id)
    this.#kernelFits.delete(id)
    try {
      return this.#keepKernel(id, raw.finish())
    } finally {
      raw.free()
    }
  }

  kernelValues(id: number, x: Float64Array): Promise<Float64Array> {
    const raw = new glue.RawKernelValues(known(this.#kernelMachines, id), x)
    return finish(
      raw,
      () => raw.advance(),
      () => raw.values(),
    )
  }

  kernelGiven(
    kernel: string,
    inputs: number,
    points: Float64Array,
    alphas: Float64Array,
    biases: Float64Array,
  ): number {
    const id = ++this.#started
    this.#kernelMachines.set(id, glue.RawKernelMachine.given(kernel, points, inputs, alphas, biases))
    return id
  }

  kernelParameters(id: number): Record<'points' | 'alphas' | 'biases', Float64Array> {
    return known(this.#kernelMachines, id).parameters()
  }

  disposeKernel(id: number): void {
    for (const all of [this.#kernelFits, this.#kernelMachines]) {
      all.get(id)?.free()
      all.delete(id)
    }
  }

  #keepKernel(id: number, raw: glue.RawKernelMachine): KernelReport {
    this.#kernelMachines.set(id, raw)
    return raw.report()
  }

  hopfieldRun(
    options: string,
    stated: string,
    matrix: Float64Array,
    vector: Float64Array,
    coefficients: Float64Array,
    start: Float64Array,
    report: (progress: HopfieldProgress) => void,
  ): Promise<HopfieldReport> {
    const raw = new glue.RawContinuousHopfield(options, stated, matrix, vector, coefficients, start)
    return run(raw, report)
  }

  kMeans(
    options: string,
    x: Float32Array,
    features: number,
    start: Float64Array,
    report: (part: number) => void,
  ): Promise<ClustersReport> {
    return run(new glue.RawKMeans(options, x, features, start), report)
  }

  rbfFit(
    options: string,
    x: Float32Array,
    features: number,
    targets: Float64Array,
    centers: Float64Array,
    report: (stage: number) => void,
  ): Promise<RbfReport> {
    return run(new glue.RawRbfNetwork(options, x, features, targets, centers), report)
  }

  salesmanRun(
    options: string,
    distances: Float64Array,
    report: (progress: HopfieldProgress) => void,
  ): Promise<TourReport> {
    return run(new glue.RawSalesman(options, distances), report)
  }
}
