interface CachedWeights {
    sha256: string;
    bytes: number;
    complete: boolean;
}

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

type WeightsSource = Source | Blob;

declare function cachedWeights(): Promise<CachedWeights[]>;

declare function deleteCachedWeights(sha256?: string): Promise<void>;

declare function loadWeights(net: Network, source: WeightsSource, options?: LoadWeightsOptions): Promise<void>;

// Not exported.
