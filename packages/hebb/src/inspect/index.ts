// Looking into a trained network. An entry of its own, `hebb/inspect`.

export { type ActivationStatistics, activationStatistics } from './activationStatistics'
export { featureMaps } from './featureMaps'
export { filters } from './filters'
export type { Picture } from './picture'
export { saliency } from './saliency'
