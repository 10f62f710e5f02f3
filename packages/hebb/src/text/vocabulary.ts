import { HebbError, shown } from '../errors'
import { checkKeys, checkName, checkWhole, isTexts } from '../options'
import { checkTokens, MOST_TOKENS, type Tokens } from './tokens'

/** What a token is: a character (a code point of Unicode), or a word, a number or a punctuation mark. */
export type TokenKind = 'characters' | 'words'

/** Words with apostrophes and hyphens inside; numbers; any other sign. White space only separates. */
const WORDS = /[\p{L}\p{M}]+(?:['’-][\p{L}\p{M}]+)*|\p{N}+(?:[.,]\p{N}+)*|[^\s]/gu
/** How the unknown token is written. No text contains it as a single token, except characters its sign. */
const UNKNOWN = { characters: '\ufffd', words: '<unknown>' }
/** No space before the first, nor after the second. */
const CLOSING = /^[.,;:!?%)\]}’”»]$/u
const OPENING = /^[([{‘“«]$/u

/** The parts of a text that tokens stand for. */
function parts(kind: TokenKind, text: string): string[] {
  return kind === 'characters' ? Array.from(text) : (text.match(WORDS) ?? [])
}

function checkText(who: string, text: unknown): string {
  if (typeof text === 'string') return text
  throw new HebbError('option', `${who} takes a text, got ${shown(text)}`)
}

/**
 * The tokens of a text by number, made by {@link characters}, {@link words} or, from its JSON, {@link vocabulary}. Token 0
 * stands for everything unknown.
 */
export class Vocabulary {
  static get name() {
    return 'Vocabulary'
  }
  readonly kind: TokenKind
  /** Each token's text. */
  readonly tokens: readonly string[]
  /** The number of the unknown token. */
  readonly unknown = 0
  readonly #numbers: ReadonlyMap<string, number>

  /** @internal Without the unknown token. */
  constructor(kind: TokenKind, known: readonly string[]) {
    this.kind = kind
    this.tokens = Object.freeze([UNKNOWN[kind], ...known])
    this.#numbers = new Map(this.tokens.map((token, number) => [token, number]))
  }

  /** The number of tokens, with the unknown one: the `vocabulary` of {@link embedding}. */
  get size(): number {
    return this.tokens.length
  }

  /** The tokens of a text. What is not in the vocabulary becomes {@link unknown}. */
  encode(text: string): Uint32Array {
    const all = parts(this.kind, checkText('encode', text))
    return Uint32Array.from(all, (part) => this.#numbers.get(part) ?? this.unknown)
  }

  /** The text of some tokens. Words are separated by spaces, as punctuation allows. @throws HebbError `data` */
  decode(tokens: Tokens): string {
    let text = ''
    let before: string | undefined
    for (const token of checkTokens('decode', tokens, this.size, 0)) {
      const part = this.tokens[token]!
      const close = this.kind === 'characters' || before === undefined
      text += close || CLOSING.test(part) || OPENING.test(before!) ? part : ` ${part}`
      before = part
    }
    return text
  }

  /** What {@link vocabulary} restores it from. */
  toJSON(): { kind: TokenKind; tokens: readonly string[] } {
    return { kind: this.kind, tokens: this.tokens }
  }
}

/** The parts of a text that occur at least so often, with how often. */
function counted(who: string, kind: TokenKind, text: unknown, least: number): [string, number][] {
  const counts = new Map<string, number>()
  for (const part of parts(kind, checkText(who, text))) counts.set(part, (counts.get(part) ?? 0) + 1)
  counts.delete(UNKNOWN[kind])
  const kept = [...counts].filter(([, count]) => count >= least)
  if (kept.length > 0) return kept
  const hint = counts.size > 0 ? `: no token occurs ${least} times` : ''
  throw new HebbError('data', `${who}: the text has no ${kind}${hint}`)
}

/** By code units, which is the same everywhere. */
const order = (a: string, b: string) => (a < b ? -1 : 1)

/**
 * The vocabulary of a text's characters, in the order of their code. A character is a code point of Unicode.
 *
 * @throws HebbError `option`; `data` if the text is empty
 */
export function characters(text: string, options: { minimumCount?: number } = {}): Vocabulary {
  checkKeys('characters', options, ['minimumCount'])
  const least = checkWhole('characters', 'minimumCount', options.minimumCount ?? 1, 1)
  const known = counted('characters', 'characters', text, least).map(([part]) => part)
  return new Vocabulary('characters', known.sort(order))
}

export interface WordsOptions {
  /** The most tokens, with the unknown one: the most frequent words. Default: all. */
  size?: number
  /** How often a word must occur at least. Default 1. */
  minimumCount?: number
}

/**
 * The vocabulary of a text's words, numbers and punctuation marks, the most frequent first. Upper and lower case differ:
 * `words(text.toLowerCase())` joins them.
 *
 * With `minimumCount: 2` rare words are unknown, so that a network learns what to expect beside an unknown word.
 *
 * @throws HebbError `option`; `data` if the text is empty
 */
export function words(text: string, options: WordsOptions = {}): Vocabulary {
  checkKeys('words', options, ['size', 'minimumCount'])
  const size = checkWhole('words', 'size', options.size ?? MOST_TOKENS, 2, MOST_TOKENS)
  const least = checkWhole('words', 'minimumCount', options.minimumCount ?? 1, 1)
  const known = counted('words', 'words', text, least)
  known.sort(([a, m], [b, n]) => n - m || order(a, b))
  return new Vocabulary(
    'words',
    known.slice(0, size - 1).map(([part]) => part),
  )
}

/**
 * Restores a vocabulary from what `JSON.parse` makes of its JSON.
 *
 * @throws HebbError `option` if it is no vocabulary
 */
export function vocabulary(json: unknown): Vocabulary {
  const { kind, tokens } = (json ?? {}) as { kind: TokenKind; tokens: string[] }
  checkName('vocabulary', 'kind', kind, ['characters', 'words'])
  const [unknown, ...known] = isTexts(tokens) ? tokens : []
  if (unknown !== UNKNOWN[kind] || new Set(tokens).size !== tokens.length) {
    throw new HebbError(
      'option',
      `vocabulary: tokens must be a list of different texts, the first "${UNKNOWN[kind]}", as JSON.stringify(vocabulary) writes them`,
    )
  }
  return new Vocabulary(kind, known)
}
