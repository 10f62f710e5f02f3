// Every public name of Hebb. Importing has no effect: the first call starts the engine.

export { collapse } from './analysis/collapse'
export { type ActivationFacts, describeActivation } from './analysis/describeActivation'
export { gradientsOverTime } from './analysis/gradientsOverTime'
export type {
  AssociativeMemory,
  Cue,
  ProgressOptions,
  Recalled,
  RecallOptions,
  RecallUpdate,
  Spurious,
} from './classic/associativeMemory'
export {
  type ConstraintCheck,
  type ContinuousHopfield,
  type ContinuousHopfieldOptions,
  type ContinuousHopfieldResult,
  type ContinuousHopfieldRunOptions,
  continuousHopfield,
} from './classic/continuousHopfield'
export { type DenseMemory, type DenseMemoryOptions, denseMemory } from './classic/denseMemory'
export { type Constraint, type Energy, type EnergyOptions, energy } from './classic/energy'
export { type Formula, formula } from './classic/formula'
export { type Hopfield, type HopfieldOptions, hopfield } from './classic/hopfield'
export type { Answer, Classes, KernelFitOptions, KernelMachine } from './classic/kernelMachine'
export {
  type KernelPerceptron,
  type KernelPerceptronFitOptions,
  type KernelPerceptronOptions,
  kernelPerceptron,
} from './classic/kernelPerceptron'
export {
  type KernelCandidate,
  type KernelRidge,
  type KernelRidgeFitOptions,
  type KernelRidgeOptions,
  kernelRidge,
} from './classic/kernelRidge'
export { type Gram, gram, type Kernel, kernels, lift } from './classic/kernels'
export { type Clusters, type KMeansOptions, kMeans, type SearchOptions } from './classic/kMeans'
export {
  type DescentOptions,
  type LinearRegression,
  linearRegression,
  type RegressionFit,
  type RegressionOptions,
} from './classic/linearRegression'
export { loadKernelMachine } from './classic/loadKernelMachine'
export { loadMemory } from './classic/loadMemory'
export {
  type Gradient,
  type MinimizeOptions,
  type Minimum,
  minimize,
  type Objective,
  type Residuals,
} from './classic/minimize'
export { type Gate, logicGate, type Neuron, type NeuronOptions, neuron } from './classic/neuron'
export { type Nystrom, type NystromFitOptions, type NystromOptions, nystrom } from './classic/nystrom'
export {
  type Perceptron,
  type PerceptronFitOptions,
  type PerceptronOptions,
  type PerceptronUnit,
  type PerceptronUpdate,
  perceptron,
} from './classic/perceptron'
export { type RbfNetworkOptions, type RbfProgress, rbfNetwork } from './classic/rbfNetwork'
export type { DescentStep, StopOptions } from './classic/stop'
export { type Tour, type TravellingSalesmanOptions, travellingSalesman } from './classic/travellingSalesman'
export type { Batch, NamedBatch } from './data/batch'
export type { Dataset, Split, SplitOptions, TargetInput, TypedClasses } from './data/dataset'
export type { CsvData, CsvOptions } from './data/formats/fromCsv'
export type { Mnist, MnistOptions } from './data/formats/mnist'
export type { NumberFormat } from './data/formats/numbers'
export type { Source } from './data/formats/source'
export type { Drawable } from './data/images/drawn'
export type { ImageFolder, ImageFolderOptions } from './data/images/fromImageFolder'
export type { FileImageOptions } from './data/images/fromImages'
export type { ImageOptions } from './data/images/imageToTensor'
export type { ImageSource } from './data/images/openImage'
export type { Pixels } from './data/images/pixels'
export type { Preprocessing, PreprocessingOptions } from './data/images/preprocessing'
export type { NamedInput } from './data/named'
export type { Scaling, ScalingOptions } from './data/scaling'
export { type SequenceOptions, sequences } from './data/sequences'
export type { DataBatchOptions } from './data/streams/batches'
export type { BatchOptions, Order, SampleStream, ShuffleOptions } from './data/streams/minibatches'
export type { PlainSample, Sample } from './data/streams/sample'
export type { RepeatableSource, SampleSource } from './data/streams/source'
export type { Series, WindowsOptions } from './data/windows'
/** Reading data and preparing it for training. */
export * as datasets from './datasets'
export type { HopfieldProgress, MinimizeReason } from './engine/classicProtocol'
export type { EngineInfo, InitOptions, Places } from './engine/engine'
export { init, memory, shutdown } from './engine/engines'
export type {
  Classification,
  FitProgress,
  Labels,
  Memory,
  Metrics,
  MetricsKind,
  Regression,
  Simd,
} from './engine/protocol'
export { type ErrorCode, HebbError } from './errors'
export {
  abs,
  elementwise,
  erf,
  exp,
  expm1,
  log,
  maximum,
  minimum,
  type Operation,
  type Symbolic,
  sigmoid,
  softplus,
  sqrt,
  type Term,
  tanh,
  where,
} from './expression'
export {
  type KerasWeights,
  kerasWeights,
  type OnnxWeights,
  onnxWeights,
} from './interop/recurrentWeights'
export { readSafetensors } from './interop/safetensors'
export * from './layers'
export * from './losses'
export type { ClassScore } from './network/classify'
export type { EvaluateOptions, Evaluation } from './network/evaluate'
export { forecast } from './network/forecast'
export type { Samples } from './network/input'
export { loadNetwork } from './network/load'
export { type Gradients, type Network, network, type OptimizerState } from './network/network'
export type { SaveOptions } from './network/save'
export type { NetworkOptions, NetworkSpec } from './network/spec'
export type { State } from './network/state'
export type { GradientCheck, LayerCheck, LayerTrace, Trace } from './network/trace'
export { withSteps } from './network/withSteps'
export {
  type AdadeltaOptions,
  type AdagradOptions,
  type AdamOptions,
  type AdamWOptions,
  adadelta,
  adagrad,
  adam,
  adamw,
  bfgs,
  type Clip,
  type ConjugateGradientOptions,
  conjugateGradient,
  type FullBatchOptimizer,
  type GradientDescentOptions,
  gradientDescent,
  type LbfgsOptions,
  type LevenbergMarquardtOptions,
  lbfgs,
  levenbergMarquardt,
  type Moment,
  type NadamOptions,
  nadam,
  type Optimizer,
  type OptimizerOption,
  type RmspropOptions,
  rmsprop,
  type Schedule,
  type SgdOptions,
  type StepOptimizer,
  type StepOption,
  schedule,
  sgd,
} from './optimizers'
export type { LearningRate } from './optimizers/learningRate'
export type { Bytes, Floats, Input, Nested, Output, Tensor } from './tensor'
export type { Run } from './training/fit'
export type { CheckpointOptions, FitOptions } from './training/options'
export type { EpochReport, History, StopReason } from './training/report'
export type { Until } from './training/stopping'
