// Messages about the classical models: their requests, and what the engine answers.
import type { CoreMethods } from './protocol'

/** The training result of one unit of a perceptron. */
export interface UnitReport {
  reason: 'converged' | 'cycle' | 'epochs'
  updates: number
  /** Mistakes in each epoch. */
  mistakes: number[]
  margin: number | undefined
  /** Infinite if the margin is 0. */
  bound: number | undefined
  /** The bias last. */
  weights: Float64Array
  /** The recorded updates; in the weights the bias comes last. */
  history: { epoch: number; sample: number; target: 0 | 1; net: number; weights: Float64Array }[]
}

/** The training result of a perceptron. */
export interface PerceptronReport {
  accuracy: number
  units: UnitReport[]
}

/** What a recall made of one cue. */
export interface RecallReport {
  state: Float64Array
  /** The other state of a cycle. */
  other: Float64Array | undefined
  energy: number
  steps: number
  changes: number
  reason: 'fixedPoint' | 'cycle' | 'steps'
  /** What the state is to the stored patterns, if there are any, and to which. */
  kind: 'stored' | 'reversed' | 'mixture' | 'unknown' | undefined
  patterns: number[]
  signs: number[]
  overlap: number | undefined
  /** The recorded updates, column by column. */
  updates: Record<'step' | 'unit' | 'net' | 'output' | 'energy', Float64Array>
}

/** A memory that the engine holds, and a warning about it. */
export interface MemoryStart {
  id: number
  warning: string | undefined
}

/** A kernel as the engine expects it: without sigma, it is the median of the distances. */
export interface KernelSpec {
  kind: 'rbf' | 'linear' | 'polynomial' | 'multiquadric' | 'inverseMultiquadric'
  sigma?: number
  degree?: number
  scale?: number
  constant?: number
}

/** What the training of a kernel machine found. */
export interface KernelReport {
  sigma: number | undefined
  /** Of kernel ridge regression. */
  lambda: number | undefined
  warning: string | undefined
  candidates: { sigma: number | undefined; lambda: number; error: number }[]
  /** Of a perceptron: the numbers of the support vectors, and of each unit the mistakes per epoch. */
  support: number[]
  mistakes: number[][]
  converged: boolean[]
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
  x: Float64Array
  value: number
  gradient: Float64Array
  /** The recorded steps, column by column; `rate` is NaN if there is none, `x` and `gradient` are `[steps, variables]`. */
  steps: Record<'step' | 'rate' | 'tangent' | 'value' | 'x' | 'gradient', Float64Array>
}

/** What a minimisation asks. */
export interface MinimizeQuestion {
  wants: 'value' | 'gradient' | 'differences'
  x: Float64Array
  /** The step for each variable, for differences. */
  h: Float64Array
}

/** The state of a continuous Hopfield network's run. */
export interface HopfieldProgress {
  steps: number
  /** t. */
  time: number
  /** λ. */
  gain: number
  /** E. */
  energy: number
  /** dE/dt. */
  slope: number
}

/** The result of a run. */
export interface HopfieldReport {
  v: Float64Array
  u: Float64Array
  terms: Record<'interaction' | 'integral' | 'input', number>
  progress: HopfieldProgress
  converged: boolean
  rejected: number
  rises: number
  objective: number | undefined
  diagnosis: string | undefined
  constraints: { value: number; excess: number; raiseTo: number | undefined }[]
  /** The recorded moments, column by column. */
  trace: Record<
    'step' | 'time' | 'gain' | 'interaction' | 'integral' | 'input' | 'energy' | 'slope',
    Float64Array
  >
}

/** The result of a travelling salesman. */
export interface TourReport {
  tour: ArrayLike<number> | undefined
  length: number | undefined
  /** For each start. */
  lengths: (number | undefined)[]
  v: Float64Array
  steps: number
}

/** The fit of a line to some samples. */
export interface LineFit {
  cost: number
  rSquared: number
  /** Of each sample. */
  losses: Float64Array
}

/** What k-means finds. */
export interface ClustersReport {
  centers: Float64Array
  assignments: ArrayLike<number>
  inertia: number
  iterations: number
  converged: boolean
}

/** The parameters of a network of radial basis functions: `weights` is `[outputs, units + 1]`, the biases last. */
export interface RbfReport {
  centers: Float64Array
  widths: Float64Array
  weights: Float64Array
  warning: string | undefined
}

/** The requests about the classical models. Only minimisations and memories outlive a request. */
export interface ClassicMethods extends CoreMethods {
  neuronGate(gate: string, inputs: number): { weights: Float64Array; threshold: number }
  neuronFire(weights: Float64Array, threshold: number, x: Float64Array): Uint8Array
  perceptronFit(options: string, x: Float64Array, t: Uint32Array): Promise<PerceptronReport>
  perceptronPredict(weights: Float64Array, inputs: number, x: Float64Array): Uint32Array
  perceptronAccuracy(weights: Float64Array, inputs: number, x: Float64Array, t: Uint32Array): number
  regressionClosedForm(x: Float64Array, features: number, t: Float64Array): Float64Array
  regressionDescend(
    options: string,
    start: Float64Array,
    x: Float64Array,
    t: Float64Array,
  ): Promise<MinimizeReport>
  regressionPredict(parameters: Float64Array, x: Float64Array): Float64Array
  regressionMeasure(parameters: Float64Array, x: Float64Array, t: Float64Array): LineFit
  /** The first question; none if the function is a formula. */
  minimizeStart(
    method: string,
    options: string,
    x: Float64Array,
  ): Promise<{ id: number; question: MinimizeQuestion | undefined }>
  /** The next question; none at the end. */
  minimizeTell(id: number, answer: Float64Array): MinimizeQuestion | undefined
  minimizeReport(id: number): MinimizeReport
  minimizeEnd(id: number): void
  /** Stores patterns in a Hopfield network, or in a dense memory. Calls `report` with the part that is done. */
  memoryStore(
    dense: boolean,
    options: string,
    patterns: Float64Array,
    report: (part: number) => void,
  ): Promise<MemoryStart>
  /** A Hopfield network of given weights; patterns and thresholds may be none. */
  memoryNetwork(
    options: string,
    weights: Float64Array,
    patterns: Float64Array,
    thresholds: Float64Array,
  ): MemoryStart
  memoryRecall(
    id: number,
    options: string,
    cues: Float64Array,
    report: (part: number) => void,
  ): Promise<RecallReport[]>
  memoryWeights(id: number): Record<'weights' | 'thresholds', Float64Array>
  memoryStability(id: number, pattern: number): number
  disposeMemory(id: number): void
  kernelGram(
    kernel: string,
    x: Float64Array,
    y: Float64Array,
    features: number,
  ): { data: Float64Array; sigma: number | undefined }
  kernelFeatures(kernel: string, degree: number, x: Float64Array, features: number): Float64Array
  /** A perceptron, if the targets are class numbers, else ridge regression. */
  kernelFit(
    options: string,
    x: Float64Array,
    t: Uint32Array | Float64Array,
    report: (part: number) => void,
  ): Promise<KernelReport & { id: number }>
  /** Starts a Nyström machine with centers; its number stays when it is trained. */
  kernelNystrom(options: string, centers: Float64Array): number
  /** The next samples. */
  kernelFeed(id: number, x: Float64Array, t: Float64Array, report: (part: number) => void): Promise<void>
  /** After the last samples. */
  kernelSolve(id: number, report: (part: number) => void): Promise<KernelReport>
  /** f(x), `[samples, outputs]`. */
  kernelValues(id: number, x: Float64Array): Promise<Float64Array>
  /** A machine of a kernel that has its width, and of what it learnt. */
  kernelGiven(
    kernel: string,
    inputs: number,
    points: Float64Array,
    alphas: Float64Array,
    biases: Float64Array,
  ): number
  kernelParameters(id: number): Record<'points' | 'alphas' | 'biases', Float64Array>
  disposeKernel(id: number): void
  /** Runs a continuous Hopfield network; calls `report` at most 20 times per second. */
  hopfieldRun(
    options: string,
    stated: string,
    matrix: Float64Array,
    vector: Float64Array,
    coefficients: Float64Array,
    start: Float64Array,
    report: (progress: HopfieldProgress) => void,
  ): Promise<HopfieldReport>
  /** Calls `report` with the part that is done; `start` may be empty. */
  kMeans(
    options: string,
    x: Float32Array,
    features: number,
    start: Float64Array,
    report: (part: number) => void,
  ): Promise<ClustersReport>
  /** Calls `report` with the number of the stage plus the part of it that is done; `centers` may be empty. */
  rbfFit(
    options: string,
    x: Float32Array,
    features: number,
    targets: Float64Array,
    centers: Float64Array,
    report: (stage: number) => void,
  ): Promise<RbfReport>
  salesmanRun(
    options: string,
    distances: Float64Array,
    report: (progress: HopfieldProgress) => void,
  ): Promise<TourReport>
}
