// Lists of token numbers.
import { HebbError, shown } from '../errors'

/** Token numbers: a plain or typed list. */
export type Tokens = readonly number[] | Uint32Array | Uint16Array | Uint8Array | Int32Array

/** The most tokens of an embedding. */
export const MOST_TOKENS = 2 ** 24

/** The tokens as numbers; throws if there are fewer than `least`, or if one is not below `size`. */
export function checkTokens(who: string, tokens: Tokens, size: number, least = 1): Uint32Array {
  if (!Array.isArray(tokens) && (!ArrayBuffer.isView(tokens) || tokens instanceof DataView)) {
    throw new HebbError('option', `${who} takes a list of token numbers, got ${shown(tokens)}`)
  }
  const numbers = new Uint32Array(tokens.length)
  if (numbers.length < least) {
    throw new HebbError(
      'data',
      `${who} needs ${least} token${least > 1 ? 's' : ''} or more, got ${numbers.length}`,
    )
  }
  for (let i = 0; i < numbers.length; i++) {
    const token = tokens[i]
    if (!Number.isInteger(token) || !(token! >= 0 && token! < size)) {
      throw new HebbError('data', `${who}: token ${i} is ${shown(token)}: tokens are 0 to ${size - 1}`)
    }
    numbers[i] = token!
  }
  return numbers
}
