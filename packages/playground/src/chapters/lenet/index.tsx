// LeNet-5 reads your digits, and learns to read them from nothing.
import './style.css'
import { computed, signal } from '@preact/signals'
import type { Chapter } from '../../page/chapter'
import { Architecture } from './architecture'
import { Figure } from './figure'
import { Filters } from './filters'
import formula from './formula.tex'
import { imageOfFile } from './ink'
import { Learning } from './learning'
import { Mistakes } from './mistakes'
import { Original } from './original'
import { program, take } from './program'
import { bytes, reset, train } from './session'
import * as state from './state'

export { begin } from './session'

/** A digit is read for sure from this probability on. */
const SURE = 0.9
/** Whether a 1 was read for sure in the drawing that is being changed. */
const wasOne = signal(false)

export const chapter: Chapter = {
  formula,
  Figure,
  program,
  take,
  Idea: () => (
    <p>
      LeNet-5 (LeCun, Bottou, Bengio and Haffner, 1998) reads handwritten digits. Two layers of filters look
      for strokes and how they meet, pooling forgets their exact place, and three dense layers decide.{' '}
      <b>Draw a digit</b>: every layer below answers at once.
    </p>
  ),
  More: () => (
    <>
      <Architecture />
      <Original />
      <Learning />
      <Filters />
      <Mistakes />
    </>
  ),
  breaks: [
    {
      name: 'Do not centre the digit',
      act: () => {
        state.centred.value = 'no'
      },
      Why: () => (
        <p>
          The drawing is now only made smaller, as most programs do. Draw a small digit in a corner: the
          answer is often wrong, because every training digit was scaled to 20 × 20 and centred by its mass.
          Look at "What it gets". A network must see its data as it saw them in training.
        </p>
      ),
    },
    {
      name: 'Swap black and white',
      act: () => {
        state.inverted.value = 'yes'
      },
      Why: () => (
        <p>
          Ink is now 0 and paper 255, as in a photograph, and not the other way round as in MNIST. The network
          still answers, sometimes with confidence: nothing warns you. Always look at what the network gets.
        </p>
      ),
    },
    {
      name: 'Too high a learning rate',
      act: async () => {
        state.learningRate.value = 2
        if (!state.shipped.value) await reset()
        await train()
      },
      Why: () => (
        <p>
          A network is trained with steps fifty times too large. Its loss jumps about, far above 2.3 = ln 10,
          that of pure guessing, and one digit of ten is right, as by chance. Under "How it learns" you see
          the curve; the remedy is a smaller learning rate, so mend it, and press Reset and Train.
        </p>
      ),
    },
  ],
  exercise: {
    Task: () => (
      <p>
        Draw a digit that the network surely reads as a <b>1</b> (over 90 %). Then add strokes, without
        clearing, until it surely reads a <b>7</b>.
      </p>
    ),
    verdict: computed(() => {
      const { value: all } = state.probabilities
      if (!all || state.strokes.value.length === 0) {
        wasOne.value = false
        return { solved: false, text: 'Begin with a 1.' }
      }
      if (all[1]! >= SURE) wasOne.value = true
      const solved = wasOne.value && all[7]! >= SURE
      if (solved) return { solved, text: 'A 1 became a 7: solved.' }
      const next = wasOne.value ? 7 : 1
      return {
        solved,
        text: `${(100 * all[next]!).toFixed(0)} % a ${next}, ${next === 1 ? 'first' : 'now'} over 90 %.`,
      }
    }),
  },
  data: {
    accept: 'image/*',
    hint: 'A picture of one digit, dark on light or light on dark. The network that is shown can be saved, and read again by loadNetwork.',
    load: async (file) => {
      const image = await imageOfFile(file)
      state.strokes.value = []
      state.chosen.value = image
    },
    save: { name: 'lenet5.hebb', content: bytes },
  },
}
