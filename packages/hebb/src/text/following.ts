// The probabilities of the next token, from a network that reads one token at a time.
import { HebbError } from '../errors'
import { Network } from '../network/network'
import type { State } from '../network/state'
import { sequenceOf, withSteps } from '../network/withSteps'
import { size } from '../tensor'
import { checkTokens, type Tokens } from './tokens'
import { Vocabulary } from './vocabulary'

/** Reads tokens one by one: the logarithms of the next token's probabilities but for a constant, and the state after them. */
export interface Reader {
  read(token: number, state: State): Promise<{ logits: Float64Array; state: State }>
  /** Frees what was made for it. */
  close(): void
}

/** How outputs become logarithms of probabilities. */
const LOGARITHMS: Record<string, (value: number) => number> = {
  softmax: Math.log,
  logSoftmax: (value) => value,
  identity: (value) => value,
}

/** The number of tokens that a network knows; throws if it is no network of tokens. */
export function vocabularyOf(who: string, net: Network): number {
  if (!(net instanceof Network)) throw new HebbError('option', `${who} takes a network of tokens first`)
  const { layers, inputs, outputs } = net.description
  const backward = net.spec.layers.findIndex((layer) => {
    return 'direction' in layer && (layer.direction ?? 'forward') !== 'forward'
  })
  if (backward >= 0) {
    throw new HebbError(
      'option',
      `${who} reads forward, and "${layers[backward]!.name}" also backward: it would know the token that it is asked for`,
    )
  }
  const [first] = net.spec.layers
  const known = first && 'vocabulary' in first && layers[0]?.type === 'embedding' ? first.vocabulary : 0
  const answers = outputs.length === 1 && outputs[0]!.shape.at(-1) === known
  const usable = typeof outputs[0]!.activation === 'string' && outputs[0]!.activation in LOGARITHMS
  if (sequenceOf(net) && known > 0 && answers && usable) return known
  throw new HebbError(
    'shape',
    `${who} needs a network that begins with embedding and ends with as many outputs as its vocabulary, with softmax or logits: this one is [${inputs.map(([, shape]) => shape).join('], [')}] → [${outputs[0]!.shape}] (${outputs[0]!.activation})`,
  )
}

/** A reader of a network: itself if it has one time step, else a copy with one. */
export async function reader(net: Network): Promise<Reader> {
  const own =
    net.description.inputs.length === 1 && size(net.description.input) === 1 ? net : await withSteps(net, 1)
  const logarithm = LOGARITHMS[own.outputs[0]!.activation as string]!
  const forgets = own.description.states.length === 0
  return {
    async read(token, state) {
      const x = { data: Float32Array.of(token), shape: own.description.inputs[0]![1] }
      // Without a recurrent layer the last token is all that counts.
      const after = forgets ? { output: await own.predict(x), state: {} } : await own.predict(x, { state })
      const logits = Float64Array.from(after.output.data, logarithm)
      if (Number.isFinite(largest(logits))) return { logits, state: after.state }
      throw new HebbError('data', `the network's outputs after token ${token} are not finite: train it anew`)
    },
    close: () => void (own === net || own.dispose()),
  }
}

/** Reads some tokens, at least one. */
export async function readAll(reader: Reader, tokens: Uint32Array, state: State) {
  let after = await reader.read(tokens[0]!, state)
  for (const token of tokens.subarray(1)) after = await reader.read(token, after.state)
  return after
}

/** What was given to begin with: a text of the vocabulary, or tokens. At least one. */
export function toPrompt(
  who: string,
  prompt: string | Tokens,
  vocabulary: Vocabulary | undefined,
  known: number,
): Uint32Array {
  if (vocabulary !== undefined && !(vocabulary instanceof Vocabulary)) {
    throw new HebbError('option', `${who}: vocabulary must be a Vocabulary, as characters and words make it`)
  }
  if (vocabulary && vocabulary.size !== known) {
    throw new HebbError('shape', `${who}: the vocabulary has ${vocabulary.size} tokens, the network ${known}`)
  }
  if (typeof prompt !== 'string') return checkTokens(who, prompt, known)
  if (!vocabulary) throw new HebbError('option', `${who}: a text needs its vocabulary: give { vocabulary }`)
  const tokens = vocabulary.encode(prompt)
  if (tokens.length > 0) return tokens
  throw new HebbError(
    'data',
    `${who}: give a text of one token or more: the network continues what it has read`,
  )
}

/** The largest value; NaN if there is one. */
const largest = (values: Float64Array) => values.reduce((a, b) => Math.max(a, b))

/** Probabilities from logits: softmax of logits / temperature over the `topK` largest; 0 for all others. */
export function distribution(logits: Float64Array, temperature: number, topK: number): Float64Array {
  const most = largest(logits)
  const kept = topK < logits.length ? new Set(likeliest(logits, topK)) : undefined
  const powers = logits.map((logit, token) =>
    kept && !kept.has(token) ? 0 : Math.exp((logit - most) / temperature),
  )
  const sum = powers.reduce((a, b) => a + b)
  return powers.map((power) => power / sum)
}

/** The numbers of the `count` largest values, the largest first; of equal ones the first. */
export function likeliest(values: Float64Array, count: number): number[] {
  const all = Array.from(values.keys())
  return all.sort((a, b) => values[b]! - values[a]! || a - b).slice(0, count)
}
