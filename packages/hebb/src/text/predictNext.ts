import type { Network } from '../network/network'
import { checkKeys, checkWhole } from '../options'
import { distribution, likeliest, readAll, reader, toPrompt, vocabularyOf } from './following'
import type { Tokens } from './tokens'
import type { Vocabulary } from './vocabulary'

/** A token that may come next. */
export interface NextToken {
  token: number
  /** Its text; empty without a vocabulary. */
  text: string
  probability: number
}

/**
 * The likeliest next tokens of a text, the likeliest first: the next word of a sentence. The network is one as
 * {@link generate} takes it, and reads the whole text from the state zero, whatever its T is.
 *
 * @example const [best] = await predictNext(net, 'the quality of', { vocabulary, top: 5 })
 * @throws HebbError `option`, `shape` if the network is another one, `data` if the text is empty or has a token out of range
 */
export async function predictNext(
  net: Network,
  text: string | Tokens,
  options: { vocabulary?: Vocabulary; top?: number } = {},
): Promise<NextToken[]> {
  const known = vocabularyOf('predictNext', net)
  checkKeys('predictNext', options, ['vocabulary', 'top'])
  const { vocabulary } = options
  const tokens = toPrompt('predictNext', text, vocabulary, known)
  const top = checkWhole('predictNext', 'top', options.top ?? 5, 1)
  const steps = await reader(net)
  try {
    const { logits } = await readAll(steps, tokens, {})
    const all = distribution(logits, 1, known)
    return likeliest(all, top).map((token) => ({
      token,
      text: vocabulary?.tokens[token] ?? '',
      probability: all[token]!,
    }))
  } finally {
    steps.close()
  }
}
