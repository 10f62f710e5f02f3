import { trigram } from 'hebb/text'
import { expect, test } from 'vitest'
import { refused } from '../helpers/refused'

const TOKENS = [0, 1, 2, 0, 1, 3, 0, 1, 2, 2, 1, 2, 4, 0]

/** Interpolated Kneser–Ney by its formulas, from lists of all contexts. */
function formula(tokens: readonly number[], vocabulary: number) {
  const all = [0, 1, 2].map(() => new Map<string, number>())
  const add = (order: number, key: number[]) => {
    all[order]!.set(`${key}`, (all[order]!.get(`${key}`) ?? 0) + 1)
  }
  const trigrams = tokens.slice(2).map((c, i) => [tokens[i]!, tokens[i + 1]!, c])
  for (const three of trigrams) add(2, three)
  const different = (lists: number[][]) => [...new Map(lists.map((list) => [`${list}`, list])).values()]
  // The first pair and the first token have no context before them, which counts as one of its own.
  const pairs = [[-1, tokens[0]!, tokens[1]!], ...different(trigrams)].map(([, b, c]) => [b!, c!])
  for (const two of pairs) add(1, two)
  for (const [, c] of [[-1, tokens[0]!], ...different(pairs)]) add(0, [c!])
  const discounts = all.map((counts) => {
    const times = (k: number) => [...counts.values()].filter((count) => count === k).length
    return times(1) / (times(1) + 2 * times(2))
  })
  const p = (context: number[], c: number): number => {
    const order = context.length
    const lower = order === 0 ? 1 / vocabulary : p(context.slice(1), c)
    const own = Array.from({ length: vocabulary }, (_, k) => all[order]!.get(`${[...context, k]}`) ?? 0)
    const sum = own.reduce((a, b) => a + b)
    if (sum === 0) return lower
    const seen = own.filter((count) => count > 0).length
    const discount = discounts[order]!
    return Math.max(own[c]! - discount, 0) / sum + ((discount * seen) / sum) * lower
  }
  return p
}

test('equals the formulas, and the probabilities of each context sum to 1', () => {
  const [model, p] = [trigram(TOKENS, 6), formula(TOKENS, 6)]
  for (const context of [[], [1], [5], [0, 1], [1, 2], [4, 0], [5, 5], [5, 1], [3, 3, 0, 1]]) {
    const all = model.probabilities(context)
    expect(all.reduce((a, b) => a + b)).toBeCloseTo(1, 12)
    for (let c = 0; c < 6; c++) {
      expect(all[c]).toBeCloseTo(p(context.slice(-2), c), 12)
      expect(model.probability(context, c)).toBe(all[c])
      expect(all[c]).toBeGreaterThan(0)
    }
  }
})

test('perplexity is exp of the mean surprise', () => {
  const model = trigram(TOKENS, 6)
  const p = (i: number) => model.probability(TOKENS.slice(0, i), TOKENS[i]!)
  const sum = TOKENS.reduce((sum, _, i) => (i < 2 ? sum : sum - Math.log(p(i))), 0)
  expect(model.perplexity(TOKENS)).toBeCloseTo(Math.exp(sum / (TOKENS.length - 2)), 10)
})

test('what never varies is nearly certain', () => {
  const model = trigram(
    Array.from({ length: 3000 }, (_, i) => i % 3),
    3,
  )
  expect(model.perplexity([0, 1, 2, 0, 1, 2])).toBeLessThan(1.01)
})

test('wrong tokens are refused', async () => {
  await refused('data', 'trigram needs 3 tokens or more, got 2', async () => trigram([0, 1], 2))
  await refused('data', 'trigram: token 2 is 2: tokens are 0 to 1', async () => trigram([0, 1, 2], 2))
  await refused('data', 'token 0 is 0.5', async () => trigram([0.5, 1, 1], 2))
  await refused('option', 'trigram takes a list of token numbers', async () => trigram('abc' as never, 2))
  await refused('option', 'vocabulary must be a whole number', async () => trigram([0, 1, 1], 0))
  const model = trigram([0, 1, 1], 2)
  await refused('data', 'token 1 is 5', async () => model.perplexity([0, 5, 1]))
  await refused('option', 'token must be', async () => model.probability([0, 1], 2))
  await refused('data', 'token 0 is -1', async () => model.probabilities([-1]))
})
