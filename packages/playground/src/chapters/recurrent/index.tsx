// A recurrent network learns a text, character by character.
import type { Chapter } from '../../page/chapter'
import { exercise } from './exercise'
import { Figure } from './figure'
import formula from './formula.tex'
import { CELLS, EMBEDDING } from './learner'
import { BACK } from './look'
import * as model from './model'
import { program, take } from './program'

export { begin } from './model'

export const chapter: Chapter = {
  formula,
  Figure,
  program,
  take,
  exercise,
  Idea: () => (
    <p>
      A recurrent network reads a text one character at a time. What it has read lives on in its state h, and
      from h it computes how probable each character is as the next one. Characters that are drawn from these
      probabilities, one after another, make a text. <b>Press play</b> and read what it writes as it learns;
      then look at what a hidden unit knows, and at how far back the gradient reaches.
    </p>
  ),
  Values: () => {
    const { value: learned } = model.learned
    if (!learned) return null
    const { vocabulary, tokens, settings, pupils } = learned
    const count = Object.values(pupils[model.cell.value].kept[0]!).reduce((n, { data }) => n + data.length, 0)
    return (
      <p class="values">
        {tokens.length} characters, {vocabulary.size - 1} different ones. x has {EMBEDDING} values, h has{' '}
        {settings.units}; the {CELLS[model.cell.value]} has {count.toLocaleString('en')} parameters for any
        length of text. The formulas are those of the RNN; GRU and LSTM have gates, which begin open here, so
        that a state can stay as it is: compare the gradients at epoch 0.
      </p>
    )
  },
  breaks: [
    {
      name: 'Recurrent weights too large',
      act: () => {
        model.cell.value = 'rnn'
        model.factor.value = 4
      },
      Why: () => (
        <p>
          Each step back multiplies the gradient by the recurrent weights, and {BACK} steps do it {BACK}{' '}
          times: it explodes. The sign of it: the curve of the RNN rises to the left, its loss hardly falls,
          and what it writes stays noise. Begin with smaller weights, or limit the gradient with clip.
        </p>
      ),
    },
    {
      name: 'Recurrent weights too small',
      act: () => {
        model.cell.value = 'rnn'
        model.factor.value = 0.3
        model.showEpoch(0)
      },
      Why: () => (
        <p>
          At epoch 0 nothing of the gradient arrives from {BACK} characters back: it vanishes. What was read
          long ago can't be learned until the weights have grown, from what is learned of the last few
          characters. Step through the epochs, and watch the curve rise.
        </p>
      ),
    },
    {
      name: 'Too high a learning rate',
      act: () => {
        model.rate.value = 0.5
        model.showEpoch()
      },
      Why: () => (
        <p>
          Steps so large throw the states to −1 and 1, where the slope of tanh is 0. The sign of it: the loss
          jumps, or stays where it is, and the coloured text has only full colours. Divide the rate by 10.
        </p>
      ),
    },
  ],
  data: {
    accept: '.txt,text/plain',
    hint: 'A text of 60 to 2,000 characters. A copied link has it too.',
    load: async (file) => model.setText(await file.text()),
    save: {
      name: 'recurrent.hebb',
      content: () => {
        const { value: learned } = model.learned
        if (!learned) throw new Error('The network is not there yet.')
        return learned.pupils[model.cell.value].net.toBytes()
      },
    },
  },
}
