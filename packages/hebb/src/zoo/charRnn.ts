import { dense, embedding, gru, type Layer, lstm, rnn } from '../layers'
import { Network } from '../network/network'
import { toSpec } from '../network/spec'
import { checkKeys, checkName, checkWhole } from '../options'

/** The recurrent layers by name. */
const CELLS = { rnn, gru, lstm }

export interface CharRnnOptions {
  /** The number of tokens, `vocabulary.size`. */
  vocabulary: number
  /** T, the time steps of a sample. */
  steps: number
  /** The values of a state. Default 128. */
  units?: number
  /** The number of recurrent layers. Default 2. */
  layers?: number
  /** Their kind. Default `'lstm'`. */
  cell?: keyof typeof CELLS
  /** The values of an embedded token. Default: `units`. */
  embedding?: number
  /** The seed of the initial weights. Default 0. */
  seed?: number
}

/**
 * The network of Karpathy's char-rnn ("The Unreasonable Effectiveness of Recurrent Neural Networks", 2015): at each time step it
 * gives the probabilities of the next character, or of the next word. Tokens `[T]` → `[T, vocabulary]`: `embedding`, recurrent
 * layers that return all states, and `dense` with softmax.
 *
 * @example
 * const letters = characters(text)
 * const net = await charRnn({ vocabulary: letters.size, steps: 64 })
 * await net.fit(await tokenWindows(letters.encode(text), { steps: 64 }), { epochs: 10, optimizer: adam() })
 * @throws HebbError `option`
 */
export async function charRnn(options: CharRnnOptions): Promise<Network<number>> {
  const who = 'charRnn'
  checkKeys(who, options, ['vocabulary', 'steps', 'units', 'layers', 'cell', 'embedding', 'seed'])
  const steps = checkWhole(who, 'steps', options.steps, 1)
  const units = checkWhole(who, 'units', options.units ?? 128, 1)
  const count = checkWhole(who, 'layers', options.layers ?? 2, 1, 100)
  const values = checkWhole(who, 'embedding', options.embedding ?? units, 1)
  const cell = CELLS[checkName(who, 'cell', options.cell ?? 'lstm', ['rnn', 'gru', 'lstm'])]
  const vocabulary = checkWhole(who, 'vocabulary', options.vocabulary, 2, 2 ** 24)
  const recurrent = Array.from({ length: count }, () => cell({ units, returns: 'all' }))
  const layers: Layer[] = [
    embedding({ units: values, vocabulary }),
    ...recurrent,
    dense({ units: vocabulary, activation: 'softmax' }),
  ]
  return Network.create(toSpec([steps], layers, { seed: options.seed ?? 0 })) as Promise<Network<number>>
}
