// Text as tokens: vocabularies, data sets, models of the next token, and what they generate. An entry of its own, `hebb/text`.

export { type Bucket, bucket } from './bucket'
export { type Generated, type GenerateOptions, generate } from './generate'
export { perplexity } from './perplexity'
export { type NextToken, predictNext } from './predictNext'
export type { Tokens } from './tokens'
export { type TokenWindowsOptions, tokenWindows } from './tokenWindows'
export { type Trigram, trigram } from './trigram'
export {
  characters,
  type TokenKind,
  type Vocabulary,
  vocabulary,
  type WordsOptions,
  words,
} from './vocabulary'
