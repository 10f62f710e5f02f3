import type { Network } from 'hebb'

/** Numbers with a shape. */
export interface Given {
  data: number[]
  shape: number[]
}

export interface PytorchCase {
  model: string | Uint8Array
  /** The axis of the batch. */
  batch: number
  x: Given
  y: Given
}

export function batchFirst(given: Given, batch: number): Given

export function pytorchCase(one: PytorchCase): Promise<{
  net: Network
  input: Given
  output: { data: Float32Array; shape: readonly number[] }
  difference: number
}>
