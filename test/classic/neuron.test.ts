// The neuron of McCulloch and Pitts, through the package.
import { HebbError, logicGate, neuron, shutdown } from 'hebb'
import { afterAll, describe, expect, test } from 'vitest'
import { refused } from '../helpers/refused'

afterAll(shutdown)

const PAIRS = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
]
describe('the neuron', () => {
  test.each([
    ['and', 2, [0, 0, 0, 1]],
    ['or', 2, [0, 1, 1, 1]],
    ['nand', 2, [1, 1, 1, 0]],
    ['nor', 2, [1, 0, 0, 0]],
    ['not', 1, [1, 0]],
  ] as const)('is the gate %s', async (name, inputs, table) => {
    const gate = await logicGate(name)
    expect(await gate.fire(inputs === 1 ? [[0], [1]] : PAIRS)).toEqual(table)
  })

  test('has the given weights, and returns one number for one sample', async () => {
    const majority = neuron({ weights: [1, 1, 1], threshold: 2 })
    expect(await majority.fire([1, 0, 1])).toBe(1)
    expect(await majority.fire([1, 0, 0])).toBe(0)
    const nand = await logicGate('nand', { inputs: 3 })
    expect([...nand.weights, nand.threshold]).toEqual([-1, -1, -1, -2])
  })

  test('cannot compute XOR', async () => {
    // @ts-expect-error
    await refused('option', 'no single neuron is XOR', () => logicGate('xor'))
    await refused('option', 'NOT gate has one input', () => logicGate('not', { inputs: 2 }))
    expect(() => neuron({ weights: [1, Number.NaN], threshold: 1 })).toThrow(
      'weights must be a number, finite',
    )
    expect(() => neuron({ weights: [], threshold: 1 })).toThrow(HebbError)
    const and = await logicGate('and')
    await refused('shape', 'expects samples of 2 values', () => and.fire([1, 0, 1]))
  })
})
