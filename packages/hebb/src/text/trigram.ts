import { checkWhole } from '../options'
import { checkTokens, MOST_TOKENS, type Tokens } from './tokens'

/** What follows one context: how often each token does, and the sum. */
interface Followers {
  counts: Map<number, number>
  sum: number
}

/** Adds `by` to the count of a token after a context. Returns whether it is new there. */
function count(table: Map<number, Followers>, context: number, token: number): boolean {
  const own = table.get(context) ?? { counts: new Map<number, number>(), sum: 0 }
  table.set(context, own)
  const before = own.counts.get(token) ?? 0
  own.counts.set(token, before + 1)
  own.sum++
  return before === 0
}

/** What is subtracted from each count: n₁ / (n₁ + 2n₂), where nₖ tokens were counted k times. */
function discount(table: Map<number, Followers>): number {
  let [once, twice] = [0, 0]
  for (const { counts } of table.values()) {
    for (const count of counts.values()) {
      if (count === 1) once++
      if (count === 2) twice++
    }
  }
  // If all tokens were counted more often, a half; something must be left for what was never seen.
  return once > 0 ? Math.min(once / (once + 2 * twice), 0.9) : 0.5
}

/** A model of the next token by the two before it. Made by {@link trigram}. */
export class Trigram {
  static get name() {
    return 'Trigram'
  }
  /** The number of tokens. */
  readonly vocabulary: number
  /** By order: no context, one token, two tokens. */
  readonly #tables: readonly Map<number, Followers>[]
  readonly #discounts: readonly number[]

  /** @internal */
  constructor(tokens: Uint32Array, vocabulary: number) {
    this.vocabulary = vocabulary
    const tables = [0, 1, 2].map(() => new Map<number, Followers>())
    for (let i = 0; i < tokens.length; i++) {
      const [a, b, c] = [tokens[i - 2], tokens[i - 1], tokens[i]!]
      // A shorter context counts the different contexts before it; at the start of the text there is none.
      const begins = i < 2 || count(tables[2]!, a! * vocabulary + b!, c)
      const pair = begins && i > 0 && count(tables[1]!, b!, c)
      if (i === 0 || pair) count(tables[0]!, 0, c)
    }
    this.#tables = tables
    this.#discounts = tables.map(discount)
  }

  /** P(token | the tokens before it), of which the last two count. Above 0 for every token. */
  probability(before: Tokens, token: number): number {
    const who = 'probability'
    const own = checkTokens(who, before, this.vocabulary, 0)
    return this.#probability(own, own.length, checkWhole(who, 'token', token, 0, this.vocabulary - 1))
  }

  /** `own[end − 2]` and `own[end − 1]` are the context. */
  #probability(own: Uint32Array, end: number, token: number): number {
    let probability = 1 / this.vocabulary
    const [a, b] = [own[end - 2], own[end - 1]]
    const contexts = [0, b, a === undefined ? undefined : a * this.vocabulary + b!]
    for (const [order, context] of contexts.entries()) {
      const followers = context === undefined ? undefined : this.#tables[order]!.get(context)
      if (!followers) break
      const { counts, sum } = followers
      const discount = this.#discounts[order]!
      probability *= (discount * counts.size) / sum
      probability += Math.max((counts.get(token) ?? 0) - discount, 0) / sum
    }
    return probability
  }

  /** The probability of every token after those given. */
  probabilities(before: Tokens): Float64Array {
    const own = checkTokens('probabilities', before, this.vocabulary, 0)
    const all = new Float64Array(this.vocabulary)
    return all.map((_, token) => this.#probability(own, own.length, token))
  }

  /** exp of the mean of −ln P(token | the tokens before it), over all tokens but the first two. */
  perplexity(tokens: Tokens): number {
    const own = checkTokens('perplexity', tokens, this.vocabulary, 3)
    let sum = 0
    for (let i = 2; i < own.length; i++) sum -= Math.log(this.#probability(own, i, own[i]!))
    return Math.exp(sum / (own.length - 2))
  }
}

/**
 * The trigram model, the baseline that a network of text has to beat: the next token by the two before it, counted in a text,
 * with interpolated Kneser–Ney smoothing (Kneser and Ney 1995; Chen and Goodman 1999, with one discount per order). Of each
 * count a discount is subtracted, and what that leaves goes to the model with one token less of context, which counts in how
 * many different contexts a token occurs:
 *
 * P(c | a, b) = max(n(abc) − D, 0) / n(ab) + D·m(ab) / n(ab) · P(c | b), where m(ab) different tokens followed a, b.
 *
 * @param tokens a text, as `encode` of a vocabulary returns it
 * @param vocabulary the number of tokens
 * @throws HebbError `option`; `data` if a token is out of range, or if there are fewer than 3
 */
export function trigram(tokens: Tokens, vocabulary: number): Trigram {
  // Pairs of tokens are numbers below 2⁵³.
  checkWhole('trigram', 'vocabulary', vocabulary, 1, MOST_TOKENS)
  return new Trigram(checkTokens('trigram', tokens, vocabulary, 3), vocabulary)
}
