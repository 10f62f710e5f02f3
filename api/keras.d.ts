interface LoadKerasOptions {
    input?: SampleShapes;
    classes?: readonly string[];
    seed?: number;
    external?: External;
}

declare function loadKeras(source: Source, options?: LoadKerasOptions): Promise<Network>;

// Not exported.

type External = (name: string) => Source | Promise<Source>;

type SampleShapes = readonly number[] | Readonly<Record<string, readonly number[]>>;
