import { dense, embedding, memory, network } from 'hebb'
import { perplexity, predictNext, trigram } from 'hebb/text'
import { charRnn } from 'hebb/zoo'
import { expect, test } from 'vitest'
import { refused } from '../helpers/refused'

test('of equally likely tokens it is their number, of the last token and of each', async () => {
  const tokens = Array.from({ length: 50 }, (_, i) => (i * i) % 7)
  const net = await charRnn({ vocabulary: 7, steps: 4, units: 3, layers: 1 })
  const zeros = Object.entries(await net.weights()).map(([name, { shape, data }]) => {
    return [name, { shape, data: data.fill(0) }] as const
  })
  await net.setWeights(Object.fromEntries(zeros))
  expect(await perplexity(net, tokens)).toBeCloseTo(7, 4)
})

test('of logits: exp of the mean surprise, from windows one after another', async () => {
  const net = await network([2], [embedding({ units: 3, vocabulary: 3 }), dense({ units: 3, bias: false })])
  const square = (rows: number[][]) => ({ data: Float32Array.from(rows.flat()), shape: [3, 3] })
  await net.setWeights({
    'embedding1.weight': square([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]),
    // The logits after token j are column j.
    'dense1.weight': square([
      [0, 1, 0],
      [2, 0, 0],
      [0, 0, -1],
    ]),
  })
  const logits = [
    [0, 2, 0],
    [1, 0, 0],
    [0, 0, -1],
  ]
  const tokens = [0, 1, 2, 2, 0, 1, 0]
  const surprise = tokens.slice(0, 6).map((token, i) => {
    const all = logits[token]!.map(Math.exp)
    return Math.log(all.reduce((a, b) => a + b)) - logits[token]![tokens[i + 1]!]!
  })
  const mean = surprise.reduce((a, b) => a + b) / 6
  expect(await perplexity(net, tokens)).toBeCloseTo(Math.exp(mean), 5)
  // The token left over is no window's target.
  expect(await perplexity(net, [...tokens, 1])).toBeCloseTo(Math.exp(mean), 5)
  expect(trigram(tokens, 3).perplexity(tokens)).toBeLessThan(3)
})

test('of a network that reads lengths, all of which are T', async () => {
  const layers = [embedding({ units: 3, vocabulary: 5 }), dense({ units: 5 })] as const
  const tokens = Array.from({ length: 30 }, (_, i) => (i * i) % 5)
  const plain = await network([4], layers, { seed: 2 })
  const before = await memory()
  const net = await network({ x: [4], 'x.lengths': [1] }, layers, { seed: 2 })
  expect(await perplexity(net, tokens)).toBe(await perplexity(plain, tokens))
  const [own, other] = [await predictNext(net, [1, 2]), await predictNext(plain, [1, 2])]
  expect(own).toEqual(other)
  net.dispose()
  expect(await memory()).toMatchObject({ networks: before.networks, datasets: before.datasets })
})

test('wrong networks and tokens are refused', async () => {
  const net = await charRnn({ vocabulary: 5, steps: 4, units: 3 })
  await refused('data', 'perplexity needs 5 tokens or more, got 4', () => perplexity(net, [0, 1, 2, 3]))
  await refused('data', 'token 4 is 5: tokens are 0 to 4', () => perplexity(net, [0, 1, 2, 3, 5]))
  await refused('option', 'takes a network of tokens', () => perplexity({} as never, [0]))
  const other = await network([4], [dense({ units: 5 })])
  await refused('shape', 'begins with embedding', () => perplexity(other, [0, 1, 2, 3, 4]))
})
