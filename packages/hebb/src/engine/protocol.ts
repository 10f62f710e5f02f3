// The messages and requests between the calling thread and the engine. This file imports types only.
import type { HebbError } from '../errors'
import type { Activation } from '../layers'

/** The global through which the workers' file hands over the core's class if the engine runs in the calling thread. */
export const HERE: unique symbol = Symbol.for('hebb')

export type Simd = 'simd128' | 'relaxed'

/** The package's version, which the build inserts. */
declare const HEBB_VERSION: string
export const VERSION: string = HEBB_VERSION

/** The first message to a worker: its role and what it shares. */
export interface StartMessage {
  /** The number of the reply. */
  id: number
  /** The version of the starting thread. The worker's must be the same, because programs may name a copy of its file. */
  version: string
  module: WebAssembly.Module
  /** Shared by all threads. Undefined if sharing is not allowed: then the engine makes its own and has one thread. */
  memory: WebAssembly.Memory | undefined
  maxMemory: number | undefined
  threads: number
  /** The address of the pool to join; undefined for the engine's worker, which prepares it. */
  pool: number | undefined
  /** The memory of the {@link Mailbox}, if there is one. */
  mailbox: SharedArrayBuffer | undefined
}

/** A method of the core to call; the reply has the same number. */
export interface Request {
  id: number
  method: string
  args: readonly unknown[]
}

/** What a message can carry of an error: its class and stack stay behind. */
export type Failure = Pick<HebbError, 'code' | 'message'>

export type Reply =
  | { id: number; value: unknown }
  | { id: number; error: Failure }
  | { id: number; event: unknown }
  /** The engine trapped: its state is undefined. */
  | { lost: string }

/** A parameter tensor and its range among all parameters. */
export interface TensorInfo {
  name: string
  shape: number[]
  offset: number
  size: number
  /** Whether it has a gradient. */
  trained: boolean
}

/** A network as the engine describes it. */
export interface Description {
  layers: {
    name: string
    type: string
    from: string[]
    output: number[]
    parameters: number
    activation: Activation
  }[]
  tensors: TensorInfo[]
  parameters: number
  /** Whether a layer uses the whole batch, as batch normalisation does. */
  across: boolean
  inputs: [name: string, shape: number[]][]
  /** The shape of one sample: of the only input, or `[features]` of all inputs concatenated. */
  input: number[]
  outputs: { name: string; shape: number[]; activation: Activation }[]
  /** The shape of the output for one sample: of the only output, or `[features]` of all outputs concatenated. */
  output: number[]
}

/** The progress of a training. */
export interface FitProgress {
  /** From 1. */
  epoch: number
  /** The number of the minibatch in its epoch, from 1. */
  batch: number
  /** Minibatches per epoch; 0 for a stream without `stepsPerEpoch`. */
  batches: number
  /** The mean loss of the epoch's samples so far. */
  loss: number
  /** The fraction of correct answers among these samples, as `evaluate` counts them; undefined for a regression. */
  accuracy: number | undefined
  /** The fraction of samples with all answers correct; undefined unless a sample has several answers. */
  exactMatch: number | undefined
  /** The number of samples so far. */
  samples: number
  learningRate: number
  /** The loss of the last minibatch. */
  batchLoss: number
  /** The mean norm of the gradients of the epoch's updates so far, before clipping; undefined if it is not measured. */
  gradientNorm: number | undefined
  /** The largest change of the mean gradient from the last epoch but one to the last, and its largest component. */
  gradientChange: number | undefined
  gradientLargest: number | undefined
  /** In the epoch so far. */
  gradientEvaluations: number
  lossEvaluations: number
  /** The regularisation term in the loss: the mean over the epoch's steps so far. */
  regularization: number
}

/** The engine's answer at the end of an epoch. */
export interface EpochAnswer {
  progress: FitProgress
  /** Whether the epoch was completed, not stopped. */
  ended: boolean
  /** The optimizer's own rule that ended the training, and the same in a sentence. */
  end: [rule: 'noDecrease' | 'diverged', why: string] | undefined
  /** Milliseconds spent paused. */
  waited: number
}

/** A started training: its number, and the updates and epochs that its optimizer continues from, 0 if it starts anew. */
export interface FitStart {
  id: number
  updates: number
  epochs: number
}

/** Measurements at the end of a training. */
export interface FitEnd {
  /** The loss at the start, and the loss of the best constant output; NaN if unknown. */
  start: number
  constant: number
  /** The steps that the network's optimizer remembers. */
  steps: number
}

/** What the engine holds. */
export interface Memory {
  /** Bytes of WebAssembly memory, which never shrinks. */
  wasm: number
  /** Bytes held by networks, by data sets, and by minibatches of streams that wait for training. */
  held: number
  networks: number
  datasets: number
}

/** The training result of one unit of a perceptron. */
export interface UnitReport {
  reason: 'converged' | 'cycle' | 'epochs'
  updates: number
  /** Mistakes in each epoch. */
  mistakes: number[]
  margin: number | null
  radius: number | null
  bound: number | null
}

/** The training result of a perceptron. */
export interface PerceptronReport {
  accuracy: number
  units: UnitReport[]
  /** `[units, inputs + 1]`, biases last. */
  weights: Float64Array
  /** For each unit rows of [epoch, sample, target, net, weights…, bias]. */
  history: Float64Array[]
}

/** Why a minimisation ended. */
export type MinimizeReason = 'gradient' | 'convergenceThreshold' | 'noDecrease' | 'steps' | 'diverged'

/** The result of a minimisation. */
export interface MinimizeReport {
  converged: boolean
  reason: MinimizeReason
  explanation: string
  evaluations: number
  /** Steps made. */
  made: number
  /** [value, x…, gradient…]. */
  point: Float64Array
  /** Rows of [step, learning rate or NaN, tangent, value, x…, gradient…]. */
  steps: Float64Array
}

/** What a minimisation asks next: nothing after it has ended. */
export interface MinimizeQuestion {
  wants: 'value' | 'gradient' | 'differences' | undefined
  /** x; for differences x, then the step for each variable. */
  at: Float64Array
}

type Samples = Uint8Array | Float32Array
type Targets = Uint32Array | Float32Array

/** Samples in 64 bits, or the number of a data set. */
export type Doubles = Float64Array | number

/** The requests about networks, data sets and trainings, which the core owns by number. */
export interface CoreMethods {
  /** Starts to compute with so many threads, once all workers of the pool have joined. */
  startPool(threads: number): void
  network(spec: string): { id: number; description: Description }
  parameters(id: number): Float32Array
  setParameters(id: number, values: Float32Array): void
  /**
   * All parameters, and the optimizer's state of the same moment: a description as JSON and the values of its tensors, one
   * after another; without `state` if there is none.
   */
  checkpoint(id: number): { parameters: Float32Array; state: string | undefined; values: Float32Array }
  /** Replaces the optimizer's state; returns its number of updates. */
  setOptimizerState(id: number, state: string, values: Float32Array): number
  /** Replaces the parameters at some places. */
  setSome(id: number, values: Float32Array, places: [offset: number, size: number][]): void
  /** The outputs for samples given as floats or bytes. */
  predict(id: number, x: Samples): Float32Array
  predictData(id: number, data: number, from: number, count: number): Float32Array
  /** The outputs of every layer for a data set's samples, one layer after another. */
  activations(id: number, data: number): Float32Array
  /** Adds the evaluation of some samples of a data set to the sums of the samples before. */
  evaluate(
    id: number,
    data: number,
    from: number,
    count: number,
    loss: string,
    metrics: number,
    sums: Float64Array,
  ): Float64Array
  /** The result of the sums: [loss, regularisation term, accuracy, exact match], then the metrics. */
  evaluated(id: number, loss: string, metrics: number, sums: Float64Array): Float64Array
  /** The decision for one sample: [threshold or NaN, whether the values are probabilities, values]. */
  classify(id: number, shape: Uint32Array, x: Samples, loss: string): Float32Array
  gradients(id: number, data: number, loss: string): { loss: number; gradients: Float32Array }
  /** All values of a training step, flat. */
  trace(id: number, data: number, loss: string, optimizer: string): Float64Array
  /** [checked, error, index, gradient, difference] for each trained tensor. */
  checkGradients(id: number, data: number, loss: string): Float64Array
  /** W, then b. */
  collapse(id: number): Float32Array
  /** Values, derivatives, then nothing or [least value, largest, bound of the derivative, kinks…]. */
  activationFacts(activation: string, places: Float32Array): Float64Array
  /** Returns how many steps the optimizer now remembers. */
  update(id: number, gradients: Float32Array, optimizer: string): number
  dataset(
    shape: Uint32Array,
    x: Samples,
    t: Targets | undefined,
    names: string | undefined,
    numbers: Uint32Array | undefined,
  ): { id: number; samples: number }
  subset(data: number, indices: Uint32Array): { id: number; samples: number }
  /** Some samples of a data set, as they were given. */
  samples(data: number, indices: Uint32Array): { x: Samples; t?: Targets }
  /** Starts a training on a data set; `whole` with an optimizer for all samples at once. */
  fitStart(network: number, data: number, options: string, whole: boolean): FitStart
  /** Starts a training that is fed; `steps` minibatches per epoch if that is known. */
  fitStartStream(network: number, steps: number | undefined, options: string): FitStart
  /** Feeds a minibatch of a stream; resolves after the minibatch was trained on, or the training ended. */
  fitFeed(id: number, shape: Uint32Array, x: Samples, t: Targets, numbers: Uint32Array): Promise<void>
  /** Ends the epoch of a stream. All minibatches must have been answered. */
  fitEndEpoch(id: number): void
  /**
   * Trains until the epoch ends or `fitStop` is called. Calls `report` at most 20 times per second: with `every` with all
   * minibatches since the last report, else with the last minibatch.
   */
  fitEpoch(id: number, every: boolean, report: (progress: FitProgress[]) => void): Promise<EpochAnswer>
  /** Tells the loss of an epoch to a learning rate that falls on plateaus. */
  fitTell(id: number, loss: number): void
  fitPause(id: number): void
  fitResume(id: number): void
  /** Resolves after `batches` more minibatches were trained: with false if the training ended before. */
  fitStep(id: number, batches: number): Promise<boolean>
  fitStop(id: number): void
  /** Undefined if the network was disposed of. */
  fitEnd(id: number): FitEnd | undefined
  disposeNetwork(id: number): void
  disposeDataset(id: number): void
  memory(): Memory
}

/** The requests about the classical models. Only minimisations outlive a request. */
export interface ClassicMethods {
  neuronGate(gate: string, inputs: number): Float64Array
  neuronFire(weights: Float64Array, threshold: number, x: Float64Array): Uint8Array
  perceptronFit(options: string, x: Doubles, t: Uint32Array | undefined): Promise<PerceptronReport>
  perceptronPredict(weights: Float64Array, inputs: number, x: Doubles): Uint32Array
  perceptronAccuracy(weights: Float64Array, inputs: number, x: Doubles, t: Uint32Array | undefined): number
  regressionClosedForm(x: Float64Array, features: number, t: Float64Array): Float64Array
  regressionDescend(
    options: string,
    start: Float64Array,
    x: Float64Array,
    t: Float64Array,
  ): Promise<MinimizeReport>
  regressionPredict(parameters: Float64Array, x: Float64Array): Float64Array
  /** [cost, R², loss of each sample…]. */
  regressionMeasure(parameters: Float64Array, x: Float64Array, t: Float64Array): Float64Array
  /** The first question. It wants nothing if the function is a formula. */
  minimizeStart(
    method: string,
    options: string,
    x: Float64Array,
  ): Promise<{ id: number; question: MinimizeQuestion }>
  minimizeTell(id: number, answer: Float64Array): MinimizeQuestion
  minimizeReport(id: number): MinimizeReport
  minimizeEnd(id: number): void
}

/** Every method that a request may name. */
export type EngineMethods = CoreMethods & ClassicMethods

/** The core as the calling thread sees it with `thread: 'here'`. */
export interface LocalCore {
  /** Calls one of the {@link EngineMethods}. Rejects with a HebbError if the caller is at fault. */
  call(method: string, args: readonly unknown[], report: (event: unknown) => void): Promise<unknown>
  /** As predict, synchronously. */
  predictSync(id: number, x: Samples): Float32Array
}

/** The global scope, in which the workers' file leaves the core's class for a calling thread that asks for it. */
export interface CoreScope {
  [HERE]?: (new (start: StartMessage) => LocalCore) | undefined
}
