// Weights from files of any size, read in pieces and kept on this machine. An entry of its own, `hebb/weights`.

export { type CachedWeights, cachedWeights, deleteCachedWeights } from './cached'
export { type LoadWeightsOptions, loadWeights } from './load'
export type { WeightsSource } from './pieces'
