// AlexNet: the reader's weights and photographs, what its layers cost, and two ways to feed it wrongly.
import type { Chapter } from '../../page/chapter'
import { exercise } from './exercise'
import { Figure } from './figure'
import formula from './formula.tex'
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
      AlexNet (Krizhevsky, Sutskever and Hinton 2012) is LeNet-5 made large: photographs instead of digits, 61
      million parameters instead of 60 thousand. With trained weights it names a thousand kinds of things.
      <b> Open a photograph</b>, and a file of weights if you have one; without, the page shows the
      convolutions with drawn weights. <b>Choose a layer</b> to see its maps.
    </p>
  ),
  Values: () => (
    <p class="values">
      The first layer: 64 filters k, 3 channels c, 11 × 11 weights, a step of 4. μ = (0.485, 0.456, 0.406) and
      σ = (0.229, 0.224, 0.225) are those of the images that it was trained with.
    </p>
  ),
  breaks: [
    {
      name: 'Swap the channels',
      act: () => {
        model.order.value = 'bgr'
      },
      Why: () => (
        <p>
          Some libraries give blue, green, red. The network takes red for blue: an orange cat becomes a blue
          one. Nothing fails, and many answers stay nearly right, so it is easily missed. The sign of it:
          wrong answers where colours matter, such as fruits and birds. Look at what it reads.
        </p>
      ),
    },
    {
      name: 'Skip the normalisation',
      act: () => {
        model.scaling.value = 'plain'
      },
      Why: () => (
        <p>
          Values from 0 to 1 have a fifth of the contrast that the network knows: it reads a grey, foggy
          picture. The sign of it: low probabilities, and weak maps. Save the recipe with the network, as Hebb
          does.
        </p>
      ),
    },
    {
      name: 'Forget to divide by 255',
      act: () => {
        model.scaling.value = 'bytes'
      },
      Why: () => (
        <p>
          Values up to 255 are a hundred times too large: it reads white with black spots. The sign of it: a
          probability near 1 for whatever it answers, because softmax sees enormous differences.
        </p>
      ),
    },
  ],
  data: {
    accept: 'image/jpeg,image/png,.safetensors',
    hint: "A photograph as JPEG or PNG, or weights as a safetensors file with torchvision's names; the chapter on AlexNet in docs says how to make it. Weights take 244 MB of memory, or less if you choose fewer bits first.",
    load: async (file) => {
      if (file.name.toLowerCase().endsWith('.safetensors')) await model.load(file)
      else await model.showPhoto(file)
    },
    save: {
      name: 'map.csv',
      content: () => {
        const { value: map } = model.shownMap
        if (!map) throw new Error('There is no map yet.')
        const side = Math.sqrt(map.length)
        return Array.from({ length: side }, (_, i) => map.subarray(i * side, (i + 1) * side).join(',')).join(
          '\n',
        )
      },
    },
  },
}
