// The three networks that learn a text, and their weights after each epoch.
import { adam, type Dataset, dense, embedding, gru, lstm, type Network, network, rnn } from 'hebb'
import { characters, tokenWindows, type Vocabulary } from 'hebb/text'

export const CELLS = { rnn: 'RNN', gru: 'GRU', lstm: 'LSTM' } as const
export type Cell = keyof typeof CELLS
export const cells = Object.keys(CELLS) as Cell[]
const layers = { rnn, gru, lstm }

export const EPOCHS = 40
/** The values of an embedded character, and the time steps and minibatches of training. */
export const EMBEDDING = 16
export const STEPS = 32
export const EVERY = 8
/** The initial bias of the gate that lets the state pass: f of the LSTM, z of the GRU, the second of each. */
export const OPEN = 3
export const BATCH = 8

export interface Settings {
  text: string
  units: number
  rate: number
  /** What the initial weights from state to state are multiplied by. */
  factor: number
  seed: number
}

type Weights = Awaited<ReturnType<Network['weights']>>
export interface Pupil {
  net: Network
  /** The weights before training and after each epoch. */
  kept: readonly Weights[]
  /** The mean loss in each epoch. */
  losses: readonly number[]
}

export interface Learned {
  settings: Settings
  vocabulary: Vocabulary
  tokens: Uint32Array
  pupils: Readonly<Record<Cell, Pupil>>
  /** Windows that all three have read in training. */
  read: number
}

/** The layers behind the embedding. */
export const behind = (cell: Cell, units: number, vocabulary: number) => [
  layers[cell]({ units, returns: 'all', name: 'h' }),
  dense({ units: vocabulary, activation: 'softmax', name: 'y' }),
]

export async function learn(settings: Settings): Promise<Learned> {
  const vocabulary = characters(settings.text)
  const tokens = vocabulary.encode(settings.text)
  const windows = await tokenWindows(tokens, { steps: STEPS, every: EVERY })
  try {
    const pupils = {} as Record<Cell, Pupil>
    for (const cell of cells) pupils[cell] = await train(cell, settings, vocabulary.size, windows)
    return { settings, vocabulary, tokens, pupils, read: cells.length * EPOCHS * windows.samples }
  } finally {
    windows.dispose()
  }
}

async function train(cell: Cell, settings: Settings, size: number, windows: Dataset): Promise<Pupil> {
  const { units, rate, factor, seed } = settings
  const net = await network(
    [STEPS],
    [embedding({ units: EMBEDDING, vocabulary: size, name: 'x' }), ...behind(cell, units, size)],
    { seed },
  )
  const initial = await net.weights()
  const [recurrent, bias] = [initial['h.weight_hh_l0']!, initial['h.bias_ih_l0']!]
  if (cell !== 'rnn') bias.data.fill(OPEN, units, 2 * units)
  await net.setWeights(
    {
      'h.weight_hh_l0': { data: recurrent.data.map((w) => factor * w), shape: recurrent.shape },
      'h.bias_ih_l0': bias,
    },
    { partial: true },
  )
  const kept = [await net.weights()]
  const { epochs } = await net.fit(windows, {
    epochs: EPOCHS,
    batchSize: BATCH,
    optimizer: adam({ learningRate: rate }),
    seed,
    onEpochEnd: async () => {
      kept.push(await net.weights())
    },
  })
  return { net, kept, losses: epochs.map(({ loss }) => loss) }
}

export function dispose({ pupils }: Learned): void {
  for (const { net } of Object.values(pupils)) net.dispose()
}
