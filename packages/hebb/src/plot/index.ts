// Figures: SVG for files and pages by Observable Plot, characters for terminals. An entry of its own, `hebb/plot`.

export type { Limits } from './axis'
export { type ChartOptions, chart, type Series } from './chart'
export { type ConfusionMatrixOptions, confusionMatrix } from './confusionMatrix'
export { type CurvesOptions, curves } from './curves'
export { type DecisionBoundaryOptions, decisionBoundary, type Scores } from './decisionBoundary'
export { type EnergyColumns, type EnergyUpdates, energyTrace } from './energyTrace'
export type { Figure, TextOptions } from './figure'
export { type LossSurfaceOptions, lossSurface } from './lossSurface'
export { type PicturesOptions, type Pixels, pictures, type Values } from './pictures'
export { type StateMatrixOptions, stateMatrix } from './stateMatrix'
