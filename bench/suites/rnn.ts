// Recurrent layers on sequences of 64 time steps: Elman's, GRU and LSTM; and step by step, as a stream comes.
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
const NAMES: Record<Cell, string> = { rnn: 'elman', gru: 'gru', lstm: 'lstm' }

function recurrentCase(kind: Model['kind'], [cell, inputs, units]: (typeof SIZES)[number]): Case {
  const layers = [
    { type: 'recurrent', cell, inputs, units },
    { type: 'dense', units: 10, inputs: units, activation: 'none' },
  ] as const
  const name = `${kind} ${NAMES[cell]} ${inputs}-${units}`
  if (kind === 'stream') return { name: `${name} b1`, work: { kind, batch: 1, input: [1, inputs], layers } }
  const work: Model = { kind, batch: BATCH, input: [STEPS, inputs], layers }
  return { name, work, ...(kind === 'train' && units === 128 && { quick: true }) }
}

const stream = recurrentCase('stream', ['lstm', 32, 128])

export const rnn: Suite = {
  name: 'rnn',
  about:
    'Recurrent layers, 64 time steps, minibatches of 32, and a softmax of ten classes behind the last state; a stream brings one time step of one sample at a time, and the state is carried on',
  unit: 'samples/s',
  only: (engine) => /^(hebb-(node|chromium)|pytorch|ort|tfjs-wasm)/.test(engine),
  cases: [
    ...(['train', 'infer'] as const).flatMap((kind) => SIZES.map((size) => recurrentCase(kind, size))),
    stream,
    { name: `${stream.name} here`, work: { ...(stream.work as Model), here: true } },
  ],
}
