declare class Distributed implements Ranks {
    #private;
    static get name(): string;
    readonly rank: number;
    readonly size: number;
    readonly shards: number;
    readonly reduce: 'ordered' | 'fast';
    constructor(job: Job | undefined, shards: number, reduce: 'ordered' | 'fast');
    shard(data: Dataset): Promise<Dataset>;
    broadcast(values: Float32Array | Uint8Array): Promise<void>;
    allReduce(values: Float32Array): Promise<void>;
    barrier(): Promise<void>;
    close(): Promise<void>;
    optionsOf(options: FitOptions): FitOptions;
    join(network: Trainable, feed: Feed, options: FitOptions): Promise<Feed>;
    fromFirst(read: () => Promise<Bytes | undefined>): Promise<Bytes | undefined>;
    texts<T>(what: string, own: T): Promise<T[]>;
    agree(what: string, fields: Record<string, unknown>): Promise<void>;
    endIfOneFailed(what: string, own: unknown, culprit?: number): Promise<void>;
}

interface DistributedOptions {
    shards?: number;
    timeoutMs?: number;
    reduce?: 'ordered' | 'fast';
}

declare function distributed(options?: DistributedOptions): Promise<Distributed>;

// Not exported.

type Arguments<M, K extends keyof M> = M[K] extends (...args: infer A) => unknown ? A extends [
    ...infer B,
    (event: never) => void
] ? B : A : never;

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

interface Family {
    name: string;
    handle: 'int' | 'void *';
    world: unknown;
    float: unknown;
    byte: unknown;
    sum: unknown;
    inPlace: bigint;
    multiple: number;
}

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

interface Foreign {
    (...args: unknown[]): number;
    async(...args: [
        ...unknown[],
        (error: Error | null, value: number) => void
    ]): void;
}

declare class Guard {
    #private;
    readonly mpi: Mpi;
    constructor(start: () => Mpi, koffi: Koffi, timeoutMs: number, close: () => void);
    call(what: string, run: () => Promise<void>): Promise<void>;
    block<T>(run: () => T): T;
    close(): void;
}

interface Job {
    mpi: Mpi;
    guard: Guard;
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

interface Koffi {
    load(path: string, options: {
        global: boolean;
    }): Library;
}

interface Library {
    func(name: string, result: string, parameters: readonly string[]): Foreign;
    symbol(name: string, type: string): unknown;
}

interface LocalCore {
    call(method: string, args: readonly unknown[], report: (event: unknown) => void): Promise<unknown>;
    predictSync?(id: number, x: Samples, carried: number): Float32Array;
}

type LossIndex = Loss | Loss[] | {
    errors: Loss | Loss[];
    regularization: Regularization;
};

declare class Mpi {
    #private;
    readonly rank: number;
    readonly size: number;
    readonly family: Family;
    readonly multiple: boolean;
    constructor(library: Library, family: Family);
    exchange(from: Float32Array, sent: Parts, to: Float32Array, received: Parts): Promise<void>;
    gather(from: Uint8Array, to: Uint8Array, { counts, starts }: Parts): Promise<void>;
    gatherInPlace(values: Float32Array, { counts, starts }: Parts): Promise<void>;
    allReduce(values: Float32Array): Promise<void>;
    broadcast(bytes: Uint8Array): Promise<void>;
    barrier(): Promise<void>;
    sayWaiting(call: number): void;
    hearWaiting(): number[];
    abort(code: number): void;
    finalize(): void;
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

interface Parts {
    counts: Int32Array;
    starts: Int32Array;
}

interface Place {
    pass: number;
    skip: number;
}

interface Ranks {
    readonly rank: number;
    readonly size: number;
    optionsOf(options: FitOptions): FitOptions;
    join(network: Trainable, feed: Feed, options: FitOptions): Promise<Feed>;
    fromFirst(read: () => Promise<Bytes | undefined>): Promise<Bytes | undefined>;
}

type Result<M, K extends keyof M> = M[K] extends (...args: never[]) => infer R ? Awaited<R> : never;

type Samples = Uint8Array | Float32Array;

interface SavedState {
    text: string;
    type: string;
    values: ReturnType<typeof Float32Array.of>;
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

interface Trainable extends Evaluable {
    toBytes(): Promise<Bytes>;
    save(path: string | URL): Promise<void>;
    readonly spec: object;
    fileWith(more: FileParts): Promise<Bytes>;
    adopt(weights: Record<string, Floats>, state?: SavedState): Promise<void>;
    remember(type: string, steps: number | undefined): void;
}
