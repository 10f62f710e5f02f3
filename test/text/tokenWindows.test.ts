import { dense, embedding, network, rnn } from 'hebb'
import { tokenWindows } from 'hebb/text'
import { expect, test } from 'vitest'
import { refused } from '../helpers/refused'

const vocabulary = 12
const tokens = Uint32Array.from({ length: 12 }, (_, i) => i)

/** The mean surprise of each token by a network that knows only the token before: 1/p of the next token is its number + 1. */
async function bigram(last: boolean) {
  const net = await network(
    [3],
    [
      embedding({ units: vocabulary, vocabulary, name: 'table' }),
      ...(last ? [rnn({ units: vocabulary, activation: 'relu', bias: false, name: 'copy' })] : []),
      dense({ units: vocabulary, bias: false, activation: 'softmax', name: 'out' }),
    ],
    {},
  )
  const square = (value: (i: number, j: number) => number) => ({
    data: Float32Array.from({ length: vocabulary ** 2 }, (_, at) =>
      value(Math.floor(at / vocabulary), at % vocabulary),
    ),
    shape: [vocabulary, vocabulary],
  })
  await net.setWeights(
    {
      'table.weight': square((i, j) => Number(i === j)),
      // After token j all tokens are equally likely but j + 1, whose logit is −j.
      'out.weight': square((i, j) => (i === j + 1 ? -j : 0)),
      ...(last && {
        'copy.weight_ih_l0': square((i, j) => Number(i === j)),
        'copy.weight_hh_l0': square(() => 0),
      }),
    },
    { partial: true },
  )
  return net
}
/** −ln P(j + 1 | j). */
const surprise = (j: number) => j + Math.log(Math.exp(-j) + vocabulary - 1)
const mean = (list: number[]) => list.reduce((sum, j) => sum + surprise(j), 0) / list.length

test('the targets are the tokens after each token, of windows one after another', async () => {
  const data = await tokenWindows(tokens, { steps: 3 })
  expect([data.samples, ...data.shape]).toEqual([3, 3])
  const { loss } = await (await bigram(false)).evaluate(data)
  expect(loss).toBeCloseTo(mean([0, 1, 2, 3, 4, 5, 6, 7, 8]), 5)
})

test('windows that overlap, and the last token alone', async () => {
  const every = await tokenWindows(Array.from(tokens), { steps: 3, every: 4 })
  expect(every.samples).toBe(3)
  expect((await (await bigram(false)).evaluate(every)).loss).toBeCloseTo(
    mean([0, 1, 2, 4, 5, 6, 8, 9, 10]),
    5,
  )
  const last = await tokenWindows(tokens, { steps: 3, every: 1, targets: 'last' })
  expect(last.samples).toBe(9)
  expect((await (await bigram(true)).evaluate(last)).loss).toBeCloseTo(mean([2, 3, 4, 5, 6, 7, 8, 9, 10]), 5)
})

test('are split like all samples, which their classes of time steps do not stratify', async () => {
  const { train, test } = await (await tokenWindows(tokens, { steps: 1 })).split({ test: 4, seed: 1 })
  const long = await (await tokenWindows(tokens, { steps: 2 })).split({ test: 2, seed: 1 })
  expect([train.samples, test.samples, long.train.samples, long.test.samples]).toEqual([7, 4, 3, 2])
})

test('a text of exactly one window', async () => {
  expect((await tokenWindows(tokens, { steps: 11 })).samples).toBe(1)
  await refused('data', 'tokenWindows needs 13 tokens or more, got 12', () =>
    tokenWindows(tokens, { steps: 12 }),
  )
})

test('wrong options and tokens are refused', async () => {
  await refused('option', 'steps must be', () => tokenWindows(tokens, { steps: 0 }))
  await refused('option', 'every must be', () => tokenWindows(tokens, { steps: 2, every: 0 }))
  await refused('option', 'targets must be one of each, last', () =>
    tokenWindows(tokens, { steps: 2, targets: 'all' as never }),
  )
  await refused('data', 'token 1 is -1', () => tokenWindows([0, -1, 2], { steps: 2 }))
  await refused('option', 'takes a list of token numbers, got "abc"', () =>
    tokenWindows('abc' as never, { steps: 2 }),
  )
  const data = await tokenWindows(tokens, { steps: 3 })
  const small = await network(
    [3],
    [embedding({ units: 2, vocabulary: 11 }), dense({ units: 12, activation: 'softmax' })],
  )
  // The last token is only a target here.
  await small.evaluate(await data.subset([0, 1, 2]))
})
