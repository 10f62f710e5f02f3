interface AlexnetOptions extends Omit<LoadWeightsOptions, 'rename'> {
    variant?: (typeof VARIANTS)[number];
    units?: number;
    classes?: readonly string[];
    dropout?: number;
    storage?: Storage;
    seed?: number;
    weights?: WeightsSource;
}

interface CharRnnOptions {
    vocabulary: number;
    steps: number;
    units?: number;
    layers?: number;
    cell?: keyof typeof CELLS;
    embedding?: number;
    seed?: number;
}

interface ElmanOptions {
    inputs: number;
    units: number;
    outputs: number;
    steps: number;
    activation?: Activation;
    seed?: number;
}

interface Lenet5Options {
    variant?: 'modern' | 'original';
    weights?: 'mnist';
    seed?: number;
}

interface WithHeadOptions {
    after?: string;
    seed?: number;
    classes?: readonly string[];
}

declare function alexnet(options?: AlexnetOptions): Promise<Network<number>>;

declare function charRnn(options: CharRnnOptions): Promise<Network<number>>;

declare function classifyImage<A extends number | undefined>(net: Predictor<A>, image: ImageSource, options?: {
    top?: number;
}): Promise<ClassScore<A>[]>;

declare function elman(options: ElmanOptions): Promise<Network>;

declare function imagenetClasses(): Promise<string[]>;

declare function lenet5(options?: Lenet5Options): Promise<Network<number>>;

declare function withHead(net: Network, head: readonly Layer[], options?: WithHeadOptions): Promise<Network>;

// Not exported.

type Accuracy<A extends number | undefined, O> = O extends {
    loss: 'crossEntropy' | 'binaryCrossEntropy' | 'hinge' | Extract<Loss, {
        type: `${string}rossEntropy`;
    }>;
} ? number : A;

type Arguments<M, K extends keyof M> = M[K] extends (...args: infer A) => unknown ? A extends [
    ...infer B,
    (event: never) => void
] ? B : A : never;

declare const CELLS: {
    rnn: typeof rnn;
    gru: typeof gru;
    lstm: typeof lstm;
};

interface Classified {
    threshold: number | undefined;
    probable: boolean;
    values: Float32Array;
}

interface CoreMethods {
    startPool(threads: number): void;
    memory(): Memory;
}

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

interface EpochEnds {
    selection: number | undefined;
    loss: string;
    keepBest: boolean;
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

declare abstract class Handle<M extends CoreMethods = NetworkMethods> {
    #private;
    readonly id: number;
    protected constructor(engine: Engine<M>, id: number, dispose: Dispose<M>);
    get engine(): Engine<M>;
    abstract readonly kind: string;
    dispose(): void;
    [Symbol.dispose](): void;
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

interface LoadWeightsOptions {
    sha256?: string;
    rename?: (name: string) => string;
    progress?: boolean;
    onProgress?: (progress: {
        loaded: number;
        total: number;
    }) => void;
    signal?: AbortSignal;
}

interface LocalCore {
    call(method: string, args: readonly unknown[], report: (event: unknown) => void): Promise<unknown>;
    predictSync?(id: number, x: Samples, carried: number): Float32Array;
}

type NamedShape = readonly [
    name: string,
    shape: readonly number[]
];

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

type Result<M, K extends keyof M> = M[K] extends (...args: never[]) => infer R ? Awaited<R> : never;

type Samples = Uint8Array | Float32Array;

interface StepTrace {
    loss: number;
    layers: Record<'net' | 'a' | 'delta', Float32Array>[];
    gradient: Float32Array;
    step: Float32Array;
    previous: Float32Array;
}

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

declare const VARIANTS: readonly [
    "torchvision",
    "original",
    "bvlc"
];

type WeightsSource = Source | Blob;
