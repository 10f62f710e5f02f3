// ∂E/∂h over time, by hand and by finite differences.
import { conv2d, dense, dropout, gradientsOverTime, gru, lstm, network, rnn } from 'hebb'
import { expect, test } from 'vitest'
import { refused } from '../helpers/refused'

const tensor = (data: number[], shape: number[]) => ({ data: Float32Array.from(data), shape })
const wave = (i: number) => Math.sin(1.3 * i * i + i)

test('a unit that multiplies by w: each step back is a factor w', async () => {
  for (const w of [0.5, 1.5]) {
    const net = await network([3, 1], [rnn({ units: 1, activation: 'relu', name: 'h' }), dense({ units: 1 })])
    await net.setWeights({
      'h.weight_ih_l0': tensor([1], [1, 1]),
      'h.weight_hh_l0': tensor([w], [1, 1]),
      'h.bias_ih_l0': tensor([0], [1]),
      'h.bias_hh_l0': tensor([0], [1]),
      'dense1.weight': tensor([2], [1, 1]),
      'dense1.bias': tensor([0], [1]),
    })
    // Also for another number of time steps than the network's own. Y = 2·w³, E = ½Y², ∂E/∂h(3) = 2·Y.
    const { h } = await gradientsOverTime(net, [[1], [0], [0], [0]], [0], { loss: 'sumSquaredError' })
    const last = 2 * 2 * w ** 3
    expect(h).toHaveLength(4)
    for (const [t, norm] of h!.entries()) expect(norm / (last * w ** (4 - t))).toBeCloseTo(1, 5)
  }
})

test('two layers and two states, by finite differences', async () => {
  const steps = 5
  const layers = [
    gru({ units: 3, returns: 'all', name: 'low' }),
    lstm({ units: 2, returns: 'all', name: 'high' }),
    dense({ units: 2, name: 'y' }),
  ] as const
  const net = await network([steps, 2], layers, { seed: 3 })
  const x = Float32Array.from({ length: 2 * steps }, (_, i) => wave(i))
  const sequence = { data: x, shape: [steps, 2] }
  const target = [0.3, -0.2]
  const norms = await gradientsOverTime(net, sequence, target, { loss: 'sumSquaredError' })
  expect(Object.keys(norms)).toEqual(['low', 'high', 'high.c'])
  const t = 2
  const head = await network([t, 2], layers)
  const tail = await network([steps - t, 2], layers)
  for (const part of [head, tail]) await part.setWeights(await net.weights())
  const { state } = await head.predict({ data: x.slice(0, 2 * t), shape: [t, 2] }, { state: {} })
  const errorOf = async (from: typeof state) => {
    const { output } = await tail.predict({ data: x.slice(2 * t), shape: [steps - t, 2] }, { state: from })
    return output.data.slice(-2).reduce((sum, y, i) => sum + (y - target[i]!) ** 2 / 2, 0)
  }
  for (const [name, { data, shape }] of Object.entries(state)) {
    const slopes = []
    for (const i of data.keys()) {
      const moved = (by: number) => {
        const other = { data: data.map((value, j) => value + (i === j ? by : 0)), shape }
        return errorOf({ ...state, [name]: other } as never)
      }
      slopes.push(((await moved(0.01)) - (await moved(-0.01))) / 0.02)
    }
    expect(norms[name]![t]! / Math.hypot(...slopes)).toBeCloseTo(1, 2)
  }
  const kept = await net.weights()
  await gradientsOverTime(net, sequence, target)
  expect(await net.weights()).toEqual(kept)
})

test('levels of a layer, and a start that is learned', async () => {
  const layers = [
    lstm({ units: 2, layers: 2, initialState: 'learned', name: 'm' }),
    dense({ units: 1 }),
  ] as const
  const net = await network([3, 1], layers, { seed: 2 })
  const starts = ['initial_h_l0', 'initial_c_l0', 'initial_h_l1', 'initial_c_l1'].map((name) => `m.${name}`)
  const own = starts.map((name, i) => [name, tensor([wave(i), wave(i + 9)], [2])])
  await net.setWeights(Object.fromEntries(own), { partial: true })
  const x = [[0.5], [-1], [0.25]]
  const norms = await gradientsOverTime(net, x, [1])
  expect(Object.keys(norms).sort()).toEqual(['m', 'm.c', 'm.l1', 'm.l1.c'])
  const { gradients } = await net.gradients([x], [[1]])
  for (const [i, state] of ['m', 'm.c', 'm.l1', 'm.l1.c'].entries()) {
    expect(norms[state]![0]! / Math.hypot(...gradients[starts[i]!]!.data)).toBeCloseTo(1, 6)
  }
})

test('a saturated network forgets, an LSTM that is told to remember does not', async () => {
  const x = Array.from({ length: 30 }, (_, i) => [wave(i)])
  const ends = async (net: Awaited<ReturnType<typeof network>>) => {
    const { h } = await gradientsOverTime(net, x, 1)
    return h![0]! / h![29]!
  }
  const softmax = dense({ units: 2, activation: 'softmax', name: 'y' })
  const elman = await network([30, 1], [rnn({ units: 4, name: 'h' }), softmax], { seed: 1 })
  const w = await elman.weights()
  await elman.setWeights(
    {
      'h.weight_hh_l0': tensor(
        [...w['h.weight_hh_l0']!.data].map((v) => v / 2),
        [4, 4],
      ),
    },
    { partial: true },
  )
  expect(await ends(elman)).toBeLessThan(1e-6)
  const memory = await network([30, 1], [lstm({ units: 4, name: 'h' }), softmax], { seed: 1 })
  const bias = tensor(
    Array.from({ length: 16 }, (_, i) => (i >= 4 && i < 8 ? 6 : 0)),
    [16],
  )
  await memory.setWeights({ 'h.bias_ih_l0': bias }, { partial: true })
  expect(await ends(memory)).toBeGreaterThan(0.05)
})

test('what has no gradients over time is refused', async () => {
  const net = await network([3, 2], [gru({ units: 2 }), dense({ units: 2 })])
  const x = [[1, 2]]
  await refused('option', 'takes a network', () => gradientsOverTime({} as never, x, [0, 0]))
  await refused('shape', 'one sequence [T, 2] of numbers, got [1,3]', () =>
    gradientsOverTime(net, [[1, 2, 3]], [0, 0]),
  )
  await refused('option', 'has no option "step"', () =>
    gradientsOverTime(net, x, [0, 0], { step: 1 } as never),
  )
  const flat = await network([2], [dense({ units: 2 })])
  await refused('option', 'a recurrent layer', () => gradientsOverTime(flat, x, [0, 0]))
  const image = await network([1, 4, 4], [conv2d({ filters: 1, kernel: 3 })])
  await refused('option', 'a recurrent layer', () => gradientsOverTime(image, x, [0, 0]))
  const back = await network([3, 2], [gru({ units: 2, direction: 'both' }), dense({ units: 2 })])
  await refused('option', 'reads forward only', () => gradientsOverTime(back, x, [0, 0]))
  const damp = await network([3, 2], [gru({ units: 2, layers: 2, dropout: 0.5 }), dense({ units: 2 })])
  await refused('option', 'without dropout', () => gradientsOverTime(damp, x, [0, 0]))
  const wet = await network([3, 2], [gru({ units: 2 }), dropout({ rate: 0.5 }), dense({ units: 2 })])
  await refused('option', 'without dropout', () => gradientsOverTime(wet, x, [0, 0]))
})
