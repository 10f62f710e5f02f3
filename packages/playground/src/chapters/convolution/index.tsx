// A filter moves over a picture, and pooling makes its map smaller.
import { computed } from '@preact/signals'
import type { Chapter } from '../../page/chapter'
import { Figure } from './figure'
import formula from './formula.tex'
import * as model from './model'
import { pictureOf } from './picture'
import { program, take } from './program'

export { begin } from './model'

export const chapter: Chapter = {
  formula,
  Figure,
  program,
  take,
  Idea: () => (
    <p>
      A convolutional layer has a small filter, which it moves over the whole picture: the same few weights at
      every place. What it finds is a feature map, which says where the filter's pattern is. Pooling makes the
      map smaller. <b>Point at the map</b> to see the nine products behind a number, and change the filter.
    </p>
  ),
  Values: () => {
    const { value: size } = model.size
    return (
      <p class="values">
        H = 40, p = {model.padding.value}, k = 3, s = {model.stride.value}: {size} × {size}. The filter has 9
        weights and a bias for all {size * size} windows; a dense layer would need{' '}
        {(1601 * size * size).toLocaleString('en')} weights.
      </p>
    )
  },
  breaks: [
    {
      name: 'A bias far below 0',
      act: () => {
        model.relu.value = 'yes'
        model.bias.value = -9
      },
      Why: () => (
        <p>
          Every net input is below 0, so ReLU makes the whole map 0: a dead unit. Its slope is 0 too, so
          training cannot bring it back. The sign of it: the map is 0 for every picture. Smaller learning
          rates avoid it.
        </p>
      ),
    },
    {
      name: 'A stride wider than the filter',
      act: () => {
        model.stride.value = 5
      },
      Why: () => (
        <p>
          The window jumps by five pixels and is three wide, so two of five rows and columns are never read.
          The sign of it: changing those pixels changes nothing. Keep s ≤ k.
        </p>
      ),
    },
    {
      name: 'Pool too much',
      act: () => {
        model.pooling.value = 'average'
        model.pool.value = 10
      },
      Why: () => (
        <p>
          The mean of ten by ten numbers: bright and dark edges cancel each other, and what is left says
          neither what was found nor where. Pool by 2, several times, with layers between.
        </p>
      ),
    },
  ],
  exercise: {
    Task: () => (
      <p>
        Write a filter for <b>upright edges</b>: it answers where dark and light lie side by side, and is 0
        where the picture is even, and on level edges too, whatever the picture. The bias is 0.
      </p>
    ),
    verdict: computed(() => {
      const { value: w } = model.weights
      const near = (sum: number) => Math.abs(sum) < 1e-3
      const rows = [0, 3, 6].map((i) => w[i]! + w[i + 1]! + w[i + 2]!)
      const columns = [0, 1, 2].map((i) => w[i]! + w[i + 3]! + w[i + 6]!)
      if (!near(model.bias.value)) return { solved: false, text: 'The bias is not 0.' }
      if (!near(rows[0]! + rows[1]! + rows[2]!))
        return { solved: false, text: 'It answers where the picture is even.' }
      if (!rows.every(near)) return { solved: false, text: 'It answers to level edges.' }
      if (columns.every(near)) return { solved: false, text: 'It does not answer to upright edges.' }
      return { solved: true, text: 'It answers to upright edges only: solved.' }
    }),
  },
  data: {
    accept: 'image/*',
    hint: 'A picture: the square in its middle, in 40 × 40 pixels and 16 levels of grey. A copied link shows it too.',
    load: async (file) => {
      const bitmap = await createImageBitmap(file)
      model.picture.value = pictureOf(bitmap)
      bitmap.close()
    },
    film: (frame) => {
      model.picture.value = pictureOf(frame)
    },
    save: {
      name: 'map.csv',
      content: () => {
        const { map, size } = model.maps.value ?? { map: new Float32Array(), size: 0 }
        return Array.from({ length: size }, (_, row) =>
          map.subarray(row * size, (row + 1) * size).join(','),
        ).join('\n')
      },
    },
  },
}
