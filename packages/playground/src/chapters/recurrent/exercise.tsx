// An exercise on the gradient of the Elman network before it learns.
import { computed } from '@preact/signals'
import type { Exercise } from '../../page/chapter'
import { BACK } from './look'
import * as model from './model'

/** A gradient has arrived if it is at most so many times smaller or larger than it was. */
const KEPT = 10

export const exercise: Exercise = {
  Task: () => (
    <p>
      Find initial recurrent weights with which the gradient of the <b>RNN</b> neither vanishes nor explodes
      at epoch 0: {BACK} characters back it is at most {KEPT} times smaller or larger than at the end.
    </p>
  ),
  verdict: computed(() => {
    const { value: seen } = model.seen
    if (!seen) return { solved: false, text: 'Learning …' }
    if (seen.epoch !== 0) return { solved: false, text: 'Look at epoch 0, with the slider under the text.' }
    const { 0: first, [BACK - 1]: end } = seen.gradients.rnn
    const ratio = first! / end!
    const text = `The first is ${ratio.toExponential(1).replace('-', '−').replace('e+', 'e')} times the last`
    if (ratio < 1 / KEPT) return { solved: false, text: `${text}: it vanishes.` }
    if (ratio > KEPT) return { solved: false, text: `${text}: it explodes.` }
    return { solved: true, text: `${text}: solved.` }
  }),
}
