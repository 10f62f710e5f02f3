import { philox } from '../data/random'
import type { Network } from '../network/network'
import type { State } from '../network/state'
import { checkKeys, checkNumber, checkWhole } from '../options'
import { distribution, likeliest, readAll, reader, toPrompt, vocabularyOf } from './following'
import type { Tokens } from './tokens'
import type { Vocabulary } from './vocabulary'

export interface GenerateOptions {
  /** What the network reads before it continues: tokens, or a text of the vocabulary. At least one token. */
  prompt: string | Tokens
  /** The vocabulary, for a text as prompt and as result. */
  vocabulary?: Vocabulary
  /** How many tokens. Default: without end, until the loop breaks. */
  length?: number
  /** The logarithms of the probabilities are divided by it: below 1 likely tokens become likelier, 0 is the likeliest. Default 1. */
  temperature?: number
  /** Only the so many likeliest tokens are drawn. Default: all. */
  topK?: number
  /** The state before the prompt. Default: zeros. */
  state?: State
  /** The seed of the draws. Default 0. */
  seed?: number
}

/** A token that was generated. */
export interface Generated {
  token: number
  /** What it adds to the text; empty without a vocabulary. */
  text: string
  /** The probability with which it was drawn. */
  probability: number
  /** The state before the token was read: `generate` with it and `prompt: [token]` continues. */
  state: State
}

/** The stream of draws of {@link philox}, beside those of the core. */
const DRAWS = 5

/** The number that a random u in [0, 1) draws. */
function draw(probabilities: Float64Array, u: number): number {
  let sum = 0
  let last = 0
  for (const [token, probability] of probabilities.entries()) {
    if (probability === 0) continue
    sum += probability
    if (u < sum) return token
    // The sum may stay below 1 by rounding.
    last = token
  }
  return last
}

/**
 * Continues a text token by token, each drawn from the probabilities that the network gives after the tokens so far, and read
 * by it in turn. The network is one of tokens, as `charRnn` makes it: from `embedding` to as many outputs, softmax or logits,
 * as the vocabulary has tokens. It reads one token at a time and carries its state: a network of one time step is used as it
 * is, of others a copy of the weights is made for one step, once, and freed when the loop ends. The same seed gives the same
 * tokens, if the network gives the same bits.
 *
 * ```ts
 * for await (const { text } of generate(net, { prompt: 'ROMEO:', vocabulary, length: 200, temperature: 0.7 }))
 *   process.stdout.write(text)
 * ```
 *
 * @throws HebbError `option`, `shape` if the network is another one, `data` if the prompt is empty or has a token out of range
 */
export async function* generate(
  net: Network,
  options: GenerateOptions,
): AsyncGenerator<Generated, void, void> {
  const who = 'generate'
  const known = vocabularyOf(who, net)
  checkKeys(who, options, ['prompt', 'vocabulary', 'length', 'temperature', 'topK', 'state', 'seed'])
  const { vocabulary, state = {} } = options
  const prompt = toPrompt(who, options.prompt, vocabulary, known)
  const length = options.length === undefined ? Infinity : checkWhole(who, 'length', options.length, 0)
  const [least, range] = [(n: number) => n >= 0, '0 or more']
  const temperature = checkNumber(who, 'temperature', options.temperature ?? 1, least, range)
  const topK = checkWhole(who, 'topK', options.topK ?? known, 1, known)
  const seed = checkWhole(who, 'seed', options.seed ?? 0, 0)
  if (length === 0) return
  const steps = await reader(net)
  try {
    let after = await readAll(steps, prompt, state)
    let before = prompt.at(-1)!
    for (let index = 0; index < length; index++) {
      const { logits } = after
      const all = temperature > 0 ? distribution(logits, temperature, topK) : undefined
      const token = all
        ? draw(all, philox([index, 0, DRAWS, 0], [seed, 0])[0]! / 2 ** 32)
        : likeliest(logits, 1)[0]!
      const text = vocabulary ? addition(vocabulary, before, token) : ''
      yield { token, text, probability: all ? all[token]! : 1, state: after.state }
      if (index + 1 < length) after = await steps.read(token, after.state)
      before = token
    }
  } finally {
    steps.close()
  }
}

/** What a token adds to the text of the one before. */
function addition(vocabulary: Vocabulary, before: number, token: number): string {
  return vocabulary.decode([before, token]).slice(vocabulary.decode([before]).length)
}
