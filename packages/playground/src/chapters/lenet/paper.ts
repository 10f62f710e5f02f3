// The network as it was published in 1998, with the weights that come with Hebb: what it makes of the shown digit.
import { effect, signal } from '@preact/signals'
import type { Network } from 'hebb'
import { lenet5 } from 'hebb/zoo'
import { guarded } from '../../page/engine'
import { single } from '../../page/single'
import { SIDE } from './digits'
import { image } from './state'

export interface Reading {
  digit: number
  probability: number
  /** The layer F6: a picture of 7 × 12, row by row. */
  drawing: ArrayLike<number>
}
export const reading = signal<Reading | undefined>(undefined)

let net: Network<number> | undefined

const read = single(async () => {
  const { F6, OUTPUT } = await net!.activations({ data: image.value, shape: [1, SIDE, SIDE] })
  const all = Array.from(OUTPUT!.data as Float32Array)
  const probability = Math.max(...all)
  reading.value = { digit: all.indexOf(probability), probability, drawing: F6!.data as Float32Array }
})

export async function begin(): Promise<void> {
  net = await lenet5({ variant: 'original', weights: 'mnist' })
  effect(() => {
    void image.value
    guarded(read)
  })
}
