interface Bucket {
    steps: number;
    x: Tensor<Uint32Array>;
    lengths: Uint32Array;
    indices: number[];
}

interface GenerateOptions {
    prompt: string | Tokens;
    vocabulary?: Vocabulary;
    length?: number;
    temperature?: number;
    topK?: number;
    state?: State;
    seed?: number;
}

interface Generated {
    token: number;
    text: string;
    probability: number;
    state: State;
}

interface NextToken {
    token: number;
    text: string;
    probability: number;
}

type TokenKind = 'characters' | 'words';

interface TokenWindowsOptions {
    steps: number;
    every?: number;
    targets?: 'each' | 'last';
}

type Tokens = readonly number[] | Uint32Array | Uint16Array | Uint8Array | Int32Array;

declare class Trigram {
    #private;
    static get name(): string;
    readonly vocabulary: number;
    constructor(tokens: Uint32Array, vocabulary: number);
    probability(before: Tokens, token: number): number;
    probabilities(before: Tokens): Float64Array;
    perplexity(tokens: Tokens): number;
}

declare class Vocabulary {
    #private;
    static get name(): string;
    readonly kind: TokenKind;
    readonly tokens: readonly string[];
    readonly unknown = 0;
    constructor(kind: TokenKind, known: readonly string[]);
    get size(): number;
    encode(text: string): Uint32Array;
    decode(tokens: Tokens): string;
    toJSON(): {
        kind: TokenKind;
        tokens: readonly string[];
    };
}

interface WordsOptions {
    size?: number;
    minimumCount?: number;
}

declare function bucket(sequences: readonly Tokens[], sizes: readonly number[]): Bucket[];

declare function characters(text: string, options?: {
    minimumCount?: number;
}): Vocabulary;

declare function generate(net: Network, options: GenerateOptions): AsyncGenerator<Generated, void, void>;

declare function perplexity(net: Network, tokens: Tokens): Promise<number>;

declare function predictNext(net: Network, text: string | Tokens, options?: {
    vocabulary?: Vocabulary;
    top?: number;
}): Promise<NextToken[]>;

declare function tokenWindows(tokens: Tokens, options: TokenWindowsOptions): Promise<Dataset>;

declare function trigram(tokens: Tokens, vocabulary: number): Trigram;

declare function vocabulary(json: unknown): Vocabulary;

declare function words(text: string, options?: WordsOptions): Vocabulary;

// Not exported.
