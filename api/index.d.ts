type Activation = (typeof NAMES)[number] | {
    leakyRelu: {
        slope: number;
    };
} | {
    elu: {
        alpha: number;
    };
} | {
    elementwise: readonly Operation[];
};

interface ActivationFacts {
    range: [
        least: number,
        largest: number
    ] | undefined;
    bound: number | undefined;
    kinks: number[] | undefined;
    value: Float32Array;
    derivative: Float32Array | undefined;
}

interface ActivationLayer extends NamedLayer {
    type: 'activation';
    activation: Activation;
}

interface AdadeltaOptions extends Common {
    learningRate?: number | Schedule;
    rho?: number;
    epsilon?: number;
    weightDecay?: number;
}

interface AdagradOptions extends Common {
    learningRate?: number | Schedule;
    initialAccumulator?: number;
    epsilon?: number;
    weightDecay?: number;
}

interface AdamOptions extends Common {
    learningRate?: number | Schedule;
    beta1?: number;
    beta2?: number;
    epsilon?: number;
    weightDecay?: number;
    amsgrad?: boolean;
}

interface AdamWOptions extends AdamOptions {
    weightDecay?: number;
}

type Answer = number | number[] | string;

declare abstract class AssociativeMemory {
    #private;
    readonly units: number;
    readonly spec: MemorySpec;
    constructor(spec: MemorySpec);
    abstract readonly who: 'hopfield' | 'denseMemory';
    get count(): number;
    store(patterns: Input, options?: ProgressOptions): Promise<this>;
    recall(cue: readonly (number | null)[], options?: RecallOptions): Promise<Recalled>;
    recall(cue: readonly (readonly (number | null)[])[], options?: RecallOptions): Promise<Recalled[]>;
    recall(cue: Cue, options?: RecallOptions): Promise<Recalled | Recalled[]>;
    toBytes(): Promise<Bytes>;
    save(path: string | URL): Promise<void>;
    dispose(): void;
    [Symbol.dispose](): void;
    abstract tensors(): Promise<NamedTensor[]>;
    stored(): Promise<Stored>;
    keep(owner: Engine<ClassicMethods>, start: MemoryStart, patterns: Float64Array): Stored;
    json(others?: Record<string, unknown>): string;
    get held(): boolean;
}

interface AveragePool2dLayer extends Pool2dLayer<'averagePool2d'> {
    countPadding: boolean;
}

interface AveragePool2dOptions<P extends Origin = Origin> extends Pool2dOptions<P> {
    countPadding?: boolean;
}

interface Batch {
    x: Tensor<Float32Array | Uint8Array>;
    t?: Uint32Array | Tensor<Uint32Array> | Tensor<Float32Array>;
}

interface BatchNormLayer extends NamedLayer {
    type: 'batchNorm';
    momentum: number;
    epsilon: number;
}

interface BatchNormOptions<P extends Origin = Origin> extends Named<P> {
    momentum?: number;
    epsilon?: number;
}

interface BatchOptions extends Omit<ShuffleOptions, 'buffer' | 'prefetch'>, Sized {
    shuffleBuffer?: number;
    prefetch?: number;
}

type Bytes = ReturnType<typeof Uint8Array.of>;

interface CheckpointOptions {
    path: string | URL;
    every?: {
        epochs: number;
    } | {
        batches: number;
    };
    keep?: number;
}

type ClassNames<I, L extends readonly Layer[], C extends readonly string[]> = Through<FromShape<I>, L> extends Flat<infer N> ? number extends N | C['length'] ? C : C['length'] extends (N extends 1 ? 2 : N) ? C : `classes must have ${N extends 1 ? 2 : N} names, not ${C['length']}` : C;

interface ClassScore<P extends number | undefined = number | undefined> {
    label: string;
    index: number;
    score: number;
    probability: P;
    chosen: boolean;
}

type Classes = number | readonly string[];

interface Classification {
    precision: number;
    recall: number;
    f1: number;
    top: number[];
    classes: {
        precision: number;
        recall: number;
        f1: number;
        samples: number;
    }[];
    confusion: number[][];
}

type Clip = {
    value: number;
    norm?: never;
} | {
    norm: number;
    value?: never;
};

interface Clusters {
    centers: Tensor<Float64Array>;
    assignments: Uint32Array;
    inertia: number;
    iterations: number;
    converged: boolean;
}

interface ConjugateGradientOptions {
    formula?: 'polakRibiere' | 'fletcherReeves';
}

interface Constraint {
    name?: string;
    coefficients: ArrayLike<number>;
    equals: number;
    weight?: number;
}

interface ConstraintCheck {
    name: string;
    equals: number;
    weight: number;
    value: number;
    excess: number;
    raiseTo: number | undefined;
}

declare class ContinuousHopfield {
    #private;
    static get name(): string;
    readonly units: number;
    constructor(units: number, options: object & {
        gain: number;
    }, { terms, constraints }: Omit<Energy, 'units'>);
    run(options?: ContinuousHopfieldRunOptions): Promise<ContinuousHopfieldResult>;
}

interface ContinuousHopfieldOptions {
    weights?: Input;
    bias?: ArrayLike<number>;
    energy?: Energy;
    gain?: number;
    resistance?: number | ArrayLike<number>;
    capacitance?: number | ArrayLike<number>;
    permutation?: boolean;
}

interface ContinuousHopfieldResult {
    v: Float64Array;
    u: Float64Array;
    energy: number;
    terms: {
        interaction: number;
        integral: number;
        input: number;
    };
    converged: boolean;
    reason: 'converged' | 'steps';
    steps: number;
    time: number;
    rejected: number;
    rises: number;
    trace: HopfieldReport['trace'];
    objective: number | undefined;
    constraints: readonly ConstraintCheck[];
    diagnosis: string | undefined;
}

interface ContinuousHopfieldRunOptions {
    until?: number;
    start?: ArrayLike<number>;
    seed?: number;
    integrator?: 'adaptive' | 'euler' | 'rungeKutta';
    step?: number;
    tolerance?: number;
    anneal?: {
        from: number;
        factor?: number;
        steps?: number;
    };
    steps?: number;
    history?: number;
    onProgress?: (progress: HopfieldProgress) => void;
}

interface Conv2dLayer<F extends number = number> extends WeightedLayer {
    type: 'conv2d';
    filters: F;
    kernel: [
        number,
        number
    ];
    stride: [
        number,
        number
    ];
    padding: Sides;
    dilation: [
        number,
        number
    ];
    groups: number | 'depthwise';
    connections?: readonly (readonly number[])[];
}

interface Conv2dOptions<F extends number = number, P extends Origin = Origin> extends Weighted<P> {
    filters: F;
    kernel: Pair;
    stride?: Pair;
    padding?: Padding;
    dilation?: Pair;
    groups?: number | 'depthwise';
    connections?: readonly (readonly number[])[];
}

interface CsvData {
    dataset: Dataset;
    columns: string[];
    classes: string[] | undefined;
    categories: Record<string, string[]>;
}

interface CsvOptions extends NumberFormat {
    target?: string | number | readonly (string | number)[];
    columns?: readonly (string | number)[];
    classes?: boolean | readonly string[];
    categories?: Readonly<Record<string, true | readonly string[]>>;
    delimiter?: string;
    header?: boolean;
    missing?: readonly string[];
    onMissing?: 'error' | 'skip' | 'mean';
}

type Cue = Input | readonly (number | null)[] | readonly (readonly (number | null)[])[];

interface DataBatchOptions extends Sized {
    shuffle?: boolean;
    seed?: number;
    epoch?: number;
    order?: Order;
}

declare class Dataset extends Handle {
    #private;
    static get name(): string;
    readonly kind = "data set";
    readonly samples: number;
    readonly shape: readonly number[];
    readonly inputs: readonly NamedShape[] | undefined;
    readonly outputs: readonly NamedShape[] | undefined;
    private constructor();
    static create(owner: Engine, shape: readonly number[], x: Uint8Array | Float32Array, t?: Targets, { inputs, outputs, numbers, given }?: Labelling): Promise<Dataset>;
    subset(indices: readonly number[] | Uint32Array): Promise<Dataset>;
    read(indices: Uint32Array): Promise<Batch>;
    split<O extends SplitOptions>(options: O): Promise<Split<O>>;
    setAside(count: number, options?: {
        seed?: number;
    }): Promise<{
        chosen: Dataset;
        rest: Dataset;
    }>;
    partition(who: string, wanted: Record<string, number | undefined>, seed?: number): Promise<(Dataset | undefined)[]>;
}

type Deciding<L extends readonly unknown[]> = L extends readonly [
    ...unknown[],
    {
        activation: Deciders;
    }
] ? number : number | undefined;

interface DenseLayer<U extends number = number> extends WeightedLayer {
    type: 'dense';
    units: U;
    storage?: Storage;
}

declare class DenseMemory extends AssociativeMemory {
    static get name(): string;
    readonly who = "denseMemory";
    tensors(): Promise<NamedTensor[]>;
}

interface DenseMemoryOptions {
    units: number;
    degree?: number | 'softmax';
    beta?: number;
    values?: 'bipolar' | 'binary';
}

interface DenseOptions<U extends number = number, P extends Origin = Origin, A extends Activation = Activation> extends Weighted<P, A> {
    units: U;
    storage?: Storage | undefined;
}

interface DescentOptions extends StopOptions {
    method: 'gradientDescent';
    learningRate?: LearningRate;
    batchSize?: number | 'all';
    epochs?: number;
    seed?: number;
    start?: ArrayLike<number>;
}

interface DescentStep {
    step: number;
    x: Float64Array;
    value: number;
    gradient: Float64Array;
    tangent: number;
    learningRate: number | undefined;
}

type Direction = 'forward' | 'backward' | 'both';

type Drawable = HTMLCanvasElement | OffscreenCanvas | ImageBitmap | HTMLVideoElement | VideoFrame;

interface DropoutLayer extends NamedLayer {
    type: 'dropout';
    rate: number;
}

interface DropoutOptions<P extends Origin = Origin> extends Named<P> {
    rate: number;
}

interface EmbeddingLayer<U extends number = number> extends NamedLayer {
    type: 'embedding';
    units: U;
    vocabulary: number;
}

interface EmbeddingOptions<U extends number = number, P extends Origin = Origin> extends Named<P> {
    units: U;
    vocabulary: number;
    initializer?: Initializer;
    regularization?: Regularization;
}

interface Energy {
    readonly units: number;
    readonly constraints: readonly {
        name: string;
        equals: number;
        weight: number;
    }[];
    readonly terms: {
        stated: string;
        matrix: Float64Array;
        vector: Float64Array;
        coefficients: Float64Array;
    };
}

interface EnergyOptions {
    units: number;
    quadratic?: Input;
    linear?: ArrayLike<number>;
    constraints?: readonly Constraint[];
    binary?: number | ArrayLike<number>;
}

interface EngineInfo {
    threads: number;
    simd: Simd;
    isolated: boolean;
    maxMemory: number | undefined;
    reason: string;
}

interface EpochReport {
    epoch: number;
    loss: number;
    regularization: number;
    accuracy: number | undefined;
    exactMatch: number | undefined;
    selectionLoss: number | undefined;
    selectionAccuracy: number | undefined;
    selectionExactMatch: number | undefined;
    seconds: number;
    samplesPerSecond: number;
    learningRate: number;
    gradientNorm: number | undefined;
    gradientChange: number | undefined;
    gradientLargest: number | undefined;
    gradientEvaluations: number;
    lossEvaluations: number;
}

type ErrorCode = 'option' | 'shape' | 'data' | 'file' | 'memory' | 'diverged' | 'disposed' | 'engine' | 'engineLost';

interface EuclideanRbfLayer extends NamedLayer {
    type: 'euclideanRbf';
    centers: readonly (readonly number[])[];
    activation: Activation;
}

interface EuclideanRbfOptions<P extends Origin = Origin, A extends Activation = Activation> extends Named<P> {
    centers: readonly (readonly number[])[];
    activation?: A;
}

interface EvaluateOptions {
    loss?: LossOption;
    regularization?: Regularization;
    metrics?: MetricsKind;
}

interface Evaluation<A extends number | undefined = number | undefined> extends Metrics {
    loss: number;
    regularization: number;
    accuracy: A;
    exactMatch?: number;
    samples: number;
}

interface FileImageOptions extends ImageOptions {
    maxPixels?: number;
}

interface FitOptions {
    epochs?: number;
    batchSize?: number;
    seed?: number;
    shuffle?: boolean;
    shuffleBuffer?: number;
    stepsPerEpoch?: number;
    loss?: LossOption;
    regularization?: Regularization;
    optimizer?: OptimizerOption;
    rates?: Readonly<Record<string, number>>;
    accumulate?: number;
    truncated?: true | {
        every: number;
    };
    until?: Until;
    selection?: Dataset | number;
    patience?: number;
    checkpoint?: CheckpointOptions | string | URL | ((bytes: Bytes, report: EpochReport) => void | Promise<void>);
    resume?: boolean | string | URL;
    distributed?: Ranks;
    progress?: boolean;
    signal?: AbortSignal;
    onEpochEnd?: (report: EpochReport) => void | Promise<void>;
    onBatch?: (progress: FitProgress) => void;
}

interface FitProgress {
    epoch: number;
    batch: number;
    batches: number;
    loss: number;
    accuracy: number | undefined;
    exactMatch: number | undefined;
    samples: number;
    learningRate: number;
    batchLoss: number;
    gradientNorm: number | undefined;
    gradientChange: number | undefined;
    gradientLargest: number | undefined;
    gradientEvaluations: number;
    lossEvaluations: number;
    regularization: number;
}

type Fitting<I, L extends readonly Layer[]> = Checked<FromShape<I>, L> extends infer Found extends readonly unknown[] ? Found : L;

interface FlattenLayer extends NamedLayer {
    type: 'flatten';
}

type Floats = Tensor<Float32Array | Float64Array>;

interface Formula {
    readonly formula: (...x: Symbolic[]) => Term;
}

type FullBatchOptimizer = ReturnType<(typeof FULL_BATCH)[keyof typeof FULL_BATCH]>;

type Gate = 'and' | 'or' | 'not' | 'nand' | 'nor';

interface GlobalAveragePool2dLayer extends NamedLayer {
    type: 'globalAveragePool2d';
}

type Gradient = (x: Float64Array) => ArrayLike<number> | Promise<ArrayLike<number>>;

interface GradientCheck {
    ok: boolean;
    layers: LayerCheck[];
}

interface GradientDescentOptions {
    learningRate?: LearningRate;
    lineSearch?: 'brent' | 'goldenSection';
}

interface Gradients {
    gradients: Record<string, Tensor>;
    loss: number;
}

interface Gram {
    data: Float64Array;
    shape: readonly [
        number,
        number
    ];
    sigma: number | undefined;
}

interface GruLayer<U extends number = number, R extends Returns = Returns, D extends Direction = Direction> extends RecurrentLayer<U, R, D> {
    type: 'gru';
    reset: 'after' | 'before';
}

interface GruOptions<U extends number = number, R extends Returns = Returns, P extends Origin = Origin, D extends Direction = Direction> extends RecurrentOptions<U, R, P, D> {
    reset?: 'after' | 'before';
}

declare class HebbError extends Error {
    static get name(): string;
    readonly name = "HebbError";
    readonly code: ErrorCode;
    constructor(code: ErrorCode, message: string);
}

interface History {
    epochs: EpochReport[];
    stopReason: StopReason;
    explanation: string;
    warning: string | undefined;
    gradientEvaluations: number;
    lossEvaluations: number;
    bestEpoch: number | undefined;
    optimizer: {
        type: string;
        before: number;
        steps: number;
    };
}

declare class Hopfield extends AssociativeMemory {
    #private;
    static get name(): string;
    readonly who = "hopfield";
    constructor(spec: MemorySpec, weights: Float64Array | undefined);
    store(patterns: Input, options?: ProgressOptions): Promise<this>;
    weights(): Promise<{
        data: Float64Array;
        shape: readonly number[];
    }>;
    thresholds(): Promise<Float64Array>;
    stability(pattern: number): Promise<number>;
    stored(): Promise<Stored>;
    tensors(): Promise<NamedTensor[]>;
}

interface HopfieldOptions {
    units: number;
    values?: 'bipolar' | 'binary';
    rule?: 'hebb' | 'storkey' | 'pseudoInverse' | 'flow';
    thresholds?: number | ArrayLike<number> | 'learn';
    weights?: Input;
}

interface HopfieldProgress {
    steps: number;
    time: number;
    gain: number;
    energy: number;
    slope: number;
}

interface ImageFolder {
    dataset: Dataset;
    classes: string[];
    files: string[];
}

interface ImageFolderOptions extends FileImageOptions {
    classes?: readonly string[];
}

interface ImageOptions {
    channels?: 1 | 3;
    size?: number | readonly [
        height: number,
        width: number
    ];
    background?: readonly [
        red: number,
        green: number,
        blue: number
    ];
}

type ImageSource = Pixels | Source | Blob | Drawable;

interface InitOptions extends Places {
    threads?: number;
    simd?: Simd;
    maxMemory?: number;
    thread?: 'worker' | 'here';
    classic?: Places;
    images?: string | URL | BufferSource;
    timeout?: number;
}

type Initializer = (typeof INITIALIZERS)[number] | {
    uniform: number;
} | {
    normal: number;
};

type Input = Nested | Tensor<Float32Array | Float64Array | Uint8Array | Uint8ClampedArray | Int32Array | Uint32Array>;

type Inputs = Shape | Readonly<Record<string, Shape>>;

interface KMeansOptions extends SearchOptions {
    clusters: number;
    centers?: Input;
    onProgress?: (part: number) => void;
}

interface KerasWeights {
    kernel: Input;
    recurrent_kernel: Input;
    bias?: Input;
}

type Kernel = {
    kind: 'rbf';
    sigma: number | 'median';
} | {
    kind: 'linear';
} | {
    kind: 'polynomial';
    degree: number;
    scale: number;
    constant: number;
} | {
    kind: 'multiquadric';
    constant: number;
} | {
    kind: 'inverseMultiquadric';
    constant: number;
};

interface KernelCandidate {
    sigma: number | undefined;
    lambda: number;
    error: number;
}

interface KernelFitOptions {
    onProgress?: (part: number) => void;
}

declare abstract class KernelMachine {
    #private;
    readonly inputs: number;
    readonly kernel: Kernel;
    readonly classes: Classes | undefined;
    sigma: number | undefined;
    abstract readonly who: string;
    constructor(who: string, inputs: unknown, kernel: unknown, classes: unknown);
    values(x: Input | Dataset): Promise<{
        data: Float64Array;
        shape: readonly [
            number,
            number
        ];
    }>;
    predict(x: Input | Dataset): Promise<Answer | Answer[]>;
    evaluate(x: Dataset): Promise<{
        accuracy?: number;
        error?: number;
    }>;
    evaluate(x: Input, t: Input | ArrayLike<number> | readonly string[]): Promise<{
        accuracy?: number;
        error?: number;
    }>;
    parameters(): Promise<{
        points: Float64Array;
        alphas: Float64Array;
        biases: Float64Array;
    }>;
    toBytes(): Promise<Bytes>;
    save(path: string | URL): Promise<void>;
    dispose(): void;
    [Symbol.dispose](): void;
    get count(): number;
    get spec(): object;
    json(options: Record<string, unknown>): string;
    owner(): Promise<Engine<ClassicMethods>>;
    keep(held: Held, { sigma, warning }: Pick<KernelReport, 'sigma' | 'warning'>, outputs: number): void;
    trained(): Held;
    toClassNumbers(t: unknown, samples: number): Uint32Array;
    toValues(t: unknown, samples: number): Float64Array;
    signs(classes: Uint32Array): Float64Array;
}

declare class KernelPerceptron extends KernelMachine {
    static get name(): string;
    readonly who = "kernelPerceptron";
    converged: boolean;
    mistakes: readonly (readonly number[])[];
    support: readonly number[];
    fit(x: Dataset, options?: KernelPerceptronFitOptions): Promise<this>;
    fit(x: Input, t: ArrayLike<number> | readonly string[], options?: KernelPerceptronFitOptions): Promise<this>;
}

interface KernelPerceptronFitOptions extends KernelFitOptions {
    epochs?: number;
    shuffle?: boolean;
    seed?: number;
}

interface KernelPerceptronOptions {
    inputs: number;
    kernel: Kernel;
    classes?: Classes;
}

declare class KernelRidge extends KernelMachine {
    #private;
    static get name(): string;
    readonly who = "kernelRidge";
    lambda: number;
    candidates: readonly KernelCandidate[];
    warning: string | undefined;
    constructor(inputs: unknown, all: readonly Kernel[], lambdas: readonly number[], classes: unknown);
    fit(x: Input, t: Input | ArrayLike<number> | readonly string[], options?: KernelRidgeFitOptions): Promise<this>;
}

interface KernelRidgeFitOptions extends KernelFitOptions {
    folds?: number;
    seed?: number;
}

interface KernelRidgeOptions {
    inputs: number;
    kernel: Kernel | readonly Kernel[];
    lambda?: number | readonly number[];
    classes?: Classes;
}

interface Labels {
    precision: number;
    recall: number;
    f1: number;
    labels: {
        precision: number;
        recall: number;
        f1: number;
        samples: number;
    }[];
}

type Layer = MadeBy<(typeof all)[keyof typeof all]>;

interface LayerCheck {
    name: string;
    maxRelativeError: number;
    checked: number;
    worst: {
        tensor: string;
        index: number;
        backpropagation: number;
        difference: number;
    };
}

interface LayerTrace {
    name: string;
    net: Output$1;
    a: Output$1;
    delta: Output$1;
    dEdw?: Tensor;
    dw?: Tensor;
    previousDw?: Tensor;
    dEdb?: Tensor;
    db?: Tensor;
    previousDb?: Tensor;
}

interface LbfgsOptions {
    memory?: number;
}

type LearningRate = number | {
    from: number;
    decay: number;
} | 'lineMinimized';

interface LevenbergMarquardtOptions {
    damping?: number;
}

declare class LinearRegression {
    #private;
    static get name(): string;
    readonly inputs: number;
    weights: Float64Array;
    intercept: number;
    cost: number;
    rSquared: number;
    converged: boolean;
    reason: MinimizeReason | 'closedForm' | undefined;
    explanation: string;
    history: readonly DescentStep[];
    constructor(inputs: number);
    get slope(): number;
    fit(x: Input, t: Input | ArrayLike<number>, options?: RegressionOptions): Promise<this>;
    predict(x: number): Promise<number>;
    predict(x: Input): Promise<number | number[]>;
    evaluate(x: Input, t: Input | ArrayLike<number>): Promise<RegressionFit>;
}

interface LocalResponseNormLayer extends NamedLayer {
    type: 'localResponseNorm';
    size: number;
    alpha: number;
    beta: number;
    k: number;
}

interface LocalResponseNormOptions<P extends Origin = Origin> extends Named<P> {
    size: number;
    alpha?: number;
    beta?: number;
    k?: number;
}

type Loss = {
    type: 'sumSquaredError';
} | {
    type: 'meanSquaredError';
    reduction: 'samples' | 'elements';
} | {
    type: 'rootMeanSquaredError';
    reduction: 'samples' | 'elements';
} | {
    type: 'normalizedSquaredError';
    variance?: number;
} | {
    type: 'crossEntropy';
    labelSmoothing?: number;
    classWeights?: readonly number[];
    rubbish?: number;
} | {
    type: 'binaryCrossEntropy';
    positiveWeight?: number;
} | {
    type: 'elementwise';
    expression: readonly Operation[];
    targets?: 'signs' | 'probabilities';
};

type LossOption = One | Readonly<Record<string, One>>;

interface LstmLayer<U extends number = number, R extends Returns = Returns, D extends Direction = Direction> extends RecurrentLayer<U, R, D> {
    type: 'lstm';
}

interface MaxPool2dLayer extends Pool2dLayer<'maxPool2d'> {
}

interface Memory {
    wasm: number;
    held: number;
    networks: number;
    datasets: number;
}

interface MergeLayer<T extends Merge> extends NamedLayer {
    type: T;
    from: readonly string[];
}

interface MergeOptions extends Named<readonly string[]> {
    from: readonly string[];
}

interface Metrics {
    classification?: Classification;
    regression?: Regression;
    labels?: Labels;
}

type MetricsKind = 'classification' | 'regression' | 'labels';

interface MinimizeOptions extends StopOptions {
    method?: OptimizerOption;
    maximize?: boolean;
    gradient?: Gradient;
    learningRate?: LearningRate;
    steps?: number;
}

type MinimizeReason = 'gradient' | 'convergenceThreshold' | 'noDecrease' | 'steps' | 'diverged';

interface Minimum {
    x: Float64Array;
    value: number;
    gradient: Float64Array;
    converged: boolean;
    reason: MinimizeReason;
    explanation: string;
    steps: readonly DescentStep[];
    evaluations: number;
}

interface Mnist {
    train: Dataset;
    selection: Dataset | undefined;
    test: Dataset;
}

interface MnistOptions {
    selection?: number;
    seed?: number;
    from?: string | URL;
}

interface Moment {
    step: number;
    steps: number | undefined;
    epoch: number;
    epochs: number;
    part: number;
}

interface NadamOptions extends Common {
    learningRate?: number | Schedule;
    beta1?: number;
    beta2?: number;
    epsilon?: number;
    weightDecay?: number;
    momentumDecay?: number;
}

interface NamedBatch {
    x: Batch['x'] | Readonly<Record<string, Batch['x']>>;
    t?: Batch['t'] | Readonly<Record<string, Tensor<Float32Array>>>;
}

type NamedInput = Readonly<Record<string, Input>>;

type Nested = readonly number[] | readonly Nested[];

declare class Network<A extends number | undefined = number | undefined> extends Predictor<A> {
    #private;
    static get name(): string;
    static create(spec: NetworkSpec, classes?: readonly string[], blank?: boolean): Promise<Network>;
    fit(data: Dataset | SampleStream, options?: FitOptions): Run;
    gradients(x: Input | NamedInput | Dataset, t?: TargetInput, options?: {
        loss?: LossOption;
        regularization?: Regularization;
    }): Promise<Gradients>;
    trace(x: Input | NamedInput | Dataset, t?: TargetInput, options?: {
        loss?: LossOption;
        regularization?: Regularization;
        optimizer?: StepOption;
    }): Promise<Trace>;
    checkGradients(x: Input | NamedInput | Dataset, t?: TargetInput, options?: {
        loss?: LossOption;
        regularization?: Regularization;
    }): Promise<GradientCheck>;
    update(gradients: Record<string, Floats>, optimizer?: StepOption): Promise<void>;
    get optimizerState(): OptimizerState | undefined;
    remember(type: string, steps: number | undefined): void;
    weights(): Promise<Record<string, Tensor>>;
    setWeights(weights: Record<string, Floats>, options?: {
        partial?: boolean;
    }): Promise<void>;
    adopt(weights: Record<string, Floats>, state?: SavedState, partial?: boolean): Promise<void>;
    checkpoint(): Promise<{
        weights: Record<string, Tensor>;
        state?: string;
        values?: Float32Array;
    }>;
    fileWith(more: FileParts): Promise<Bytes>;
    toBytes(options?: SaveOptions): Promise<Bytes>;
    save(path: string | URL, options?: SaveOptions): Promise<void>;
}

interface NetworkOptions<Classes = readonly string[]> {
    seed?: number;
    classes?: Classes | undefined;
    outputs?: readonly string[];
    preprocessing?: Preprocessing;
}

interface NetworkSpec {
    input: readonly number[] | readonly NamedShape[];
    seed: number;
    layers: readonly Layer[];
    outputs?: readonly string[];
    preprocessing?: Preprocessing;
}

declare class Neuron {
    static get name(): string;
    readonly weights: Float64Array;
    readonly threshold: number;
    constructor(weights: Float64Array, threshold: number);
    fire(x: readonly number[]): Promise<number>;
    fire(x: Input): Promise<number[]>;
}

interface NeuronOptions {
    weights: ArrayLike<number>;
    threshold: number;
}

interface NumberFormat {
    decimal?: '.' | ',';
    thousands?: string;
    strip?: readonly string[];
}

declare class Nystrom extends KernelMachine {
    #private;
    static get name(): string;
    readonly who = "nystrom";
    readonly lambda: number;
    warning: string | undefined;
    constructor({ inputs, kernel, classes }: NystromOptions, centers: number | Float64Array, lambda: number);
    fit(x: Dataset, options?: NystromFitOptions): Promise<this>;
    fit(x: Input, t: Input | ArrayLike<number> | readonly string[], options?: NystromFitOptions): Promise<this>;
}

interface NystromFitOptions extends KernelFitOptions {
    seed?: number;
    progress?: boolean;
}

interface NystromOptions {
    inputs: number;
    kernel: Kernel;
    centers: number | Input;
    lambda?: number;
    classes?: Classes;
}

type Objective = (x: Float64Array) => number | Promise<number>;

interface OnnxWeights {
    W: Input;
    R: Input;
    B?: Input;
}

type Operation = readonly [
    name: string,
    ...arguments: number[]
];

type Optimizer = StepOptimizer | FullBatchOptimizer;

type OptimizerOption = Optimizer | Optimizer['type'];

interface OptimizerState {
    type: string;
    steps: number;
}

type Order = (count: number) => Uint32Array;

type Origin = string | readonly string[];

declare class Output implements Tensor {
    static get name(): string;
    readonly data: Float32Array;
    readonly shape: readonly number[];
    constructor(data: Float32Array, shape: readonly number[]);
    toArray(): Nested;
}

type Padding = Pair | readonly [
    readonly [
        number,
        number
    ],
    readonly [
        number,
        number
    ]
] | 'same';

type Pair = number | readonly [
    number,
    number
];

declare class Perceptron {
    #private;
    static get name(): string;
    readonly inputs: number;
    readonly classes: number;
    readonly values: 'binary' | 'bipolar';
    units: readonly PerceptronUnit[];
    accuracy: number;
    constructor(inputs: number, classes: number, values: 'binary' | 'bipolar');
    get updates(): number;
    get converged(): boolean;
    get bound(): number | undefined;
    get weights(): Float64Array;
    get bias(): number;
    get reason(): PerceptronUnit['reason'] | undefined;
    fit(x: Dataset, options?: PerceptronFitOptions): Promise<this>;
    fit(x: Input, t: Input | ArrayLike<number>, options?: PerceptronFitOptions): Promise<this>;
    predict(x: readonly number[]): Promise<number>;
    predict(x: Input | Dataset): Promise<number[]>;
    evaluate(x: Dataset): Promise<{
        accuracy: number;
    }>;
    evaluate(x: Input, t: Input | ArrayLike<number>): Promise<{
        accuracy: number;
    }>;
}

interface PerceptronFitOptions {
    variant?: 'last' | 'pocket' | 'averaged';
    learningRate?: number;
    epochs?: number;
    shuffle?: boolean;
    seed?: number;
    history?: number;
}

interface PerceptronOptions {
    inputs: number;
    classes?: number;
    values?: 'binary' | 'bipolar';
}

interface PerceptronUnit {
    weights: Float64Array;
    bias: number;
    updates: number;
    converged: boolean;
    reason: 'converged' | 'cycle' | 'epochs';
    mistakes: readonly number[];
    margin: number | undefined;
    bound: number | undefined;
    history: readonly PerceptronUpdate[];
}

interface PerceptronUpdate {
    epoch: number;
    sample: number;
    target: 0 | 1;
    net: number;
    weights: Float64Array;
    bias: number;
}

interface PermuteLayer<A extends readonly number[] = readonly number[]> extends NamedLayer {
    type: 'permute';
    axes: A;
}

interface Pixels {
    data: Uint8ClampedArray | Uint8Array;
    width: number;
    height: number;
}

interface Places {
    wasm?: string | URL | BufferSource | WebAssembly.Module;
    worker?: string | URL;
}

interface PlainSample {
    x: Values;
    t?: number | Nested | Numbers;
}

interface Pool2dOptions<P extends Origin = Origin> extends Named<P> {
    kernel: Pair;
    stride?: Pair;
    padding?: Padding;
    ceilMode?: boolean;
}

interface Preprocessing {
    resize?: number | [
        number,
        number
    ];
    interpolation: 'bilinear' | 'bicubic';
    crop?: [
        number,
        number
    ];
    tenCrop: boolean;
    order: 'rgb' | 'bgr';
    scale: 1 | 255;
    mean: [
        number,
        number,
        number
    ];
    deviation: [
        number,
        number,
        number
    ];
    background?: [
        number,
        number,
        number
    ];
}

interface PreprocessingOptions {
    resize?: number | readonly [
        height: number,
        width: number
    ];
    interpolation?: 'bilinear' | 'bicubic';
    crop?: number | readonly [
        height: number,
        width: number
    ];
    tenCrop?: boolean;
    order?: 'rgb' | 'bgr';
    scale?: 1 | 255;
    mean?: number | readonly [
        number,
        number,
        number
    ];
    deviation?: number | readonly [
        number,
        number,
        number
    ];
    background?: readonly [
        red: number,
        green: number,
        blue: number
    ];
}

interface ProgressOptions {
    onProgress?: (part: number) => void;
}

interface RbfLayer<U extends number = number> extends NamedLayer {
    type: 'rbf';
    units: U;
    centers?: readonly (readonly number[])[];
    widths?: number | readonly number[];
}

interface RbfNetworkOptions extends SearchOptions {
    units: number;
    centers?: 'kMeans' | 'samples' | Input;
    widths?: number | ArrayLike<number> | {
        nearest?: number;
        factor?: number;
    };
    regularization?: number;
    classes?: readonly string[];
    progress?: boolean;
    onProgress?: (progress: RbfProgress) => void;
}

interface RbfOptions<U extends number = number, P extends Origin = Origin> extends Named<P> {
    units: U;
    centers?: readonly (readonly number[])[];
    widths?: number | readonly number[];
}

interface RbfProgress {
    stage: 'centers' | 'weights';
    part: number;
}

interface RecallOptions extends ProgressOptions {
    order?: 'asynchronous' | 'synchronous';
    seed?: number;
    steps?: number;
    trace?: boolean;
}

interface RecallUpdate {
    step: number;
    unit: number;
    net: number;
    output: number;
    inverting: number;
    energy: number;
}

interface Recalled {
    state: number[];
    energy: number;
    steps: number;
    changes: number;
    converged: boolean;
    reason: 'fixedPoint' | 'cycle' | 'steps';
    cycle: number[] | undefined;
    pattern: number | undefined;
    overlap: number | undefined;
    spurious: Spurious | undefined;
    trace: readonly RecallUpdate[];
}

type RecurrentActivation = 'tanh' | 'sigmoid' | 'relu';

interface RecurrentOptions<U extends number = number, R extends Returns = Returns, P extends Origin = Origin, D extends Direction = Direction> extends Omit<Weighted<P>, 'activation'> {
    units: U;
    returns?: R;
    direction?: D;
    layers?: number;
    dropout?: number;
    initialState?: 'zeros' | 'learned';
}

interface Regression {
    r2: number;
    rmse: number;
    mae: number;
    outputs: {
        r2: number;
        rmse: number;
        mae: number;
    }[];
}

interface RegressionFit {
    losses: Float64Array;
    cost: number;
    rSquared: number;
}

type RegressionOptions = {
    method?: 'closedForm';
} | DescentOptions;

interface Regularization {
    l1?: number;
    l2?: number;
}

interface RepeatVectorLayer extends NamedLayer {
    type: 'repeatVector';
    steps: number;
}

interface RepeatVectorOptions<P extends Origin = Origin> extends Named<P> {
    steps: number;
}

type RepeatableSource<T> = SampleSource<T> | ((pass?: number) => SampleSource<T> | Promise<SampleSource<T>>);

interface ReshapeLayer<S extends readonly number[] = readonly number[]> extends NamedLayer {
    type: 'reshape';
    shape: S;
}

type Residuals = (x: Float64Array) => ArrayLike<number> | Promise<ArrayLike<number>>;

type Returns = 'last' | 'all';

interface RmspropOptions extends Common {
    learningRate?: number | Schedule;
    rho?: number;
    momentum?: number;
    centered?: boolean;
    epsilon?: number;
    weightDecay?: number;
}

interface RnnLayer<U extends number = number, R extends Returns = Returns, D extends Direction = Direction> extends RecurrentLayer<U, R, D> {
    type: 'rnn';
    activation: RecurrentActivation;
}

interface RnnOptions<U extends number = number, R extends Returns = Returns, P extends Origin = Origin, D extends Direction = Direction> extends RecurrentOptions<U, R, P, D> {
    activation?: RecurrentActivation;
}

declare class Run implements Promise<History>, AsyncIterable<FitProgress> {
    #private;
    static get name(): string;
    readonly [Symbol.toStringTag] = "Run";
    constructor(network: Trainable, data: Dataset | SampleStream, options: FitOptions);
    then<A = History, B = never>(resolved?: ((value: History) => A | PromiseLike<A>) | null, rejected?: ((reason: any) => B | PromiseLike<B>) | null): Promise<A | B>;
    catch<B = never>(rejected?: ((reason: any) => B | PromiseLike<B>) | null): Promise<History | B>;
    finally(settled?: (() => void) | null): Promise<History>;
    stop(): void;
    get paused(): boolean;
    pause(): void;
    resume(): void;
    step(batches?: number): Promise<void>;
    [Symbol.asyncIterator](): AsyncGenerator<FitProgress, void>;
}

interface Sample {
    x: Values | Named;
    t?: number | Nested | Numbers | Named;
}

type SampleSource<T> = AsyncIterable<T> | Iterable<T> | ReadableStream<T>;

type SampleStream = RepeatableSource<Sample>;

type Samples = Input | Pixels | NamedInput;

interface SaveOptions {
    optimizer?: boolean;
}

interface Scaling {
    mean: number[];
    deviation: number[];
}

interface ScalingOptions {
    targets?: boolean;
}

type Schedule = {
    type: 'constant';
    value: number;
    warmup?: number;
} | {
    type: 'cosine';
    from: number;
    to: number;
    warmup: number;
} | {
    type: 'exponential';
    from: number;
    to: number;
    warmup: number;
} | {
    type: 'oneCycle';
    from: number;
    peak: number;
    to: number;
    warmup: number;
} | {
    type: 'step';
    from: number;
    factor: number;
    every: number;
    warmup?: number;
} | {
    type: 'plateau';
    from: number;
    factor: number;
    patience: number;
    decrease: number;
    to: number;
    warmup: number;
} | {
    type: 'custom';
    rate: (moment: Moment) => number;
    warmup: number;
};

interface SearchOptions {
    seed?: number;
    batchSize?: number | 'all';
    iterations?: number;
    tolerance?: number;
}

interface SequenceOptions {
    steps?: number;
    per?: 'sequence' | 'step';
}

type Series = Input | Float32Array | Float64Array;

interface SgdOptions extends Common {
    learningRate?: number | Schedule;
    momentum?: number;
    nesterov?: boolean;
    weightDecay?: number;
}

type Shape = readonly [
    number
] | readonly [
    number,
    number
] | readonly [
    number,
    number,
    number
];

type Shaped<I> = I extends Inputs ? I : 'the shape of a sample is [features], [steps, features] or [channels, height, width]';

interface SharedLayer extends NamedLayer {
    type: 'shared';
    of: string;
}

interface ShuffleOptions {
    buffer?: number;
    seed?: number;
    epoch?: number;
    prefetch?: number;
    order?: Order;
}

type Simd = 'simd128' | 'relaxed';

type Source = string | URL | Uint8Array;

interface Split<O extends SplitOptions = SplitOptions> {
    train: Dataset;
    selection: SplitPart<O, 'selection'>;
    test: SplitPart<O, 'test'>;
}

interface SplitOptions {
    selection?: number;
    test?: number;
    seed?: number;
}

interface Spurious {
    kind: 'reversed' | 'mixture' | 'unknown';
    name: string;
    patterns: readonly number[];
    signs: readonly number[];
}

interface StandardizeLayer extends NamedLayer {
    type: 'standardize';
    mean: number | readonly number[];
    deviation: number | readonly number[];
    invert?: boolean;
}

interface StandardizeOptions<P extends Origin = Origin> extends Named<P> {
    mean: number | readonly number[];
    deviation: number | readonly number[];
    invert?: boolean;
}

type State = Readonly<Record<string, Input>>;

type StepOptimizer = ReturnType<(typeof MINIBATCH)[keyof typeof MINIBATCH]>;

type StepOption = StepOptimizer | StepOptimizer['type'];

interface StopOptions {
    gradientThreshold?: number;
    convergenceThreshold?: number;
    patience?: number;
}

type StopReason = keyof typeof EXPLANATIONS;

type Storage = 'f16' | 'int8';

interface Subsample2dLayer extends NamedLayer {
    type: 'subsample2d';
    kernel: [
        number,
        number
    ];
    activation: Activation;
}

interface Subsample2dOptions<P extends Origin = Origin> extends Named<P> {
    kernel: Pair;
    activation?: Activation;
}

declare class Symbolic {
    #private;
    static get name(): string;
    constructor(tracer: Tracer, number: number);
    plus(other: Term): Symbolic;
    minus(other: Term): Symbolic;
    times(other: Term): Symbolic;
    over(other: Term): Symbolic;
    power(exponent: number): Symbolic;
    negative(): Symbolic;
    static tracer(value: Symbolic): Tracer;
    static number(value: Symbolic, tracer: Tracer): number;
    [Symbol.toPrimitive](): never;
}

type TargetInput = Input | TypedClasses | Float32Array | Float64Array | NamedInput;

interface Tensor<T extends ArrayBufferView = Float32Array> {
    data: T;
    shape: readonly number[];
}

type Term = Symbolic | number;

interface Tour {
    tour: number[] | undefined;
    length: number | undefined;
    valid: boolean;
    lengths: readonly (number | undefined)[];
    v: Float64Array;
    steps: number;
}

interface Trace {
    layers: LayerTrace[];
    loss: number;
}

interface TravellingSalesmanOptions {
    cities?: Input;
    distances?: Input;
    method?: 'subspace' | 'penalties';
    seed?: number;
    starts?: number;
    settings?: {
        a?: number;
        b?: number;
        c?: number;
        d?: number;
        n?: number;
        u0?: number;
    };
    steps?: number;
    onProgress?: (progress: HopfieldProgress) => void;
}

type TypedClasses = Uint8Array | Uint8ClampedArray | Int8Array | Uint16Array | Int16Array | Int32Array | Uint32Array;

interface Until {
    loss?: number;
    decrease?: number;
    gradientNorm?: number;
    convergenceThreshold?: number;
    patience?: number;
    seconds?: number;
}

interface WindowsOptions {
    steps: number;
    horizon?: number;
    every?: number;
}

interface ZeroPadding2dLayer extends NamedLayer {
    type: 'zeroPadding2d';
    padding: Exclude<Sides, 'same'>;
}

interface ZeroPadding2dOptions<P extends Origin = Origin> extends Named<P> {
    padding: Exclude<Padding, 'same'>;
}

declare const abs: (x: Symbolic) => Symbolic;

declare function activation<const A extends Activation, const P extends Origin = never>(kind: A, options?: Named<P>): ActivationLayer & Reads<P> & Decides<A>;

declare function adadelta(options?: AdadeltaOptions): Made<'adadelta', AdadeltaOptions>;

declare function adagrad(options?: AdagradOptions): Made<'adagrad', AdagradOptions>;

declare function adam(options?: AdamOptions): Made<'adam', AdamOptions, 'learningRate'>;

declare function adamw(options?: AdamWOptions): Made<'adamw', AdamWOptions, 'learningRate'>;

declare function add(options: MergeOptions): MergeLayer<'add'>;

declare function averagePool2d<const P extends Origin = never>(options: AveragePool2dOptions<P>): AveragePool2dLayer & Reads<P>;

declare function batchNorm<const P extends Origin = never>(options?: BatchNormOptions<P>): BatchNormLayer & Reads<P>;

declare function bfgs(options?: Record<string, never>): {
    readonly type: "bfgs";
};

declare function binaryCrossEntropy(options?: {
    positiveWeight?: number;
}): Extract<Loss, {
    type: 'binaryCrossEntropy';
}>;

declare function collapse(net: Network): Promise<{
    weight: Tensor;
    bias: Tensor;
}>;

declare function concat(options: MergeOptions): MergeLayer<'concat'>;

declare function conjugateGradient(options?: ConjugateGradientOptions): {
    readonly type: "conjugateGradient";
    readonly formula: "polakRibiere" | "fletcherReeves";
};

declare function continuousHopfield(options: ContinuousHopfieldOptions): ContinuousHopfield;

declare function conv2d<const F extends number, const P extends Origin = never>(options: Conv2dOptions<F, P>): Conv2dLayer<F> & Reads<P>;

declare function crossEntropy(options?: {
    labelSmoothing?: number;
    classWeights?: readonly number[];
    rubbish?: number;
}): Extract<Loss, {
    type: 'crossEntropy';
}>;

declare namespace datasets {
    export { datasets_batches as batches, datasets_fromArrays as fromArrays, datasets_fromCsv as fromCsv, datasets_fromIdx as fromIdx, datasets_fromImageFolder as fromImageFolder, datasets_fromImages as fromImages, datasets_fromSequences as fromSequences, datasets_imageToTensor as imageToTensor, datasets_mnist as mnist, datasets_prepare as prepare, datasets_preprocessing as preprocessing, datasets_scaling as scaling, datasets_shuffled as shuffled, datasets_windows as windows };
}

declare function dense<const U extends number, const P extends Origin = never, const A extends Activation = 'identity'>(options: DenseOptions<U, P, A>): DenseLayer<U> & Reads<P> & Decides<A>;

declare function denseMemory(options: DenseMemoryOptions): DenseMemory;

declare function describeActivation(kind: Activation, at?: readonly number[]): Promise<ActivationFacts>;

declare function dropout<const P extends Origin = never>(options: DropoutOptions<P>): DropoutLayer & Reads<P>;

declare function elementwise(f: (x: Symbolic) => Term): {
    elementwise: readonly Operation[];
};

declare function elu(options?: {
    alpha?: number;
}): {
    elu: {
        alpha: number;
    };
};

declare function embedding<const U extends number, const P extends Origin = never>(options: EmbeddingOptions<U, P>): EmbeddingLayer<U> & Reads<P>;

declare function energy(options: EnergyOptions): Energy;

declare const erf: (x: Symbolic) => Symbolic;

declare function euclideanRbf<const P extends Origin = never, const A extends Activation = 'identity'>(options: EuclideanRbfOptions<P, A>): EuclideanRbfLayer & Reads<P> & Decides<A>;

declare const exp: (x: Symbolic) => Symbolic;

declare const expm1: (x: Symbolic) => Symbolic;

declare function flatten<const P extends Origin = never>(options?: Named<P>): FlattenLayer & Reads<P>;

declare function forecast(net: Predictor, series: Series, options: {
    steps: number;
}): Promise<Output>;

declare const formula: (f: Formula["formula"]) => Formula;

declare function globalAveragePool2d<const P extends Origin = never>(options?: Named<P>): GlobalAveragePool2dLayer & Reads<P>;

declare function gradientDescent(options?: GradientDescentOptions): {
    readonly type: "gradientDescent";
    readonly learningRate: LearningRate;
    readonly lineSearch: "brent" | "goldenSection";
};

declare function gradientsOverTime(net: Network, x: Input, target: number | ArrayLike<number>, options?: {
    loss?: LossOption;
}): Promise<Record<string, Float64Array>>;

declare function gram(kernel: Kernel, x: Input, y?: Input): Promise<Gram>;

declare function gru<const U extends number, const R extends Returns = 'last', const P extends Origin = never, const D extends Direction = 'forward'>(options: GruOptions<U, R, P, D>): GruLayer<U, Fixed<R>, Fixed<D>> & Reads<P>;

declare function hinge(): Loss;

declare function hopfield(options: HopfieldOptions): Hopfield;

declare function huber(options?: {
    delta?: number;
}): Loss;

declare function init(options?: InitOptions): Promise<EngineInfo>;

declare function kMeans(x: Input | Dataset, options: KMeansOptions): Promise<Clusters>;

declare function kerasWeights(name: string, weights: KerasWeights, part?: string): Record<string, Tensor>;

declare function kernelPerceptron(options: KernelPerceptronOptions): KernelPerceptron;

declare function kernelRidge(options: KernelRidgeOptions): KernelRidge;

declare const kernels: {
    rbf: (options?: {
        sigma?: number | "median";
    }) => Kernel;
    linear: (options?: Record<never, never>) => Kernel;
    polynomial: (options?: {
        degree?: number;
        scale?: number;
        constant?: number;
    }) => Kernel;
    multiquadric: (options?: {
        constant?: number;
    }) => Kernel;
    inverseMultiquadric: (options?: {
        constant?: number;
    }) => Kernel;
};

declare function kullbackLeibler(): Loss;

declare function lbfgs(options?: LbfgsOptions): {
    readonly type: "lbfgs";
    readonly memory: number;
};

declare function leakyRelu(options?: {
    slope?: number;
}): {
    leakyRelu: {
        slope: number;
    };
};

declare function levenbergMarquardt(options?: LevenbergMarquardtOptions): {
    readonly type: "levenbergMarquardt";
    readonly damping: number;
};

declare function lift(kernel: Kernel, x: Input, options?: {
    degree?: number;
}): Promise<{
    data: Float64Array;
    shape: readonly [
        number,
        number
    ];
}>;

declare function linearRegression(options: {
    inputs: number;
}): LinearRegression;

declare function loadKernelMachine(source: Source): Promise<KernelMachine>;

declare function loadMemory(source: Source): Promise<Hopfield | DenseMemory>;

declare function loadNetwork(source: Source): Promise<Network>;

declare function localResponseNorm<const P extends Origin = never>(options: LocalResponseNormOptions<P>): LocalResponseNormLayer & Reads<P>;

declare const log: (x: Symbolic) => Symbolic;

declare function logCosh(): Loss;

declare function logicGate(gate: Gate, options?: {
    inputs?: number;
}): Promise<Neuron>;

declare function loss(f: (output: Symbolic, target: Symbolic) => Term): Extract<Loss, {
    type: 'elementwise';
}>;

declare function lstm<const U extends number, const R extends Returns = 'last', const P extends Origin = never, const D extends Direction = 'forward'>(options: RecurrentOptions<U, R, P, D>): LstmLayer<U, Fixed<R>, Fixed<D>> & Reads<P>;

declare function maxPool2d<const P extends Origin = never>(options: Pool2dOptions<P>): MaxPool2dLayer & Reads<P>;

declare const maximum: (a: Term, b: Term) => Symbolic;

declare function meanAbsoluteError(): Loss;

declare function meanSquaredError(options?: {
    reduction?: Reduction;
}): Loss;

declare function memory(): Promise<Memory>;

declare function minimize(f: Objective | Residuals | Formula, x0: ArrayLike<number>, options?: MinimizeOptions): Promise<Minimum>;

declare const minimum: (a: Term, b: Term) => Symbolic;

declare function minkowski(options?: {
    exponent?: number;
}): Loss;

declare function multiply(options: MergeOptions): MergeLayer<'multiply'>;

declare function nadam(options?: NadamOptions): Made<'nadam', NadamOptions, 'learningRate'>;

declare function network<const I extends Inputs | readonly number[], const L extends readonly Layer[], const C extends readonly string[] = readonly string[]>(input: Shaped<I>, layers: Fitting<I, L>, options?: NetworkOptions<ClassNames<I, L, C>>): Promise<Network<Deciding<L>>>;

declare function neuron(options: NeuronOptions): Neuron;

declare function normalizedSquaredError(options?: {
    variance?: number;
}): Loss;

declare function nystrom(options: NystromOptions): Nystrom;

declare function onnxWeights(name: string, weights: OnnxWeights): Record<string, Tensor>;

declare function perceptron(options: PerceptronOptions): Perceptron;

declare function permute<const A extends readonly [
    number,
    number
] | readonly [
    number,
    number,
    number
], const P extends Origin = never>(axes: A, options?: Named<P>): PermuteLayer<A> & Reads<P>;

declare function rbf<const U extends number, const P extends Origin = never>(options: RbfOptions<U, P>): RbfLayer<U> & Reads<P>;

declare function rbfNetwork(data: Dataset, options: RbfNetworkOptions): Promise<Network>;
declare function rbfNetwork(x: Input, t: TargetInput, options: RbfNetworkOptions): Promise<Network>;

declare function readSafetensors(source: Source): Promise<Record<string, Floats>>;

declare function repeatVector<const P extends Origin = never>(options: RepeatVectorOptions<P>): RepeatVectorLayer & Reads<P>;

declare function reshape<const S extends readonly [
    number
] | readonly [
    number,
    number
] | readonly [
    number,
    number,
    number
], const P extends Origin = never>(shape: S, options?: Named<P>): ReshapeLayer<S> & Reads<P>;

declare function rmsprop(options?: RmspropOptions): Made<'rmsprop', RmspropOptions>;

declare function rnn<const U extends number, const R extends Returns = 'last', const P extends Origin = never, const D extends Direction = 'forward'>(options: RnnOptions<U, R, P, D>): RnnLayer<U, Fixed<R>, Fixed<D>> & Reads<P>;

declare function rootMeanSquaredError(options?: {
    reduction?: Reduction;
}): Loss;

declare const schedule: {
    constant(value: number, options?: Warm): Schedule;
    cosine(options: {
        from: number;
        to?: number;
    } & Warm): Schedule;
    exponential(options: {
        from: number;
        to: number;
    } & Warm): Schedule;
    oneCycle(options: {
        peak: number;
        from?: number;
        to?: number;
    } & Warm): Schedule;
    step(options: {
        from: number;
        factor: number;
        every?: number;
    } & Warm): Schedule;
    plateau(options: {
        from: number;
        factor?: number;
        patience?: number;
        decrease?: number;
        to?: number;
    } & Warm): Schedule;
    custom(rate: (moment: Moment) => number, options?: Warm): Schedule;
};

declare function sequences<const T extends number, const F extends number>(steps: T, features: F): {
    input: readonly [
        T,
        F
    ];
    'input.lengths': readonly [
        1
    ];
};
declare function sequences<const T extends number>(steps: T): {
    input: readonly [
        T
    ];
    'input.lengths': readonly [
        1
    ];
};

declare function sgd(options?: SgdOptions): Made<'sgd', SgdOptions>;

declare function shared<const P extends Origin = never>(of: string, options?: Named<P>): SharedLayer & Reads<P>;

declare function shutdown(): Promise<void>;

declare const sigmoid: (x: Symbolic) => Symbolic;

declare const softplus: (x: Symbolic) => Symbolic;

declare const sqrt: (x: Symbolic) => Symbolic;

declare function standardize<const P extends Origin = never>(options: StandardizeOptions<P>): StandardizeLayer & Reads<P>;

declare function subsample2d<const P extends Origin = never>(options: Subsample2dOptions<P>): Subsample2dLayer & Reads<P>;

declare function sumSquaredError(): Loss;

declare const tanh: (x: Symbolic) => Symbolic;

declare function travellingSalesman(options: TravellingSalesmanOptions): Promise<Tour>;

declare function weightedSquaredError(options?: {
    positive?: number;
    negative?: number;
}): Loss;

declare const where: (a: Term, b: Term, then: Term, otherwise: Term) => Symbolic;

declare function withSteps(net: Network, steps: number): Promise<Network>;

declare function zeroPadding2d<const P extends Origin = never>(options: ZeroPadding2dOptions<P>): ZeroPadding2dLayer & Reads<P>;

// Not exported.

type Accuracy<A extends number | undefined, O> = O extends {
    loss: 'crossEntropy' | 'binaryCrossEntropy' | 'hinge' | Extract<Loss, {
        type: `${string}rossEntropy`;
    }>;
} ? number : A;

type Anything = {
    rank: 1 | 2 | 3;
    size: number;
};

type Arguments<M, K extends keyof M> = M[K] extends (...args: infer A) => unknown ? A extends [
    ...infer B,
    (event: never) => void
] ? B : A : never;

type Checked<S, L extends readonly unknown[], Before extends readonly unknown[] = [
]> = L extends readonly [
    infer First,
    ...infer Rest
] ? Output<S, First> extends infer Next ? Next extends string ? readonly [
    ...Before,
    Next,
    ...Rest
] : Checked<Next, Rest, [
    ...Before,
    First
]> : never : unknown;

interface ClassicMethods extends CoreMethods {
    neuronGate(gate: string, inputs: number): {
        weights: Float64Array;
        threshold: number;
    };
    neuronFire(weights: Float64Array, threshold: number, x: Float64Array): Uint8Array;
    perceptronFit(options: string, x: Float64Array, t: Uint32Array): Promise<PerceptronReport>;
    perceptronPredict(weights: Float64Array, inputs: number, x: Float64Array): Uint32Array;
    perceptronAccuracy(weights: Float64Array, inputs: number, x: Float64Array, t: Uint32Array): number;
    regressionClosedForm(x: Float64Array, features: number, t: Float64Array): Float64Array;
    regressionDescend(options: string, start: Float64Array, x: Float64Array, t: Float64Array): Promise<MinimizeReport>;
    regressionPredict(parameters: Float64Array, x: Float64Array): Float64Array;
    regressionMeasure(parameters: Float64Array, x: Float64Array, t: Float64Array): LineFit;
    minimizeStart(method: string, options: string, x: Float64Array): Promise<{
        id: number;
        question: MinimizeQuestion | undefined;
    }>;
    minimizeTell(id: number, answer: Float64Array): MinimizeQuestion | undefined;
    minimizeReport(id: number): MinimizeReport;
    minimizeEnd(id: number): void;
    memoryStore(dense: boolean, options: string, patterns: Float64Array, report: (part: number) => void): Promise<MemoryStart>;
    memoryNetwork(options: string, weights: Float64Array, patterns: Float64Array, thresholds: Float64Array): MemoryStart;
    memoryRecall(id: number, options: string, cues: Float64Array, report: (part: number) => void): Promise<RecallReport[]>;
    memoryWeights(id: number): Record<'weights' | 'thresholds', Float64Array>;
    memoryStability(id: number, pattern: number): number;
    disposeMemory(id: number): void;
    kernelGram(kernel: string, x: Float64Array, y: Float64Array, features: number): {
        data: Float64Array;
        sigma: number | undefined;
    };
    kernelFeatures(kernel: string, degree: number, x: Float64Array, features: number): Float64Array;
    kernelFit(options: string, x: Float64Array, t: Uint32Array | Float64Array, report: (part: number) => void): Promise<KernelReport & {
        id: number;
    }>;
    kernelNystrom(options: string, centers: Float64Array): number;
    kernelFeed(id: number, x: Float64Array, t: Float64Array, report: (part: number) => void): Promise<void>;
    kernelSolve(id: number, report: (part: number) => void): Promise<KernelReport>;
    kernelValues(id: number, x: Float64Array): Promise<Float64Array>;
    kernelGiven(kernel: string, inputs: number, points: Float64Array, alphas: Float64Array, biases: Float64Array): number;
    kernelParameters(id: number): Record<'points' | 'alphas' | 'biases', Float64Array>;
    disposeKernel(id: number): void;
    hopfieldRun(options: string, stated: string, matrix: Float64Array, vector: Float64Array, coefficients: Float64Array, start: Float64Array, report: (progress: HopfieldProgress) => void): Promise<HopfieldReport>;
    kMeans(options: string, x: Float32Array, features: number, start: Float64Array, report: (part: number) => void): Promise<ClustersReport>;
    rbfFit(options: string, x: Float32Array, features: number, targets: Float64Array, centers: Float64Array, report: (stage: number) => void): Promise<RbfReport>;
    salesmanRun(options: string, distances: Float64Array, report: (progress: HopfieldProgress) => void): Promise<TourReport>;
}

interface Classified {
    threshold: number | undefined;
    probable: boolean;
    values: Float32Array;
}

interface ClustersReport {
    centers: Float64Array;
    assignments: ArrayLike<number>;
    inertia: number;
    iterations: number;
    converged: boolean;
}

interface Common {
    learningRate?: number | Schedule;
    clip?: Clip;
}

interface CoreMethods {
    startPool(threads: number): void;
    memory(): Memory;
}

type Deciders = 'softmax' | 'logSoftmax' | 'sigmoid';

type Decides<A extends Activation> = [
    A
] extends [
    Deciders
] ? {
    activation: Fixed<A>;
} : unknown;

interface Described {
    value: Float32Array;
    derivative: Float32Array;
    properties: {
        range: [
            least: number,
            largest: number
        ];
        bound: number;
        kinks: number[];
    } | undefined;
}

interface Description {
    layers: {
        name: string;
        type: string;
        from: string[];
        output: number[];
        parameters: number;
        multiplyAdds: number;
        activation: Activation;
    }[];
    tensors: TensorInfo[];
    parameters: number;
    across: boolean;
    inputs: [
        name: string,
        shape: number[]
    ][];
    input: number[];
    outputs: {
        name: string;
        shape: number[];
        activation: Activation;
    }[];
    output: number[];
    states: {
        name: string;
        features: number;
        learned: boolean;
    }[];
}

type Dispose<M extends CoreMethods> = (engine: Engine<M>, id: number) => Promise<void>;

declare const EXPLANATIONS: {
    epochs: string;
    patience: string;
    stopped: string;
    loss: string;
    decrease: string;
    gradientNorm: string;
    convergenceThreshold: string;
    seconds: string;
    noDecrease: string;
    diverged: string;
};

declare class Engine<M extends CoreMethods = NetworkMethods> {
    #private;
    readonly info: EngineInfo;
    lost: HebbError | undefined;
    memory: WebAssembly.Memory | undefined;
    pool: Promise<void>;
    private constructor();
    static start<M extends CoreMethods>(kind: Kind<M>, options: InitOptions): Promise<Engine<M>>;
    ask<K extends keyof M & string>(method: K, args: Arguments<M, K>, transfer?: Transferable[], event?: (event: never) => void): Promise<Result<M, K>>;
    predict(this: Engine<NetworkMethods>, network: number, x: Float32Array | Uint8Array, carried?: number): Promise<Float32Array>;
    get here(): LocalCore;
    refused(error: unknown): HebbError;
    end(code: 'engine' | 'engineLost', why: string): void;
}

interface EpochAnswer {
    progress: FitProgress;
    ended: boolean;
    stopped: boolean;
    selection: Evaluated | undefined;
    best: boolean;
    end: {
        rule: 'noDecrease' | 'diverged';
        explanation: string;
    } | undefined;
    seconds: number;
}

interface EpochCallbacks {
    tell: (progress: FitProgress[]) => void;
    every: boolean;
    batches: number;
    inBreak: (progress: FitProgress, seconds: number) => Promise<void>;
    failure: () => unknown;
}

interface EpochEnds {
    selection: number | undefined;
    loss: string;
    keepBest: boolean;
}

interface Evaluable {
    readonly engine: Engine;
    readonly id: number;
    readonly description: Description;
    readonly outputs: Description['outputs'];
    readonly expects: Expected;
}

interface Evaluated {
    loss: number;
    regularization: number;
    accuracy: number | undefined;
    exactMatch?: number;
    samples: number;
    metrics?: Metrics;
}

interface Expected {
    inputs: readonly NamedShape[];
    outputs: readonly NamedShape[] | undefined;
}

declare const FULL_BATCH: {
    gradientDescent: typeof gradientDescent;
    conjugateGradient: typeof conjugateGradient;
    bfgs: typeof bfgs;
    lbfgs: typeof lbfgs;
    levenbergMarquardt: typeof levenbergMarquardt;
};

interface Feed {
    readonly samples: number | undefined;
    readonly whole: boolean;
    readonly made: Readonly<Record<string, unknown>>;
    batches(spec: Spec): number | undefined;
    start(engine: Engine, spec: Spec, options: string, ends: EpochEnds): Promise<FitStart>;
    advance?(engine: Engine, id: number, callbacks: EpochCallbacks): Promise<EpochAnswer>;
    epoch(engine: Engine, id: number, place: Place, train: () => Promise<EpochAnswer>, halt: () => void): Promise<EpochAnswer>;
    together?<T>(close: () => Promise<T>): Promise<T>;
}

interface FileParts {
    tensors: readonly NamedTensor[];
    metadata: Record<string, string>;
}

interface FitEnd {
    start: number;
    constant: number;
    steps: number;
}

interface FitStart {
    id: number;
    updates: number;
    epochs: number;
}

type Fixed<T> = [
    T
][T extends unknown ? 0 : never];

type Flat<N extends number = number> = {
    rank: 1;
    size: N;
};

interface From<P extends Origin> {
    from: Fixed<P>;
}

type FromShape<I> = I extends readonly [
    infer C extends number,
    number,
    number
] ? Image<C> : I extends readonly [
    number,
    infer F extends number
] ? Sequence<F> : I extends readonly [
    infer N extends number
] ? Flat<N> : I extends {
    input: infer S;
    'input.lengths': unknown;
} ? FromShape<S> : Anything;

declare abstract class Handle<M extends CoreMethods = NetworkMethods> {
    #private;
    readonly id: number;
    protected constructor(engine: Engine<M>, id: number, dispose: Dispose<M>);
    get engine(): Engine<M>;
    abstract readonly kind: string;
    dispose(): void;
    [Symbol.dispose](): void;
}

declare class Held extends Handle<ClassicMethods> {
    readonly kind = "kernel machine";
    constructor(owner: Engine<ClassicMethods>, id: number);
}

interface HopfieldReport {
    v: Float64Array;
    u: Float64Array;
    terms: Record<'interaction' | 'integral' | 'input', number>;
    progress: HopfieldProgress;
    converged: boolean;
    rejected: number;
    rises: number;
    objective: number | undefined;
    diagnosis: string | undefined;
    constraints: {
        value: number;
        excess: number;
        raiseTo: number | undefined;
    }[];
    trace: Record<'step' | 'time' | 'gain' | 'interaction' | 'integral' | 'input' | 'energy' | 'slope', Float64Array>;
}

declare const INITIALIZERS: readonly [
    "glorotUniform",
    "glorotNormal",
    "heUniform",
    "heNormal",
    "lecunUniform",
    "lecunNormal",
    "zeros"
];

type Image<C extends number = number> = {
    rank: 3;
    size: C;
};

interface KernelReport {
    sigma: number | undefined;
    lambda: number | undefined;
    warning: string | undefined;
    candidates: {
        sigma: number | undefined;
        lambda: number;
        error: number;
    }[];
    support: number[];
    mistakes: number[][];
    converged: boolean[];
}

interface Kind<M extends CoreMethods> {
    name: KindName;
    holds: string;
    mailbox: boolean;
    places(options: InitOptions): Places;
    worker(): URL;
    wasm(simd: Simd): URL;
    readonly methods?: M;
}

type KindName = 'networks' | 'classic';

interface Labelling {
    inputs?: readonly NamedShape[] | undefined;
    outputs?: readonly NamedShape[] | undefined;
    numbers?: Uint32Array;
    given?: boolean;
}

interface LineFit {
    cost: number;
    rSquared: number;
    losses: Float64Array;
}

interface LocalCore {
    call(method: string, args: readonly unknown[], report: (event: unknown) => void): Promise<unknown>;
    predictSync?(id: number, x: Samples, carried: number): Float32Array;
}

type LossIndex = Loss | Loss[] | {
    errors: Loss | Loss[];
    regularization: Regularization;
};

declare const MAKERS: {
    sumSquaredError: typeof sumSquaredError;
    meanSquaredError: typeof meanSquaredError;
    rootMeanSquaredError: typeof rootMeanSquaredError;
    normalizedSquaredError: typeof normalizedSquaredError;
    crossEntropy: typeof crossEntropy;
    binaryCrossEntropy: typeof binaryCrossEntropy;
    meanAbsoluteError: typeof meanAbsoluteError;
    huber: typeof huber;
    logCosh: typeof logCosh;
    minkowski: typeof minkowski;
    weightedSquaredError: typeof weightedSquaredError;
    hinge: typeof hinge;
    kullbackLeibler: typeof kullbackLeibler;
};

declare const MINIBATCH: {
    sgd: typeof sgd;
    adagrad: typeof adagrad;
    rmsprop: typeof rmsprop;
    adadelta: typeof adadelta;
    adam: typeof adam;
    adamw: typeof adamw;
    nadam: typeof nadam;
};

type Made<T extends string, O extends Common, Open extends keyof O = never> = {
    type: T;
} & Required<Omit<O, 'clip' | Open>> & Pick<O, 'clip' | Open>;

type MadeBy<F> = F extends (...options: infer _) => infer L ? L extends infer Plain & From<Origin> ? Plain : L : never;

interface MemorySpec {
    units: number;
    values: 'bipolar' | 'binary' | 'real';
    [option: string]: unknown;
}

interface MemoryStart {
    id: number;
    warning: string | undefined;
}

type Merge = 'add' | 'multiply' | 'concat';

interface MinimizeQuestion {
    wants: 'value' | 'gradient' | 'differences';
    x: Float64Array;
    h: Float64Array;
}

interface MinimizeReport {
    converged: boolean;
    reason: MinimizeReason;
    explanation: string;
    evaluations: number;
    made: number;
    x: Float64Array;
    value: number;
    gradient: Float64Array;
    steps: Record<'step' | 'rate' | 'tangent' | 'value' | 'x' | 'gradient', Float64Array>;
}

declare const NAMES: readonly [
    "identity",
    "step",
    "sign",
    "sigmoid",
    "hardSigmoid",
    "tanh",
    "lecunTanh",
    "relu",
    "leakyRelu",
    "prelu",
    "elu",
    "selu",
    "gelu",
    "silu",
    "mish",
    "softplus",
    "softsign",
    "gaussian",
    "softmax",
    "logSoftmax"
];

interface Named<P extends Origin = Origin> {
    name?: string;
    from?: P;
}

type Named = Readonly<Record<string, Values>>;

interface NamedLayer {
    name?: string;
}

type NamedShape = readonly [
    name: string,
    shape: readonly number[]
];

interface NamedTensor {
    name: string;
    shape: readonly number[];
    data: Float32Array | Float64Array;
}

type NeedsImage<S, T extends string> = `${T} needs an image [C, H, W]: ${S extends Sequence ? '[1, H, W] for one channel' : 'put it before flatten'}`;

interface NetworkMethods extends CoreMethods {
    network(spec: string, blank: boolean): {
        id: number;
        description: Description;
    };
    parameters(id: number): Float32Array;
    setParameters(id: number, values: Float32Array): void;
    checkpoint(id: number): {
        parameters: Float32Array;
        state?: string;
        values?: Float32Array;
    };
    setOptimizerState(id: number, state: string, values: Float32Array): number;
    setSome(id: number, values: Float32Array, places: [
        offset: number,
        size: number
    ][]): void;
    predict(id: number, x: Samples, carried: number): Float32Array;
    initialStates(id: number): Float32Array;
    predictData(id: number, data: number, from: number, count: number): Float32Array;
    activations(id: number, data: number): Float32Array;
    evaluate(id: number, data: number, loss: string, metrics: MetricsKind | undefined): Promise<Evaluated>;
    evaluateStart(id: number, loss: string, metrics: MetricsKind | undefined): number;
    evaluateAdd(evaluation: number, data: number): void;
    evaluateEnd(evaluation: number, complete: boolean): Evaluated | undefined;
    classify(id: number, shape: Uint32Array, x: Samples, loss: string): Classified;
    gradients(id: number, data: number, loss: string): {
        loss: number;
        gradients: Float32Array;
    };
    trace(id: number, data: number, loss: string, optimizer: string): StepTrace;
    checkGradients(id: number, data: number, loss: string): TensorCheck[];
    collapse(id: number): {
        weight: Float32Array;
        bias: Float32Array;
    };
    describeActivation(activation: string, places: Float32Array): Described;
    update(id: number, gradients: Float32Array, optimizer: string): number;
    dataset(shape: Uint32Array, x: Samples, t: Targets | undefined, names: string | undefined, numbers: Uint32Array | undefined): {
        id: number;
        samples: number;
    };
    subset(data: number, indices: Uint32Array): {
        id: number;
        samples: number;
    };
    samples(data: number, indices: Uint32Array): {
        x: Samples;
        t?: Targets;
    };
    fitStart(network: number, data: number, options: string, whole: boolean, ends: EpochEnds): FitStart;
    fitStartStream(network: number, steps: number | undefined, options: string, ends: EpochEnds): FitStart;
    fitFeed(id: number, shape: Uint32Array, x: Samples, t: Targets, numbers: Uint32Array): Promise<void>;
    fitEndEpoch(id: number): void;
    fitSave(id: number): Float32Array;
    fitRestore(id: number, state: Float32Array): FitStart;
    fitEpoch(id: number, every: boolean, batches: number, report: (progress: FitProgress[]) => void): Promise<EpochAnswer>;
    fitShards(id: number, count: number, from: number, to: number): Promise<Float64Array | undefined>;
    fitGoOn(id: number, count: number): Float64Array;
    fitComplete(id: number, outcomes: Float64Array): void;
    fitPause(id: number): void;
    fitResume(id: number): void;
    fitStep(id: number, batches: number): Promise<boolean>;
    fitStop(id: number): void;
    fitEnd(id: number, restore: boolean): FitEnd | undefined;
    disposeNetwork(id: number): void;
    disposeDataset(id: number): void;
}

type Numbers = Float32Array | Float64Array | Uint8Array | Uint8ClampedArray | Int32Array | Uint32Array;

type OfImage<S, T extends string, Output> = S extends Flat | Sequence ? NeedsImage<S, T> : Output;

type OfSequence<S, T extends string, L> = S extends Flat | Image ? `${T} needs a sequence [T, features]` : L extends {
    returns: 'all';
} ? Sequence<Units<L>> : L extends {
    returns: 'last';
} ? Flat<Units<L>> : {
    rank: 1 | 2;
    size: Units<L>;
};

type One = Loss | keyof typeof MAKERS;

type Output<S, L> = L extends {
    type: infer T extends keyof Outputs<S, L>;
} ? Outputs<L extends {
    from: Origin;
} ? Anything : S, L>[T] : S;

interface Outputs<S, L> {
    conv2d: OfImage<S, 'conv2d', L extends {
        filters: infer F extends number;
    } ? Image<F> : Image>;
    maxPool2d: OfImage<S, 'maxPool2d', S>;
    averagePool2d: OfImage<S, 'averagePool2d', S>;
    globalAveragePool2d: OfImage<S, 'globalAveragePool2d', S extends Image<infer C> ? Flat<C> : Flat>;
    subsample2d: OfImage<S, 'subsample2d', S>;
    zeroPadding2d: OfImage<S, 'zeroPadding2d', S>;
    localResponseNorm: OfImage<S, 'localResponseNorm', S>;
    flatten: Flat;
    reshape: L extends {
        shape: infer R;
    } ? FromShape<R> : Anything;
    permute: L extends {
        axes: infer A extends readonly number[];
    } ? Permuted<S, A> : Anything;
    dense: S extends Image ? 'dense needs [features] or [T, features]: put flatten() before it' : L extends {
        units: infer U extends number;
    } ? WithFeatures<S, U> : WithFeatures<S, number>;
    rbf: S extends Image ? 'rbf needs [features] or [T, features]: put flatten() before it' : L extends {
        units: infer U extends number;
    } ? WithFeatures<S, U> : WithFeatures<S, number>;
    euclideanRbf: S extends Flat ? Flat : 'euclideanRbf needs [features]: put flatten() before it';
    embedding: S extends Image ? 'embedding needs token numbers [T] or [T, 1]' : L extends {
        units: infer U extends number;
    } ? Sequence<U> : Sequence;
    repeatVector: S extends Flat<infer F> ? Sequence<F> : 'repeatVector needs [features]: put flatten() before it, or take the last step of a recurrent layer';
    rnn: OfSequence<S, 'rnn', L>;
    gru: OfSequence<S, 'gru', L>;
    lstm: OfSequence<S, 'lstm', L>;
    batchNorm: S extends Sequence ? 'batchNorm needs [features] or an image: put flatten() before it' : S;
    add: Anything;
    multiply: Anything;
    concat: Anything;
    shared: Anything;
}

interface PerceptronReport {
    accuracy: number;
    units: UnitReport[];
}

type Permuted<S, A extends readonly number[]> = S extends Flat ? 'permute needs [T, features] or [C, H, W]' : number extends A['length'] ? Anything : S extends Sequence ? A extends readonly [
    number,
    number
] ? A extends readonly [
    0,
    1
] ? S : Sequence : 'permute needs two axes for a sequence [T, features]' : S extends Image ? A extends readonly [
    infer First,
    number,
    number
] ? First extends 0 ? S : Image : 'permute needs three axes for an image [C, H, W]' : Anything;

interface Place {
    pass: number;
    skip: number;
}

interface Pool2dLayer<T extends 'maxPool2d' | 'averagePool2d'> extends NamedLayer {
    type: T;
    kernel: [
        number,
        number
    ];
    stride: [
        number,
        number
    ];
    padding: Sides;
    ceilMode: boolean;
}

declare abstract class Predictor<A extends number | undefined = number | undefined> extends Handle {
    #private;
    readonly kind = "network";
    readonly classes: readonly string[] | undefined;
    protected constructor(owner: Engine, id: number, spec: NetworkSpec, description: Description, classes?: readonly string[]);
    get description(): Description;
    get spec(): NetworkSpec;
    get parameters(): number;
    get multiplyAdds(): number;
    get outputs(): Description['outputs'];
    summary(): string;
    evaluate<const O extends EvaluateOptions>(data: Dataset | SampleStream, options?: O): Promise<Evaluation<Accuracy<A, O>>>;
    get expects(): Expected;
    predict(input: Samples | Dataset | SampleStream): Promise<Output$1>;
    predict(input: Samples, options: {
        state: State;
    }): Promise<{
        output: Output$1;
        state: Record<string, Output$1>;
    }>;
    predictSync(input: Samples): Output$1;
    predictAll(input: Samples | Dataset | SampleStream): Promise<Record<string, Output$1>>;
    activations(input: Samples): Promise<Record<string, Output$1>>;
    classify(input: Samples, options?: {
        top?: number;
        loss?: LossOption;
    }): Promise<ClassScore<A>[]>;
}

interface Ranks {
    readonly rank: number;
    readonly size: number;
    optionsOf(options: FitOptions): FitOptions;
    join(network: Trainable, feed: Feed, options: FitOptions): Promise<Feed>;
    fromFirst(read: () => Promise<Bytes | undefined>): Promise<Bytes | undefined>;
}

interface RbfReport {
    centers: Float64Array;
    widths: Float64Array;
    weights: Float64Array;
    warning: string | undefined;
}

type Reads<P extends Origin> = [
    P
] extends [
    never
] ? unknown : From<P>;

interface RecallReport {
    state: Float64Array;
    other: Float64Array | undefined;
    energy: number;
    steps: number;
    changes: number;
    reason: 'fixedPoint' | 'cycle' | 'steps';
    kind: 'stored' | 'reversed' | 'mixture' | 'unknown' | undefined;
    patterns: number[];
    signs: number[];
    overlap: number | undefined;
    updates: Record<'step' | 'unit' | 'net' | 'output' | 'energy', Float64Array>;
}

interface RecurrentLayer<U extends number = number, R extends Returns = Returns, D extends Direction = Direction> extends NamedLayer {
    units: U;
    returns: R;
    direction: D;
    layers: number;
    dropout: number;
    initialState: 'zeros' | 'learned';
    bias: boolean;
}

type Reduction = 'samples' | 'elements';

type Result<M, K extends keyof M> = M[K] extends (...args: never[]) => infer R ? Awaited<R> : never;

type Samples = Uint8Array | Float32Array;

interface SavedState {
    text: string;
    type: string;
    values: ReturnType<typeof Float32Array.of>;
}

type Sequence<F extends number = number> = {
    rank: 2;
    size: F;
};

type Sides = 'same' | [
    [
        number,
        number
    ],
    [
        number,
        number
    ]
];

interface Sized {
    batchSize?: number;
}

interface Spec {
    epochs: number;
    batchSize: number;
    seed: number;
    shuffle: boolean;
    loss: LossIndex;
    optimizer: Optimizer;
    accumulate: number;
    truncated: number;
    gradientNorm: boolean;
    gradientChange: boolean;
}

type SplitPart<O, Name extends string> = Name extends keyof O ? O[Name] extends number ? Dataset : Dataset | undefined : undefined;

interface StepTrace {
    loss: number;
    layers: Record<'net' | 'a' | 'delta', Float32Array>[];
    gradient: Float32Array;
    step: Float32Array;
    previous: Float32Array;
}

declare class Stored extends Handle<ClassicMethods> {
    readonly kind = "memory";
    constructor(owner: Engine<ClassicMethods>, { id, warning }: MemoryStart);
}

type Targets = Uint32Array | Float32Array;

type Targets = Uint32Array | Float32Array;

interface TensorCheck {
    checked: number;
    error: number;
    index: number;
    gradient: number;
    difference: number;
}

interface TensorInfo {
    name: string;
    shape: number[];
    offset: number;
    size: number;
    trained: boolean;
}

type Through<S, L extends readonly unknown[]> = L extends readonly [
    infer First,
    ...infer Rest
] ? Through<Output<S, First>, Rest> : S;

interface TourReport {
    tour: ArrayLike<number> | undefined;
    length: number | undefined;
    lengths: (number | undefined)[];
    v: Float64Array;
    steps: number;
}

declare class Tracer {
    #private;
    readonly operations: Operation[];
    add(name: string, ...terms: Term[]): Symbolic;
    raise(base: Symbolic, exponent: number): Symbolic;
    at(number: number): Symbolic;
    number(term: Term): number;
    push(operation: Operation): Symbolic;
}

interface Trainable extends Evaluable {
    toBytes(): Promise<Bytes>;
    save(path: string | URL): Promise<void>;
    readonly spec: object;
    fileWith(more: FileParts): Promise<Bytes>;
    adopt(weights: Record<string, Floats>, state?: SavedState): Promise<void>;
    remember(type: string, steps: number | undefined): void;
}

interface UnitReport {
    reason: 'converged' | 'cycle' | 'epochs';
    updates: number;
    mistakes: number[];
    margin: number | undefined;
    bound: number | undefined;
    weights: Float64Array;
    history: {
        epoch: number;
        sample: number;
        target: 0 | 1;
        net: number;
        weights: Float64Array;
    }[];
}

type Units<L> = L extends {
    units: infer U extends number;
    direction: 'forward' | 'backward';
} ? U : number;

type Values = Input | Numbers;

interface Warm {
    warmup?: number;
}

interface Weighted<P extends Origin = Origin, A extends Activation = Activation> extends Named<P> {
    activation?: A;
    bias?: boolean;
    initializer?: Initializer;
    regularization?: Regularization;
}

interface WeightedLayer extends NamedLayer {
    activation: Activation;
    bias: boolean;
    initializer?: Initializer;
    regularization?: Regularization;
}

type WithFeatures<S, N extends number> = S extends Flat ? Flat<N> : S extends Sequence ? Sequence<N> : {
    rank: 1 | 2;
    size: N;
};

declare namespace all {
    export { type all_ActivationLayer as ActivationLayer, type all_AveragePool2dLayer as AveragePool2dLayer, type all_AveragePool2dOptions as AveragePool2dOptions, type all_BatchNormLayer as BatchNormLayer, type all_BatchNormOptions as BatchNormOptions, type all_Conv2dLayer as Conv2dLayer, type all_Conv2dOptions as Conv2dOptions, type all_DenseLayer as DenseLayer, type all_DenseOptions as DenseOptions, type all_DropoutLayer as DropoutLayer, type all_DropoutOptions as DropoutOptions, type all_EmbeddingLayer as EmbeddingLayer, type all_EmbeddingOptions as EmbeddingOptions, type all_EuclideanRbfLayer as EuclideanRbfLayer, type all_EuclideanRbfOptions as EuclideanRbfOptions, type all_FlattenLayer as FlattenLayer, type all_GlobalAveragePool2dLayer as GlobalAveragePool2dLayer, type all_GruLayer as GruLayer, type all_GruOptions as GruOptions, type all_LocalResponseNormLayer as LocalResponseNormLayer, type all_LocalResponseNormOptions as LocalResponseNormOptions, type all_LstmLayer as LstmLayer, type all_MaxPool2dLayer as MaxPool2dLayer, type all_MergeLayer as MergeLayer, type all_MergeOptions as MergeOptions, type all_PermuteLayer as PermuteLayer, type all_Pool2dOptions as Pool2dOptions, type all_RbfLayer as RbfLayer, type all_RbfOptions as RbfOptions, type all_RecurrentActivation as RecurrentActivation, type all_RepeatVectorLayer as RepeatVectorLayer, type all_RepeatVectorOptions as RepeatVectorOptions, type all_ReshapeLayer as ReshapeLayer, type all_RnnLayer as RnnLayer, type all_RnnOptions as RnnOptions, type all_SharedLayer as SharedLayer, type all_StandardizeLayer as StandardizeLayer, type all_StandardizeOptions as StandardizeOptions, type all_Storage as Storage, type all_Subsample2dLayer as Subsample2dLayer, type all_Subsample2dOptions as Subsample2dOptions, type all_ZeroPadding2dLayer as ZeroPadding2dLayer, type all_ZeroPadding2dOptions as ZeroPadding2dOptions, all_activation as activation, all_add as add, all_averagePool2d as averagePool2d, all_batchNorm as batchNorm, all_concat as concat, all_conv2d as conv2d, all_dense as dense, all_dropout as dropout, all_embedding as embedding, all_euclideanRbf as euclideanRbf, all_flatten as flatten, all_globalAveragePool2d as globalAveragePool2d, all_gru as gru, all_localResponseNorm as localResponseNorm, all_lstm as lstm, all_maxPool2d as maxPool2d, all_multiply as multiply, all_permute as permute, all_rbf as rbf, all_repeatVector as repeatVector, all_reshape as reshape, all_rnn as rnn, all_shared as shared, all_standardize as standardize, all_subsample2d as subsample2d, all_zeroPadding2d as zeroPadding2d };
}

type all_ActivationLayer = ActivationLayer;

type all_AveragePool2dLayer = AveragePool2dLayer;

type all_AveragePool2dOptions<P extends Origin = Origin> = AveragePool2dOptions<P>;

type all_BatchNormLayer = BatchNormLayer;

type all_BatchNormOptions<P extends Origin = Origin> = BatchNormOptions<P>;

type all_Conv2dLayer<F extends number = number> = Conv2dLayer<F>;

type all_Conv2dOptions<F extends number = number, P extends Origin = Origin> = Conv2dOptions<F, P>;

type all_DenseLayer<U extends number = number> = DenseLayer<U>;

type all_DenseOptions<U extends number = number, P extends Origin = Origin, A extends Activation = Activation> = DenseOptions<U, P, A>;

type all_DropoutLayer = DropoutLayer;

type all_DropoutOptions<P extends Origin = Origin> = DropoutOptions<P>;

type all_EmbeddingLayer<U extends number = number> = EmbeddingLayer<U>;

type all_EmbeddingOptions<U extends number = number, P extends Origin = Origin> = EmbeddingOptions<U, P>;

type all_EuclideanRbfLayer = EuclideanRbfLayer;

type all_EuclideanRbfOptions<P extends Origin = Origin, A extends Activation = Activation> = EuclideanRbfOptions<P, A>;

type all_FlattenLayer = FlattenLayer;

type all_GlobalAveragePool2dLayer = GlobalAveragePool2dLayer;

type all_GruLayer<U extends number = number, R extends Returns = Returns, D extends Direction = Direction> = GruLayer<U, R, D>;

type all_GruOptions<U extends number = number, R extends Returns = Returns, P extends Origin = Origin, D extends Direction = Direction> = GruOptions<U, R, P, D>;

type all_LocalResponseNormLayer = LocalResponseNormLayer;

type all_LocalResponseNormOptions<P extends Origin = Origin> = LocalResponseNormOptions<P>;

type all_LstmLayer<U extends number = number, R extends Returns = Returns, D extends Direction = Direction> = LstmLayer<U, R, D>;

type all_MaxPool2dLayer = MaxPool2dLayer;

type all_MergeLayer<T extends Merge> = MergeLayer<T>;

type all_MergeOptions = MergeOptions;

type all_PermuteLayer<A extends readonly number[] = readonly number[]> = PermuteLayer<A>;

type all_Pool2dOptions<P extends Origin = Origin> = Pool2dOptions<P>;

type all_RbfLayer<U extends number = number> = RbfLayer<U>;

type all_RbfOptions<U extends number = number, P extends Origin = Origin> = RbfOptions<U, P>;

type all_RecurrentActivation = RecurrentActivation;

type all_RepeatVectorLayer = RepeatVectorLayer;

type all_RepeatVectorOptions<P extends Origin = Origin> = RepeatVectorOptions<P>;

type all_ReshapeLayer<S extends readonly number[] = readonly number[]> = ReshapeLayer<S>;

type all_RnnLayer<U extends number = number, R extends Returns = Returns, D extends Direction = Direction> = RnnLayer<U, R, D>;

type all_RnnOptions<U extends number = number, R extends Returns = Returns, P extends Origin = Origin, D extends Direction = Direction> = RnnOptions<U, R, P, D>;

type all_SharedLayer = SharedLayer;

type all_StandardizeLayer = StandardizeLayer;

type all_StandardizeOptions<P extends Origin = Origin> = StandardizeOptions<P>;

type all_Storage = Storage;

type all_Subsample2dLayer = Subsample2dLayer;

type all_Subsample2dOptions<P extends Origin = Origin> = Subsample2dOptions<P>;

type all_ZeroPadding2dLayer = ZeroPadding2dLayer;

type all_ZeroPadding2dOptions<P extends Origin = Origin> = ZeroPadding2dOptions<P>;

declare const all_activation: typeof activation;

declare const all_add: typeof add;

declare const all_averagePool2d: typeof averagePool2d;

declare const all_batchNorm: typeof batchNorm;

declare const all_concat: typeof concat;

declare const all_conv2d: typeof conv2d;

declare const all_dense: typeof dense;

declare const all_dropout: typeof dropout;

declare const all_embedding: typeof embedding;

declare const all_euclideanRbf: typeof euclideanRbf;

declare const all_flatten: typeof flatten;

declare const all_globalAveragePool2d: typeof globalAveragePool2d;

declare const all_gru: typeof gru;

declare const all_localResponseNorm: typeof localResponseNorm;

declare const all_lstm: typeof lstm;

declare const all_maxPool2d: typeof maxPool2d;

declare const all_multiply: typeof multiply;

declare const all_permute: typeof permute;

declare const all_rbf: typeof rbf;

declare const all_repeatVector: typeof repeatVector;

declare const all_reshape: typeof reshape;

declare const all_rnn: typeof rnn;

declare const all_shared: typeof shared;

declare const all_standardize: typeof standardize;

declare const all_subsample2d: typeof subsample2d;

declare const all_zeroPadding2d: typeof zeroPadding2d;

declare function batches(source: Dataset, options?: DataBatchOptions): AsyncGenerator<Batch, void, undefined>;
declare function batches(source: SampleSource<PlainSample>, options?: BatchOptions): AsyncGenerator<Batch, void, undefined>;
declare function batches(source: SampleSource<Sample>, options?: BatchOptions): AsyncGenerator<NamedBatch, void, undefined>;

declare const datasets_batches: typeof batches;

declare const datasets_fromArrays: typeof fromArrays;

declare const datasets_fromCsv: typeof fromCsv;

declare const datasets_fromIdx: typeof fromIdx;

declare const datasets_fromImageFolder: typeof fromImageFolder;

declare const datasets_fromImages: typeof fromImages;

declare const datasets_fromSequences: typeof fromSequences;

declare const datasets_imageToTensor: typeof imageToTensor;

declare const datasets_mnist: typeof mnist;

declare const datasets_prepare: typeof prepare;

declare const datasets_preprocessing: typeof preprocessing;

declare const datasets_scaling: typeof scaling;

declare const datasets_shuffled: typeof shuffled;

declare const datasets_windows: typeof windows;

declare function fromArrays(x: Input | NamedInput, t?: TargetInput): Promise<Dataset>;

declare function fromCsv(source: Source, options?: CsvOptions): Promise<CsvData>;

declare function fromIdx(images: Source, labels?: Source): Promise<Dataset>;

declare function fromImageFolder(folder: string | URL | Iterable<File>, options?: ImageFolderOptions): Promise<ImageFolder>;

declare function fromImages(images: readonly ImageSource[], t?: Input | TypedClasses, options?: FileImageOptions): Promise<Dataset>;

declare function fromSequences(sequences: readonly Input[], t?: TargetInput | readonly Input[], options?: SequenceOptions): Promise<Dataset>;

declare function imageToTensor(image: Pixels | Drawable, options?: ImageOptions): Tensor<Uint8Array>;

declare function minMax(x: Dataset | Input, options?: ScalingOptions): Promise<Scaling>;

declare function mnist(options?: MnistOptions): Promise<Mnist>;

declare function prepare(image: ImageSource, recipe: PreprocessingOptions | Preprocessing): Promise<Tensor>;

declare function preprocessing(options: PreprocessingOptions): Preprocessing;

declare const scaling: {
    standard: typeof standard;
    minMax: typeof minMax;
};

declare function shuffled<T>(source: SampleSource<T>, options?: ShuffleOptions): AsyncGenerator<T, void, undefined>;

declare function standard(x: Dataset | Input, options?: ScalingOptions): Promise<Scaling>;

declare function windows(series: Series, options: WindowsOptions): Promise<Dataset>;
