// What the networks are and do after an epoch: the text they write, their states, and the gradient through time.
import { gradientsOverTime, network, withSteps } from 'hebb'
import { generate } from 'hebb/text'
import { behind, type Cell, cells, EMBEDDING, type Learned } from './learner'

/** The characters that are written. */
export const WRITTEN = 160
/** The time steps through which the gradient goes back. */
export const BACK = 40
/** The characters whose states are shown. */
const SHOWN = 600

export interface Look {
  epoch: number
  cell: Cell
  written: string
  /** The characters that were read, and the states after each, `[characters, units]`. */
  characters: readonly string[]
  states: Float32Array
  units: number
  /** The norm of the gradient by the state before each time step. */
  gradients: Readonly<Record<Cell, readonly number[]>>
}

export interface Asked {
  epoch: number
  cell: Cell
  temperature: number
  seed: number
}

export async function look(learned: Learned, { epoch, cell, temperature, seed }: Asked): Promise<Look> {
  const { vocabulary, tokens, pupils, settings } = learned
  for (const { net, kept } of Object.values(pupils)) await net.setWeights(kept[epoch]!)
  const { net } = pupils[cell]
  const prompt = vocabulary.decode(tokens.subarray(0, 1))
  let written = prompt
  for await (const { text } of generate(net, { prompt, vocabulary, length: WRITTEN, temperature, seed })) {
    written += text
  }
  const shown = tokens.subarray(0, SHOWN)
  const reader = await withSteps(net, shown.length)
  const { h } = await reader.activations({ data: Float32Array.from(shown), shape: [shown.length] })
  reader.dispose()
  const gradients = {} as Record<Cell, readonly number[]>
  for (const cell of cells) gradients[cell] = await back(learned, cell, epoch)
  return {
    epoch,
    cell,
    written,
    characters: Array.from(shown, (token) => vocabulary.tokens[token]!),
    states: h!.data as Float32Array,
    units: settings.units,
    gradients,
  }
}

/** ‖∂E/∂h(t−1)‖ for the first characters; E is the error of the character after them. */
async function back({ vocabulary, tokens, pupils, settings }: Learned, cell: Cell, epoch: number) {
  const { 'x.weight': table, ...weights } = pupils[cell].kept[epoch]!
  // The gradient goes back through vectors, so the characters' rows of the embedding are the input.
  const net = await network([1, EMBEDDING], behind(cell, settings.units, vocabulary.size))
  try {
    await net.setWeights(weights)
    const x = new Float32Array(BACK * EMBEDDING)
    for (let t = 0; t < BACK; t++) {
      const from = tokens[t]! * EMBEDDING
      x.set(table!.data.subarray(from, from + EMBEDDING), t * EMBEDDING)
    }
    const norms = await gradientsOverTime(net, { data: x, shape: [BACK, EMBEDDING] }, tokens[BACK]!)
    // The state of an LSTM is h and c together.
    return Array.from({ length: BACK }, (_, t) => Math.hypot(...Object.values(norms).map((all) => all[t]!)))
  } finally {
    net.dispose()
  }
}
