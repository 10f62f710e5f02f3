interface ActivationStatistics {
    name: string;
    mean: number;
    deviation: number;
    least: number;
    most: number;
    zeros: number;
    constant: number;
}

interface Patch {
    value: number;
    sample: number;
    place: readonly [
        row: number,
        column: number
    ];
    region: Region;
    picture: Picture;
}

interface Picture {
    data: ReturnType<typeof Uint8ClampedArray.of>;
    width: number;
    height: number;
}

type Region = readonly [
    rows: Span,
    columns: Span
];

type Span = readonly [
    first: number,
    last: number
];

declare function activationStatistics(net: Network, x: Samples): Promise<ActivationStatistics[]>;

declare function featureMaps(net: Network, image: Samples): Promise<Record<string, Picture[]>>;

declare function filters(net: Network, layer?: string): Promise<Picture[][]>;

declare function saliency(net: Network, x: Samples, index?: number): Promise<Output>;

declare function topPatches(net: Network, data: Dataset | SampleSource<PlainSample>, options: {
    layer: string;
    count?: number;
}): Promise<Patch[][]>;

// Not exported.
