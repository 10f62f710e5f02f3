// Recurrent weights of Keras, ONNX and PyTorch give the answers of those libraries.
import { readFileSync } from 'node:fs'
import { dense, gru, kerasWeights, lstm, network, onnxWeights, readSafetensors, rnn } from 'hebb'
import { expect, test } from 'vitest'
import { values } from '../helpers/radial'
import { refused } from '../helpers/refused'

interface Case {
  library: 'keras' | 'onnx'
  cell: 'rnn' | 'gru' | 'lstm'
  seed: number
  biasShape: number[] | null
  reset?: 'after' | 'before'
  y: number[]
}
const file = new URL('../fixtures/recurrent/weights.json', import.meta.url)
const { shape, units, cases, torch } = JSON.parse(readFileSync(file, 'utf8')) as {
  shape: [number, number, number]
  units: number
  cases: Case[]
  torch: { seed: number; file: string; y: number[] }
}
const [, steps, features] = shape
const GATES = { rnn: 1, gru: 3, lstm: 4 }

/** The numbers of the fixtures with this seed. */
function drawn(seed: number, shape: readonly number[]) {
  const data = Float32Array.from(
    values(
      seed,
      shape.reduce((a, b) => a * b),
    ),
  )
  return { data, shape }
}
function close(is: Float32Array, expected: readonly number[]) {
  expect(is).toHaveLength(expected.length)
  for (const [i, y] of expected.entries()) expect(Math.abs(is[i]! - y)).toBeLessThan(1e-6)
}

/** The directions of a case. */
const ways = ({ library, biasShape }: Case) => (library === 'onnx' && biasShape?.[0] === 2 ? 2 : 1)

function layerOf(one: Case) {
  const { cell, reset, biasShape } = one
  const direction = ways(one) === 2 ? 'both' : 'forward'
  const options = { units, returns: 'all', bias: biasShape !== null, direction, name: 'h' } as const
  if (cell === 'rnn') return rnn(options)
  return cell === 'lstm' ? lstm(options) : gru({ ...options, reset: reset! })
}

/** The weights that the fixture was made with. */
function weightsOf(one: Case) {
  const { library, cell, seed, biasShape } = one
  const rows = GATES[cell] * units
  const bias = biasShape && drawn(seed + 3, biasShape)
  if (library === 'keras') {
    const kernels = {
      kernel: drawn(seed + 1, [features, rows]),
      recurrent_kernel: drawn(seed + 2, [units, rows]),
    }
    return kerasWeights('h', { ...kernels, ...(bias && { bias }) })
  }
  const matrices = {
    W: drawn(seed + 1, [ways(one), rows, features]),
    R: drawn(seed + 2, [ways(one), rows, units]),
  }
  return onnxWeights('h', { ...matrices, ...(bias && { B: bias }) })
}

test.each(cases)('$library $cell $biasShape $reset', async (one) => {
  const net = await network([steps, features], [layerOf(one)])
  await net.setWeights(weightsOf(one))
  close((await net.predict(drawn(one.seed, shape))).data, one.y)
})

test('every cell has answers of its own', () => {
  expect(new Set(cases.map(({ y }) => y[0]!.toFixed(6))).size).toBe(cases.length)
})

test('a checkpoint of PyTorch loads by its names', async () => {
  const net = await network(
    [steps, features],
    [
      gru({ units, returns: 'all', name: 'gru' }),
      lstm({ units, name: 'lstm' }),
      dense({ units: 2, name: 'head' }),
    ],
  )
  await net.setWeights(await readSafetensors(Buffer.from(torch.file, 'base64')))
  close((await net.predict(drawn(torch.seed, shape))).data, torch.y)
})

const matrix = (rows: number, columns: number) => drawn(1, [rows, columns])

test('two directions, and the parts of a Bidirectional', () => {
  const both = onnxWeights('h', { W: drawn(1, [2, 8, 3]), R: drawn(2, [2, 8, 2]), B: drawn(3, [2, 16]) })
  expect(Object.keys(both)).toEqual(
    ['l0', 'l0_reverse'].flatMap((part) => [
      `h.weight_ih_${part}`,
      `h.weight_hh_${part}`,
      `h.bias_ih_${part}`,
      `h.bias_hh_${part}`,
    ]),
  )
  // The backward half, whose o follows i, f and g.
  const W = drawn(1, [2, 8, 3]).data.subarray(24)
  expect(both['h.weight_ih_l0_reverse']!.data.slice(18)).toEqual(W.slice(6, 12))
  const back = kerasWeights('h', { kernel: matrix(3, 2), recurrent_kernel: matrix(2, 2) }, 'l0_reverse')
  expect(Object.keys(back)).toEqual(['h.weight_ih_l0_reverse', 'h.weight_hh_l0_reverse'])
  expect(back['h.weight_ih_l0_reverse']!.shape).toEqual([2, 3])
})

test('weights that do not fit are refused', async () => {
  const [kernel, recurrent_kernel] = [matrix(3, 8), matrix(2, 8)]
  const keras = (weights: object, ...more: unknown[]) => {
    const call = kerasWeights as (...all: unknown[]) => object
    return async () => call('h', { kernel, recurrent_kernel, ...weights }, ...more)
  }
  await refused('shape', 'kernel must be […,8], got [3,6]', keras({ kernel: matrix(3, 6) }))
  await refused('shape', '5 rows of gates for 2 units', keras({ recurrent_kernel: matrix(2, 5) }))
  await refused('shape', '4 rows of gates for 2 units', keras({ recurrent_kernel: matrix(2, 4) }))
  await refused('shape', 'bias must be [8], got [6]', keras({ bias: drawn(1, [6]) }))
  await refused('shape', 'only a GRU has two biases', keras({ bias: matrix(2, 8) }))
  await refused('option', 'has no option "recurrentKernel"', keras({ recurrentKernel: 1 }))
  await refused('option', 'a part is l0, l0_reverse, l1', keras({}, 'layer 1'))
  await refused(
    'data',
    'kernel must be numbers, not bytes',
    keras({ kernel: { data: new Uint8Array(24), shape: [3, 8] } }),
  )
  await refused('option', 'the name of Hebb’s layer'.replace('’', "'"), async () =>
    kerasWeights('', { kernel, recurrent_kernel }),
  )
  const onnx = (weights: object) => async () =>
    onnxWeights('h', { W: drawn(1, [1, 8, 3]), R: drawn(2, [1, 8, 2]), ...weights })
  await refused('option', 'peepholes', onnx({ P: drawn(1, [1, 6]) }))
  await refused('shape', 'W must be [1,8,…], got [2,8,3]', onnx({ W: drawn(1, [2, 8, 3]) }))
  await refused('shape', 'B must be [1,16], got [1,8]', onnx({ B: drawn(1, [1, 8]) }))
  await refused('shape', 'R has 3 directions', onnx({ R: drawn(1, [3, 8, 2]) }))
})
