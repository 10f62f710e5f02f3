/** See kerasCase.mjs. */
import type { LoadKerasOptions } from 'hebb/keras'

export interface Given {
  shape: number[]
  data: number[]
}
export interface Expected {
  inputs: ({ name: string } & Given)[]
  outputs: Given[]
}
export function channelsFirst(given: Given): Given
export function differenceOf(
  source: string | Uint8Array,
  expected: Expected,
  options?: LoadKerasOptions,
): Promise<number>
