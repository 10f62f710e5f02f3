import { withSteps } from 'hebb'
import { bucket } from 'hebb/text'
import { charRnn } from 'hebb/zoo'
import { expect, test } from 'vitest'
import { refused } from '../helpers/refused'

const SENTENCES = [[1, 2, 3], [4], [1, 2, 3, 4, 2], Uint32Array.of(2, 2), [3, 3, 3, 3]]

test('each sequence is in the smallest bucket that holds it', () => {
  expect(bucket(SENTENCES, [5, 2, 100, 3])).toEqual([
    {
      steps: 2,
      x: { data: Uint32Array.of(4, 0, 2, 2), shape: [2, 2] },
      lengths: Uint32Array.of(1, 2),
      indices: [1, 3],
    },
    {
      steps: 3,
      x: { data: Uint32Array.of(1, 2, 3), shape: [1, 3] },
      lengths: Uint32Array.of(3),
      indices: [0],
    },
    {
      steps: 5,
      x: { data: Uint32Array.of(1, 2, 3, 4, 2, 3, 3, 3, 3, 0), shape: [2, 5] },
      lengths: Uint32Array.of(5, 4),
      indices: [2, 4],
    },
  ])
})

test('what stands at the end changes no answer before it', async () => {
  const net = await charRnn({ vocabulary: 5, steps: 7, units: 4 })
  for (const { steps, x, lengths, indices } of bucket(SENTENCES, [2, 5])) {
    const short = await withSteps(net, steps)
    const { data } = await short.predict(x)
    for (const [n, length] of lengths.entries()) {
      const own = [...SENTENCES[indices[n]!]!]
      const alone = await net.predict([...own, ...new Array(7 - length).fill(1)])
      expect(data.slice(n * steps * 5, (n * steps + length) * 5)).toEqual(alone.data.slice(0, length * 5))
    }
  }
})

test('what fits no bucket is refused', async () => {
  await refused('data', 'sequence 2 has 5 tokens, the largest size is 4: add a larger one', async () =>
    bucket(SENTENCES, [2, 4]),
  )
  await refused('data', 'bucket: sequence 1 needs 1 token or more, got 0', async () => bucket([[1], []], [4]))
  await refused('data', 'bucket: sequence 0: token 1 is -2', async () => bucket([[1, -2]], [4]))
  await refused('option', 'bucket: sizes must be a list of numbers', async () => bucket([[1]], []))
  await refused('option', 'bucket: sequences must be a list of lists of tokens', async () => bucket([], [1]))
  await refused('option', 'bucket: each size must be a whole number', async () => bucket([[1]], [0]))
  await refused('option', 'sequence 0 takes a list of token numbers', async () =>
    bucket(['abc' as never], [4]),
  )
})
