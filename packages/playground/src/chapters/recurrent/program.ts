// The program of the page, and what it may export.
import { computed } from '@preact/signals'
import { BATCH, EMBEDDING, EPOCHS, EVERY, OPEN, STEPS } from './learner'
import { WRITTEN } from './look'
import * as model from './model'

export const program = computed(() => {
  const { value: cell } = model.cell
  const { value: units } = model.units
  const scaled = model.factor.value !== 1
  const gated = cell !== 'rnn'
  const start =
    scaled || gated
      ? `
const { 'h.weight_hh_l0': recurrent, 'h.bias_ih_l0': bias } = await net.weights()${
          scaled ? `\nfor (const i of recurrent.data.keys()) recurrent.data[i] *= ${model.factor.value}` : ''
        }${
          gated
            ? `\n// The gate that lets the state pass begins open.\nbias.data.fill(${OPEN}, ${units}, 2 * ${units})`
            : ''
        }
await net.setWeights({ 'h.weight_hh_l0': recurrent, 'h.bias_ih_l0': bias }, { partial: true })`
      : ''
  return `import { adam, dense, embedding, ${cell}, network } from 'hebb'
import { characters, generate, tokenWindows } from 'hebb/text'

// The page learns this text.
export const text =
  ${model.text.value
    .split(/(?<=\n)(?=.)/)
    .map(quoted)
    .join(' +\n  ')}
const vocabulary = characters(text)
const windows = await tokenWindows(vocabulary.encode(text), { steps: ${STEPS}, every: ${EVERY} })

const net = await network([${STEPS}], [
  embedding({ units: ${EMBEDDING}, vocabulary: vocabulary.size }),
  ${cell}({ units: ${units}, returns: 'all', name: 'h' }),
  dense({ units: vocabulary.size, activation: 'softmax' }),
], { seed: ${model.seed.value} })${start}
const { epochs } = await net.fit(windows, {
  epochs: ${model.shown.value || EPOCHS}, batchSize: ${BATCH}, optimizer: adam({ learningRate: ${model.rate.value} }), seed: ${model.seed.value},
})
console.log('perplexity', Math.exp(epochs.at(-1).loss))

let written = [...text][0]
for await (const { text } of generate(net, {
  prompt: written, vocabulary, length: ${WRITTEN}, temperature: ${model.temperature.value}, seed: ${model.seed.value},
})) {
  written += text
}
console.log(written)
net.dispose()
windows.dispose()
`
})

/** A text as a program writes it. */
function quoted(text: string): string {
  const inside = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"')
  return `'${inside.replaceAll("'", "\\'")}'`
}

/** Learns the text of the reader's program. */
export function take({ text }: Record<string, unknown>): void {
  if (text === undefined || text === model.text.value) return
  if (typeof text !== 'string') throw new Error('Export a text.')
  model.setText(text)
}
