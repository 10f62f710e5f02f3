// What a network of tokens generates, and the next tokens that it predicts.
import { adam, dense, embedding, flatten, gru, lstm, memory, network, rnn, withSteps } from 'hebb'
import { characters, type Generated, generate, perplexity, predictNext, tokenWindows, words } from 'hebb/text'
import { charRnn } from 'hebb/zoo'
import { beforeAll, expect, test } from 'vitest'
import { refused } from '../helpers/refused'

const text = 'the quick brown fox jumps over the lazy dog. '.repeat(12)
const letters = characters(text)
const encoded = letters.encode(text)
const STEPS = 12
let net: Awaited<ReturnType<typeof charRnn>>

beforeAll(async () => {
  net = await charRnn({ vocabulary: letters.size, steps: STEPS, units: 32, layers: 1, cell: 'gru', seed: 1 })
  const data = await tokenWindows(encoded, { steps: STEPS, every: 5 })
  await net.fit(data, { epochs: 30, batchSize: 8, optimizer: adam({ learningRate: 0.02 }), seed: 1 })
  data.dispose()
})

/** All that is generated. */
async function all(...args: Parameters<typeof generate>): Promise<Generated[]> {
  const list = []
  for await (const one of generate(...args)) list.push(one)
  return list
}
const joined = (list: Generated[]) => list.map(({ text }) => text).join('')

test('continues what it has learned', async () => {
  const made = await all(net, { prompt: 'the qu', vocabulary: letters, length: 60, temperature: 0 })
  expect(joined(made)).toBe(text.slice(6, 66))
  expect(made.every(({ probability }) => probability === 1)).toBe(true)
})

test('equals one prediction after another of the whole network, token by token', async () => {
  const tokens = Array.from(encoded.subarray(0, 3))
  const made = await all(net, { prompt: tokens, length: STEPS - 3, temperature: 0.5, topK: 3, seed: 4 })
  const read = [...tokens, ...made.map(({ token }) => token)]
  const { data: p } = await net.predict([read])
  for (const [i, { token, probability, text }] of made.entries()) {
    const at = (tokens.length - 1 + i) * letters.size
    const own = Array.from(p.subarray(at, at + letters.size))
    const kept = own.toSorted((a, b) => b - a).slice(0, 3)
    expect(kept).toContain(own[token])
    // p^(1/0.5), over the three likeliest.
    const sum = kept.reduce((sum, p) => sum + p ** 2, 0)
    expect(probability).toBeCloseTo(own[token]! ** 2 / sum, 5)
    expect(text).toBe('')
  }
})

test('the seed decides, and the state continues', async () => {
  const options = { prompt: 'over ', vocabulary: letters, temperature: 3, length: 40 }
  const made = await all(net, { ...options, seed: 7 })
  expect(joined(await all(net, { ...options, seed: 7 }))).toBe(joined(made))
  expect(joined(await all(net, { ...options, seed: 8 }))).not.toBe(joined(made))
  const { token, state } = made[9]!
  const rest = await all(net, { prompt: [token], state, temperature: 0, length: 5 })
  const whole = await all(net, {
    prompt: `over ${joined(made.slice(0, 10))}`,
    vocabulary: letters,
    temperature: 0,
    length: 5,
  })
  expect(rest.map(({ token }) => token)).toEqual(whole.map(({ token }) => token))
  expect(rest.at(-1)!.state).toEqual(whole.at(-1)!.state)
})

test('draws with the probabilities that it states', async () => {
  const step = await withSteps(net, 1)
  const [counts, draws] = [new Map<number, number>(), 400]
  let expected: Map<number, number> | undefined
  for (let seed = 0; seed < draws; seed++) {
    const [{ token, probability }] = (await all(step, { prompt: [3], length: 1, temperature: 4, seed })) as [
      Generated,
    ]
    counts.set(token, (counts.get(token) ?? 0) + 1)
    expected = (expected ?? new Map()).set(token, probability)
  }
  for (const [token, probability] of expected!) {
    const [mean, deviation] = [draws * probability, Math.sqrt(draws * probability * (1 - probability))]
    expect(Math.abs(counts.get(token)! - mean)).toBeLessThan(5 * deviation + 1)
  }
  step.dispose()
})

test('a loop that breaks leaves nothing behind, and a network of one step is kept', async () => {
  const before = await memory()
  for (let i = 0; i < 5; i++) {
    for await (const _ of generate(net, { prompt: 'a', vocabulary: letters })) break
  }
  expect((await memory()).networks).toBe(before.networks)
  const step = await withSteps(net, 1)
  await all(step, { prompt: 'a', vocabulary: letters, length: 2 })
  await step.predict([3])
  step.dispose()
})

test('the next word of a sentence', async () => {
  const list = words('the cat sat on the mat. the dog sat on the log. '.repeat(8))
  const data = await tokenWindows(list.encode('the cat sat on the mat. the dog sat on the log. '.repeat(8)), {
    steps: 5,
    every: 1,
    targets: 'last',
  })
  const model = await network(
    [5],
    [embedding({ units: 8, vocabulary: list.size }), lstm({ units: 16 }), dense({ units: list.size })],
    { seed: 2 },
  )
  await model.fit(data, {
    epochs: 60,
    batchSize: 16,
    loss: 'crossEntropy',
    optimizer: adam({ learningRate: 0.02 }),
  })
  const next = await predictNext(model, 'the mat. the dog sat on the', { vocabulary: list, top: 3 })
  expect(next.map(({ text }) => text)).toContain('log')
  expect(next[0]!.probability).toBeGreaterThan(next[2]!.probability)
  expect(
    (await predictNext(model, [1], { top: 100 })).reduce((sum, { probability }) => sum + probability, 0),
  ).toBeCloseTo(1, 12)
  const made = await all(model, { prompt: 'the mat. the dog', vocabulary: list, length: 3, temperature: 0 })
  expect(joined(made)).toBe(' sat on the')
})

test('what it cannot continue is refused', async () => {
  const start = { prompt: 'a', vocabulary: letters }
  const both = gru({ units: 3, returns: 'all', direction: 'both' })
  const ahead = await network([4], [embedding({ units: 2, vocabulary: 3 }), both, dense({ units: 3 })])
  for (const ask of [
    () => all(ahead, { prompt: [1] }),
    () => predictNext(ahead, [1]),
    () => perplexity(ahead, [1, 1]),
  ]) {
    await refused('option', 'reads forward, and "gru1" also backward', ask)
  }
  const flat = await network([2], [dense({ units: 3, activation: 'softmax' })])
  await refused(
    'shape',
    'needs a network that begins with embedding',
    () => all(flat, start),
    () => predictNext(flat, 'a'),
  )
  const narrow = await network([2, 1], [embedding({ units: 2, vocabulary: 4 }), rnn({ units: 3 })])
  await refused('shape', 'this one is [2,1] → [3]', () => all(narrow, { prompt: [1] }))
  await refused(
    'option',
    'a network of tokens first',
    () => all(undefined as never, start),
    () => predictNext({} as never, 'a'),
  )
  await refused(
    'data',
    'give a text of one token or more',
    () => all(net, { ...start, prompt: '' }),
    () => predictNext(net, '', { vocabulary: letters }),
  )
  await refused('data', 'generate needs 1 token or more', () => all(net, { prompt: [] }))
  await refused('data', 'token 1 is 99: tokens are 0 to 28', () => all(net, { prompt: [1, 99] }))
  await refused('option', 'a text needs its vocabulary', () => all(net, { prompt: 'a' }))
  await refused('shape', 'the vocabulary has 2 tokens, the network 29', () =>
    all(net, { ...start, vocabulary: characters('a') }),
  )
  await refused('option', 'vocabulary must be a Vocabulary', () =>
    all(net, { ...start, vocabulary: ['a'] as never }),
  )
  await refused('option', 'temperature must be a number, 0 or more', () =>
    all(net, { ...start, temperature: -1 }),
  )
  await refused('option', 'topK must be', () => all(net, { ...start, topK: 30 }))
  await refused('option', 'length must be', () => all(net, { ...start, length: 1.5 }))
  await refused('option', 'seed must be', () => all(net, { ...start, seed: -1 }))
  await refused('option', 'top must be', () => predictNext(net, [1], { top: 0 }))
  await refused('option', 'generate has no option "top_p"', () => all(net, { ...start, top_p: 1 } as never))
  await refused('data', "the network's states are gru1", () =>
    all(net, { ...start, length: 2, state: { x: [1] } }),
  )
  const memoryless = await network(
    [4],
    [embedding({ units: 2, vocabulary: 4 }), flatten(), dense({ units: 4 })],
  )
  await refused('shape', '', () => all(memoryless, { prompt: [1], length: 1 }))
})
