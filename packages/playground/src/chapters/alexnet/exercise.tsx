// How much work is one number of a map?
import { computed } from '@preact/signals'
import type { Exercise } from '../../page/chapter'
import * as model from './model'

/** 64 channels of 5 × 5 values each. */
const PRODUCTS = 64 * 5 * 5

export const exercise: Exercise = {
  Task: () => (
    <>
      <p>
        <b>features.3</b> reads 64 maps and moves filters of 5 × 5 over them. One number of one of its maps is
        a sum of products: of how many?
      </p>
      <label class="answer">
        Products
        <input
          type="number"
          min={0}
          value={model.answer.value || ''}
          onInput={({ currentTarget }) => {
            const { valueAsNumber } = currentTarget
            model.answer.value = Number.isInteger(valueAsNumber) && valueAsNumber >= 0 ? valueAsNumber : 0
          }}
        />
      </label>
    </>
  ),
  verdict: computed(() => {
    const { value: given } = model.answer
    if (given === PRODUCTS) {
      return { solved: true, text: '64 · 5 · 5, times 192 · 27 · 27 numbers are 223.9 million: solved.' }
    }
    if (given === 0) return { solved: false, text: 'No number yet.' }
    if (given === 25)
      return { solved: false, text: 'That is one of the maps it reads; it reads all of them.' }
    return { solved: false, text: 'Not that many.' }
  }),
}
