import { charRnn, elman } from 'hebb/zoo'
import { expect, test } from 'vitest'
import { refused } from '../helpers/refused'

test('charRnn: tokens to the probabilities of the next token, at each time step', async () => {
  for (const cell of ['rnn', 'gru', 'lstm'] as const) {
    const net = await charRnn({ vocabulary: 9, steps: 5, units: 4, cell, embedding: 3 })
    expect(net.spec.layers.map(({ type }) => type)).toEqual(['embedding', cell, cell, 'dense'])
    const { data, shape } = await net.predict([0, 8, 3, 3, 1])
    expect(shape).toEqual([5, 9])
    for (let t = 0; t < 5; t++) {
      expect(data.subarray(9 * t, 9 * t + 9).reduce((a, b) => a + b)).toBeCloseTo(1, 5)
    }
  }
  const plain = await charRnn({ vocabulary: 65, steps: 2 })
  // Embedding, two LSTMs of 128 with both biases, and the output.
  expect(plain.parameters).toBe(65 * 128 + 2 * (4 * 128 * 256 + 8 * 128) + 65 * 129)
})

test('elman: the formulas of the notes', async () => {
  const net = await elman({ inputs: 1, units: 1, outputs: 1, steps: 2, activation: 'sigmoid' })
  const scalar = (value: number, rank: number) => ({
    data: Float32Array.of(value),
    shape: rank === 2 ? [1, 1] : [1],
  })
  await net.setWeights({
    'h.weight_ih_l0': scalar(0.5, 2),
    'h.weight_hh_l0': scalar(-2, 2),
    'h.bias_ih_l0': scalar(0.25, 1),
    'h.bias_hh_l0': scalar(0, 1),
    'y.weight': scalar(3, 2),
    'y.bias': scalar(-1, 1),
  })
  const h0 = Math.tanh(0.5 + 0.25)
  const h1 = Math.tanh(-0.5 - 2 * h0 + 0.25)
  const y = (h: number) => 1 / (1 + Math.exp(1 - 3 * h))
  const { data, shape } = await net.predict([[1], [-1]])
  expect(shape).toEqual([2, 1])
  expect(data[0]).toBeCloseTo(y(h0), 6)
  expect(data[1]).toBeCloseTo(y(h1), 6)
})

test('wrong options are refused', async () => {
  await refused('option', 'charRnn: vocabulary must be a whole number of at least 2', () =>
    charRnn({ vocabulary: 1, steps: 4 }),
  )
  await refused('option', 'charRnn: steps must be', () => charRnn({ vocabulary: 4 } as never))
  await refused('option', 'charRnn: cell must be one of rnn, gru, lstm', () =>
    charRnn({ vocabulary: 4, steps: 2, cell: 'x' as never }),
  )
  await refused('option', 'charRnn has no option "hidden"', () =>
    charRnn({ vocabulary: 4, steps: 2, hidden: 3 } as never),
  )
  await refused('option', 'elman: units must be', () => elman({ inputs: 1, units: 0, outputs: 1, steps: 1 }))
  await refused('option', 'elman: outputs must be', () => elman({ inputs: 1, units: 1, steps: 1 } as never))
})
