interface ColorComponents {
    values: readonly number[];
    vectors: readonly (readonly number[])[];
}

interface ColorJitterOptions {
    brightness?: Factors;
    contrast?: Factors;
    saturation?: Factors;
    hue?: Factors;
}

interface CropOptions {
    size: number | readonly [
        number,
        number
    ];
    padding?: number;
    fill?: number;
}

interface DistortOptions {
    shift?: Range;
    rotate?: Range;
    scale?: Range;
    shear?: Range;
    elastic?: {
        alpha: number;
        sigma: number;
    };
    fill?: number;
}

type Factors = number | readonly [
    from: number,
    to: number
];

interface Image {
    data: Float32Array;
    shape: readonly [
        number,
        number,
        number
    ];
}

type Random = () => number;

type Range = number | readonly [
    from: number,
    to: number
];

type Transform = (image: Image, random: Random) => Image;

declare function augmented(data: Dataset, transforms: readonly Transform[], options?: {
    seed?: number;
}): (pass?: number) => AsyncGenerator<PlainSample, void, undefined>;

declare function colorComponents(data: Dataset): Promise<ColorComponents>;

declare function colorJitter(options: ColorJitterOptions): Transform;

declare function crop(options: CropOptions): Transform;

declare function distort(options: DistortOptions): Transform;

declare function flip(options?: {
    probability?: number;
}): Transform;

declare function pcaColor(options?: {
    deviation?: number;
    components?: ColorComponents;
}): Transform;

// Not exported.
