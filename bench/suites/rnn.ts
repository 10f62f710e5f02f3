// Recurrent layers on sequences of 64 time steps: Elman's, GRU and LSTM.
import type { Cell, Model } from '../harness/work.ts'
import type { Case, Suite } from './suite.ts'

const STEPS = 64
const BATCH = 32

const SIZES: readonly [Cell, inputs: number, units: number][] = [
  ['rnn', 32, 128],
  ['gru', 32, 128],
  ['lstm', 32, 128],
  ['gru', 64, 256],
  ['lstm', 64, 256],
]

function recurrentCase(kind: 'train' | 'infer', [cell, inputs, units]: (typeof SIZES)[number]): Case {
  const layers = [
    { type: 'recurrent', cell, inputs, units },
    { type: 'dense', units: 10, inputs: units, activation: 'none' },
  ] as const
  const work: Model = { kind, batch: BATCH, input: [STEPS, inputs], layers }
  const name = `${kind} ${cell} ${inputs}-${units}`
  return { name, work, ...(kind === 'train' && units === 128 && { quick: true }) }
}

export const rnn: Suite = {
  name: 'rnn',
  about:
    'Recurrent layers, 64 time steps, minibatches of 32, and a softmax of ten classes behind the last state',
  unit: 'samples/s',
  only: (engine) => /^(hebb-(node|chromium)|pytorch)/.test(engine),
  cases: (['train', 'infer'] as const).flatMap((kind) => SIZES.map((size) => recurrentCase(kind, size))),
}
