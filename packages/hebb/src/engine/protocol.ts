// The messages and requests between the calling thread and the engine. This file imports types only.
import type { HebbError } from '../errors'
import type { Activation } from '../layers'

/** The global through which a workers' file hands over its core's class if the engine runs in the calling thread. */
export const HERE: unique symbol = Symbol.for('hebb')

export type Simd = 'simd128' | 'relaxed'

/** The engines: of networks and data sets, and of the classical models. */
export type KindName = 'networks' | 'classic'

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
  /** The bytes that the memory has from the start on, if it must not grow. */
  fixed: number | undefined
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
    /** Multiply–adds of weights and inputs per sample. */
    multiplyAdds: number
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
  /** What recurrent layers carry from one call to the next, in the order in which a call takes them. */
  states: { name: string; features: number; learned: boolean }[]
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

/** The engine's answer at the end of an epoch, or of a part of it. */
export interface EpochAnswer {
  progress: FitProgress
  /** Whether the epoch was completed. */
  ended: boolean
  /** Whether the training was stopped. */
  stopped: boolean
  /** The evaluation of the selection samples, if there are any and the epoch was completed. */
  selection: Evaluated | undefined
  /** Whether the loss of the selection samples, or else of the training samples, is the lowest of all epochs. */
  best: boolean
  /** The optimizer's own rule that ended the training, and the same in a sentence. */
  end: { rule: 'noDecrease' | 'diverged'; explanation: string } | undefined
  /** The time it trained, without pauses and evaluation. */
  seconds: number
}

/** The result of an evaluation. */
export interface Evaluated {
  loss: number
  regularization: number
  accuracy: number | undefined
  exactMatch?: number
  samples: number
  metrics?: Metrics
}

/** Metrics besides loss and accuracy. */
export type MetricsKind = 'classification' | 'regression' | 'labels'

/** Classification metrics as scikit-learn defines them; a quotient with denominator 0 is 0. */
export interface Classification {
  /** Means over the classes that occur in targets or answers (macro). */
  precision: number
  recall: number
  f1: number
  /** `top[k - 1]`: the fraction of samples whose class is among the k highest scores. */
  top: number[]
  classes: { precision: number; recall: number; f1: number; samples: number }[]
  /** `confusion[target][answer]`: the number of samples. */
  confusion: number[][]
}

/** Regression metrics. */
export interface Regression {
  /** The mean of 1 − Σ(a − t)²/Σ(t − t̄)² over the outputs. */
  r2: number
  /** √(Σ(a − t)² / values). */
  rmse: number
  mae: number
  /** The same for each output. */
  outputs: { r2: number; rmse: number; mae: number }[]
}

/** Metrics of several labels as scikit-learn defines them; a quotient with denominator 0 is 0. */
export interface Labels {
  /** Means over the labels (macro). */
  precision: number
  recall: number
  f1: number
  /** For each label; `samples` is the number of samples with it. */
  labels: { precision: number; recall: number; f1: number; samples: number }[]
}

export interface Metrics {
  /** With `metrics: 'classification'`. */
  classification?: Classification
  /** With `metrics: 'regression'`. */
  regression?: Regression
  /** With `metrics: 'labels'`. */
  labels?: Labels
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

/** What the engines hold. */
export interface Memory {
  /** Bytes of WebAssembly memory, which never shrinks. */
  wasm: number
  /** Bytes held by networks, memories and data sets, and by minibatches of streams that wait for training. */
  held: number
  networks: number
  datasets: number
}

/** The decision for one sample. */
export interface Classified {
  /** Of labels; undefined if one class of several is chosen. */
  threshold: number | undefined
  /** Whether the values are probabilities. */
  probable: boolean
  values: Float32Array
}

/** All values of a training step: those of each layer, and those of all parameters. */
export interface StepTrace {
  loss: number
  layers: Record<'net' | 'a' | 'delta', Float32Array>[]
  /** ∂E/∂w. */
  gradient: Float32Array
  /** Δw. */
  step: Float32Array
  /** The previous Δw. */
  previous: Float32Array
}

/** The gradient of a tensor against finite differences. */
export interface TensorCheck {
  checked: number
  error: number
  /** The parameter with the largest difference, and both gradients. */
  index: number
  gradient: number
  difference: number
}

/** An activation at some places. */
export interface Described {
  value: Float32Array
  derivative: Float32Array
  properties: { range: [least: number, largest: number]; bound: number; kinks: number[] } | undefined
}

type Samples = Uint8Array | Float32Array
type Targets = Uint32Array | Float32Array

/** What the engine does after each epoch. */
export interface EpochEnds {
  /** The data set to evaluate, and the loss, as JSON. */
  selection: number | undefined
  loss: string
  /** Whether to keep the weights of the best epoch. */
  keepBest: boolean
}

/** The requests that every core serves. */
export interface CoreMethods {
  /** Starts to compute with so many threads, once all workers of the pool have joined. */
  startPool(threads: number): void
  memory(): Memory
}

/** The requests about networks, data sets and trainings, which the core owns by number. */
export interface NetworkMethods extends CoreMethods {
  /** Makes a network; `blank` with weights of 0, for those that are set next. */
  network(spec: string, blank: boolean): { id: number; description: Description }
  parameters(id: number): Float32Array
  setParameters(id: number, values: Float32Array): void
  /**
   * All parameters, and the optimizer's state of the same moment: a description as JSON and the values of its tensors, one
   * after another; without `state` if there is none.
   */
  checkpoint(id: number): { parameters: Float32Array; state?: string; values?: Float32Array }
  /** Replaces the optimizer's state; returns its number of updates. */
  setOptimizerState(id: number, state: string, values: Float32Array): number
  /** Replaces the parameters at some places. */
  setSome(id: number, values: Float32Array, places: [offset: number, size: number][]): void
  /**
   * The outputs for samples given as floats or bytes. The last `carried` values of floats are the states of recurrent layers
   * before the first time step, `[samples, values of all states]`; those after the last then follow the outputs.
   */
  predict(id: number, x: Samples, carried: number): Float32Array
  /** The states of one sample before its first time step, if none are given. */
  initialStates(id: number): Float32Array
  predictData(id: number, data: number, from: number, count: number): Float32Array
  /** The outputs of every layer for a data set's samples, one layer after another. */
  activations(id: number, data: number): Float32Array
  /** Evaluates a data set. */
  evaluate(id: number, data: number, loss: string, metrics: MetricsKind | undefined): Promise<Evaluated>
  /** Starts the evaluation of a stream. */
  evaluateStart(id: number, loss: string, metrics: MetricsKind | undefined): number
  /** Adds all samples of a data set. */
  evaluateAdd(evaluation: number, data: number): void
  /** The result, if the evaluation is `complete`, else it ends without one. */
  evaluateEnd(evaluation: number, complete: boolean): Evaluated | undefined
  /** The decision for one sample. */
  classify(id: number, shape: Uint32Array, x: Samples, loss: string): Classified
  gradients(id: number, data: number, loss: string): { loss: number; gradients: Float32Array }
  trace(id: number, data: number, loss: string, optimizer: string): StepTrace
  /** For each trained tensor. */
  checkGradients(id: number, data: number, loss: string): TensorCheck[]
  collapse(id: number): { weight: Float32Array; bias: Float32Array }
  describeActivation(activation: string, places: Float32Array): Described
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
  fitStart(network: number, data: number, options: string, whole: boolean, ends: EpochEnds): FitStart
  /** Starts a training that is fed; `steps` minibatches per epoch if that is known. */
  fitStartStream(network: number, steps: number | undefined, options: string, ends: EpochEnds): FitStart
  /** Feeds a minibatch of a stream; resolves after the minibatch was trained on, or the training ended. */
  fitFeed(id: number, shape: Uint32Array, x: Samples, t: Targets, numbers: Uint32Array): Promise<void>
  /** Ends the epoch of a stream. All minibatches must have been answered. */
  fitEndEpoch(id: number): void
  /**
   * The state of a training that does not run at the moment, beside the network's parameters and its optimizer's state. Its values
   * may be parts of numbers, whose bits count.
   */
  fitSave(id: number): Float32Array
  /**
   * Goes on from such a state, with the same options and samples, before the first minibatch. The network has the parameters and
   * the optimizer's state of that moment. Returns what the saved training continued from.
   */
  fitRestore(id: number, state: Float32Array): FitStart
  /**
   * Trains until the epoch ends, `batches` more minibatches were trained, or `fitStop` is called. Calls `report` at most 20 times per second: with `every` with all
   * minibatches since the last report, else with the last minibatch.
   */
  fitEpoch(
    id: number,
    every: boolean,
    batches: number,
    report: (progress: FitProgress[]) => void,
  ): Promise<EpochAnswer>
  /**
   * Computes the gradients of some of `count` micro-shards of the next minibatch, when a paused training goes on. The answer is the
   * addresses of their sums, and of the gradient, where the sum of all belongs; then the outcomes of each: loss, answers, right ones,
   * samples without a wrong answer. If an operator across the batch waits for what other processes measured, it is two numbers: the
   * address of what all measure, where that belongs, and the number of values of each micro-shard. Undefined if the training was
   * stopped.
   */
  fitShards(id: number, count: number, from: number, to: number): Promise<Float64Array | undefined>
  /** Goes on after it waited; the same answer. */
  fitGoOn(id: number, count: number): Float64Array
  /** Completes the gradient; the next `fitEpoch` trains by it, even if the training is paused or stopped. */
  fitComplete(id: number, outcomes: Float64Array): void
  fitPause(id: number): void
  fitResume(id: number): void
  /** Resolves after `batches` more minibatches were trained: with false if the training ended before. */
  fitStep(id: number, batches: number): Promise<boolean>
  fitStop(id: number): void
  /** Ends a training; with `restore` the network gets the best weights. Undefined if it was disposed of. */
  fitEnd(id: number, restore: boolean): FitEnd | undefined
  disposeNetwork(id: number): void
  disposeDataset(id: number): void
}

/** A core as the calling thread sees it with `thread: 'here'`. */
export interface LocalCore {
  /** Calls one of its methods. Rejects with a HebbError if the caller is at fault. */
  call(method: string, args: readonly unknown[], report: (event: unknown) => void): Promise<unknown>
  /** As predict, synchronously. Of networks only. */
  predictSync?(id: number, x: Samples, carried: number): Float32Array
}

/** What a workers' file leaves for a calling thread that asks for it. */
export interface EvaluatedCore {
  Core: new (start: StartMessage) => LocalCore
  /** Evaluates the file again, which leaves another class, with WebAssembly of its own. */
  evaluate(): void
}

/** The global scope, in which it is left. */
export interface CoreScope {
  [HERE]?: { [kind in KindName]?: EvaluatedCore }
}
