// What the calling thread and the engine say to each other.
import type { HebbError } from '../errors'
import type { Activation } from '../layers'

/** The global that takes the engine's class from the workers' file, where the engine is to run in the calling thread. */
export const HERE: unique symbol = Symbol.for('hebb')

export type Simd = 'simd128' | 'relaxed'

/** The package's version, written in by the build. */
declare const HEBB_VERSION: string
export const VERSION: string = HEBB_VERSION

/** The first message to a worker: what it is and what it shares. */
export interface StartMessage {
  role: 'engine' | 'pool'
  /** The starter's, which the worker's must equal: programs may name a copy of its file. */
  version: string
  module: WebAssembly.Module
  /** Shared by all threads. Where sharing is not allowed the engine makes its own and is alone. */
  memory: WebAssembly.Memory | undefined
  maxMemory: number | undefined
  threads: number
  /** That of the {@link Mailbox}, if there is one. */
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
  /** The engine trapped: nothing in it can be trusted any more. */
  | { lost: string }

/** A parameter tensor and its place among all parameters. */
export interface TensorInfo {
  name: string
  shape: number[]
  offset: number
  size: number
  /** Whether it has a gradient. */
  trained: boolean
}

/** What the engine says of a network. */
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
  /** Whether a layer looks at the whole batch, as batch normalisation does. */
  across: boolean
  inputs: [name: string, shape: number[]][]
  /** The shape of one sample: of the one input, or of all in a row. */
  input: number[]
  outputs: { name: string; shape: number[]; activation: Activation }[]
  /** The shape of the output of one sample: of the one output, or of all in a row. */
  output: number[]
}

/** Where a training stands. */
export interface FitProgress {
  /** From 1. */
  epoch: number
  /** The minibatch of the epoch, from 1. */
  batch: number
  /** Minibatches an epoch; 0 for a stream without `stepsPerEpoch`. */
  batches: number
  /** The mean loss of the epoch's samples so far. */
  loss: number
  /** The part of right answers among them, as `evaluate` counts them; undefined of a regression. */
  accuracy: number | undefined
  /** The part of them with all answers right; undefined unless each has several. */
  exactMatch: number | undefined
  /** How many they are. */
  samples: number
  learningRate: number
  /** The loss of the last minibatch. */
  batchLoss: number
  /** The mean norm of the gradients of the epoch's updates so far, before clipping; undefined where it is not measured. */
  gradientNorm: number | undefined
  /** How much the mean gradient of the last epoch's updates differs from that of the epoch before, and its largest component. */
  gradientChange: number | undefined
  gradientLargest: number | undefined
  /** Of the epoch so far. */
  gradientEvaluations: number
  lossEvaluations: number
  /** The regularisation term in the loss, the mean over the epoch's steps so far. */
  regularization: number
}

/** What the engine says at the end of an epoch. */
export interface EpochAnswer {
  progress: FitProgress
  /** Whether it came to its end, and was not stopped. */
  ended: boolean
  /** The rule of the optimizer's own that has ended the training, and the same in a sentence. */
  end: [rule: 'noDecrease' | 'diverged', why: string] | undefined
  /** Milliseconds spent paused. */
  waited: number
}

/** A training that begins: its number, and how far its optimizer had come with the network, 0 if it begins anew. */
export interface FitStart {
  id: number
  updates: number
  epochs: number
}

/** What is known at the end of a training. */
export interface FitEnd {
  /** The loss at the start, and that of the best constant answer to the targets; NaN if unknown. */
  start: number
  constant: number
  /** The steps that the network's optimizer remembers. */
  steps: number
}

/** What the engine holds. */
export interface Memory {
  /** Bytes of WebAssembly memory, which never shrinks. */
  wasm: number
  /** Bytes held by networks, by data sets, and by minibatches of streams that wait to be trained on. */
  held: number
  networks: number
  datasets: number
}

/** What became of a unit of a perceptron. */
export interface UnitReport {
  reason: 'converged' | 'cycle' | 'epochs'
  updates: number
  /** Of each epoch. */
  mistakes: number[]
  margin: number | null
  radius: number | null
  bound: number | null
}

/** What became of a perceptron. */
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

/** What became of a minimisation. */
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

/** What a minimisation wants to know, until it has ended. */
export interface MinimizeQuestion {
  wants: 'value' | 'gradient' | 'differences' | undefined
  /** x, and for differences their steps behind it. */
  at: Float64Array
}

type Samples = Uint8Array | Float32Array
type Targets = Uint32Array | Float32Array

/** Samples in 64 bits, or the number of a data set. */
export type Doubles = Float64Array | number

/** The requests about networks, data sets and trainings, which the core owns by number. */
export interface CoreMethods {
  network(spec: string): { id: number; description: Description }
  parameters(id: number): Float32Array
  setParameters(id: number, values: Float32Array): void
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
