// What the calling thread and the engine say to each other.
import type { ErrorCode } from '../errors'
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

/** A method of the core to call; answered by its number. */
export interface Request {
  id: number
  method: string
  args: readonly unknown[]
}

export type Reply =
  | { id: number; value: unknown }
  | { id: number; error: { code: ErrorCode; message: string } }
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
