import type { Network } from '../network/network'
import { sequenceOf, withSteps } from '../network/withSteps'
import { vocabularyOf } from './following'
import { checkTokens, type Tokens } from './tokens'
import { tokenWindows } from './tokenWindows'

/**
 * The perplexity of a text for a network of tokens, as {@link generate} takes it: exp of the mean of −ln P(token | the tokens
 * before it in its window), over the windows of the network's T steps, one after another. Each window begins with the state
 * zero. The number of equally likely tokens that would be as hard to guess; log₂ of it is the number of bits per token.
 * {@link Trigram.perplexity} is that of the baseline.
 *
 * @throws HebbError `option`, `shape` if the network is another one; `data` if there are fewer than T + 1 tokens, or one out of
 * range
 */
export async function perplexity(net: Network, tokens: Tokens): Promise<number> {
  const known = vocabularyOf('perplexity', net)
  const [, [steps = 1]] = sequenceOf(net)!
  const own = checkTokens('perplexity', tokens, known, steps + 1)
  const targets = net.outputs[0]!.shape.length === 2 ? 'each' : 'last'
  const whole = net.description.inputs.length === 1 ? net : await withSteps(net, steps)
  const data = await tokenWindows(own, { steps, every: targets === 'each' ? steps : 1, targets })
  try {
    return Math.exp((await whole.evaluate(data, { loss: 'crossEntropy' })).loss)
  } finally {
    data.dispose()
    if (whole !== net) whole.dispose()
  }
}
