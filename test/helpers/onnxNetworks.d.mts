import type { Network } from 'hebb'

type Tensor = { data: Float32Array; shape: number[] }

/** See onnxNetworks.mjs. */
export const NETWORKS: Record<string, () => Promise<Network>>
export function made(make: () => Promise<Network>): Promise<Network>
export function samplesFor(net: Network, count: number, seed?: number): Tensor
