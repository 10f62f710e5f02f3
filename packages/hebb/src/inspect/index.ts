// Looking into a trained network. An entry of its own, `hebb/inspect`.

export { type ActivationStatistics, activationStatistics } from './activationStatistics'
export { featureMaps } from './featureMaps'
export { filters } from './filters'
export type { Picture } from './picture'
export type { Region, Span } from './receptiveField'
export { saliency } from './saliency'
export { type Patch, topPatches } from './topPatches'
