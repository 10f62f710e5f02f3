import { Dataset } from '../data/dataset'
import { networkEngine } from '../engine/engines'
import { HebbError } from '../errors'
import { checkKeys, checkName, checkWhole } from '../options'
import { checkTokens, MOST_TOKENS, type Tokens } from './tokens'

export interface TokenWindowsOptions {
  /** T, the tokens of a window. */
  steps: number
  /** The tokens from the start of a window to that of the next. Default: `steps`, so that each token is a target once. */
  every?: number
  /**
   * The targets: the token after each token, `'each'`, for networks `[T]` → `[T, vocabulary]`, which is the default; or only the
   * token after the window, `'last'`, for networks `[T]` → `[vocabulary]`.
   */
  targets?: 'each' | 'last'
}

/**
 * Makes a data set from the windows over a text, for a model of the next token: a sample is `[T]`, T = `steps` consecutive
 * tokens, and its targets are the tokens one step later. The tokens left over at the end, fewer than a window needs, are left out.
 *
 * @param tokens a text, as `encode` of a vocabulary returns it
 * @throws HebbError `option`; `data` if there are fewer than `steps` + 1 tokens
 */
export async function tokenWindows(tokens: Tokens, options: TokenWindowsOptions): Promise<Dataset> {
  const who = 'tokenWindows'
  checkKeys(who, options, ['steps', 'every', 'targets'])
  const steps = checkWhole(who, 'steps', options.steps, 1)
  const every = checkWhole(who, 'every', options.every ?? steps, 1)
  const targets = checkName(who, 'targets', options.targets ?? 'each', ['each', 'last'])
  const all = checkTokens(who, tokens, MOST_TOKENS, steps + 1)
  const count = Math.floor((all.length - 1 - steps) / every) + 1
  if (count * steps > 2 ** 30) {
    throw new HebbError(
      'memory',
      `${who}: ${count} windows of ${steps} tokens need more memory than there is: raise every`,
    )
  }
  const wide = targets === 'each' ? steps : 1
  const [x, t] = [new Float32Array(count * steps), new Uint32Array(count * wide)]
  for (let n = 0; n < count; n++) {
    const from = n * every
    x.set(all.subarray(from, from + steps), n * steps)
    t.set(all.subarray(from + steps + 1 - wide, from + steps + 1), n * wide)
  }
  return Dataset.create(await networkEngine(), [steps], x, t)
}
