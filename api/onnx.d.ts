interface LoadOnnxOptions {
    input?: SampleShapes;
    classes?: readonly string[];
    seed?: number;
    external?: (name: string) => Source | Promise<Source>;
    maxNumbers?: number;
}

declare function loadOnnx(source: Source, options?: LoadOnnxOptions): Promise<Network>;

declare function saveOnnx(net: Network, path: string | URL): Promise<void>;

declare function toOnnx(net: Network): Promise<Bytes>;

// Not exported.

type SampleShapes = readonly number[] | Readonly<Record<string, readonly number[]>>;
