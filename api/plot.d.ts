interface ChartOptions {
    title?: string;
    x?: Limits;
    y?: Limits;
    log?: boolean;
    logX?: boolean;
    xLabel?: string;
    yLabel?: string;
    width?: number;
    height?: number;
}

interface ConfusionMatrixOptions {
    title?: string;
    classes?: readonly string[];
}

interface CurvesOptions {
    metric?: 'loss' | 'accuracy' | 'exactMatch' | 'learningRate' | 'gradientNorm' | 'samplesPerSecond';
    log?: boolean;
    title?: string;
}

interface DecisionBoundaryOptions extends Pick<ChartOptions, 'title' | 'xLabel' | 'yLabel' | 'width' | 'height'> {
    samples?: Record<string, readonly (readonly [
        x: number,
        y: number
    ])[]>;
    x?: Limits;
    y?: Limits;
    threshold?: number;
    resolution?: number;
}

type EnergyColumns = Record<'time' | 'interaction' | 'integral' | 'input' | 'energy', Column>;

type EnergyUpdates = readonly {
    energy: number;
}[];

interface Figure {
    toSvg(): Promise<string>;
    toElement(): Promise<SVGSVGElement>;
    toText(options?: TextOptions): string;
}

type Limits = readonly [
    low: number,
    high: number
];

interface LossSurfaceOptions extends Pick<ChartOptions, 'title' | 'xLabel' | 'yLabel' | 'width' | 'height'> {
    x: Limits;
    y: Limits;
    path?: readonly (readonly [
        x: number,
        y: number
    ])[];
    resolution?: number;
}

interface PicturesOptions {
    title?: string;
    columns?: number;
    scale?: number;
}

interface Pixels {
    data: Uint8ClampedArray;
    width: number;
    height: number;
}

type Scores = (points: number[][]) => ArrayLike<number | ArrayLike<number>> | Promise<ArrayLike<number | ArrayLike<number>>>;

interface Series {
    points: readonly (readonly [
        x: number,
        y: number
    ])[];
    name?: string;
    line?: boolean;
    mark?: string;
}

interface StateMatrixOptions {
    title?: string;
    steps?: readonly string[];
}

interface TextOptions {
    columns?: number;
    rows?: number;
    colour?: boolean;
}

interface Values {
    data: ArrayLike<number>;
    width: number;
}

declare function chart(series: readonly Series[], options?: ChartOptions): Figure;

declare function confusionMatrix(confusion: readonly (readonly number[])[], options?: ConfusionMatrixOptions): Figure;

declare function curves(history: History | readonly EpochReport[], options?: CurvesOptions): Figure;

declare function decisionBoundary(model: Network | Scores, options?: DecisionBoundaryOptions): Promise<Figure>;

declare function energyTrace(trace: EnergyColumns | EnergyUpdates, options?: {
    title?: string;
}): Figure;

declare function lossSurface(loss: (x: number, y: number) => number | Promise<number>, options: LossSurfaceOptions): Promise<Figure>;

declare function pictures(images: readonly (Values | Pixels)[], options?: PicturesOptions): Figure;

declare function stateMatrix(states: {
    data: ArrayLike<number>;
    shape: readonly number[];
}, options?: StateMatrixOptions): Figure;

// Not exported.

type Column = ArrayLike<number>;
