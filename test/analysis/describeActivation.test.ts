// describeActivation: properties, and values at given points, including infinite ones.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Activation, describeActivation, elementwise, log } from 'hebb'
import { describe, expect, test } from 'vitest'
import { root } from '../helpers/root'

const { POSITIVE_INFINITY: far, NaN: none } = Number

describe('an infinite point does not affect the others', () => {
  test.each<[Activation, value: number[], derivative: number[]]>([
    ['sigmoid', [0, 0.5, 1], [0, 0.25, 0]],
    ['tanh', [-1, 0, 1], [0, 1, 0]],
    ['relu', [0, 0, far], [0, 0, 1]],
    ['softplus', [0, Math.fround(Math.LN2), far], [0, 0.5, 1]],
    ['elu', [-1, 0, far], [0, 1, 1]],
    ['step', [0, 1, 1], [0, 0, 0]],
    ['hardSigmoid', [0, 0.5, 1], [0, Math.fround(1 / 6), 0]],
    // ∞ · 0, as in PyTorch (PyTorch 160876).
    ['silu', [none, 0, far], [none, 0.5, none]],
  ])('%s', async (kind, value, derivative) => {
    const facts = await describeActivation(kind, [-far, 0, far])
    expect(facts.range).toHaveLength(2)
    expect(Array.from(facts.value, (y) => y + 0)).toEqual(value)
    expect(Array.from(facts.derivative!, (y) => y + 0)).toEqual(derivative)
  })

  test('neither does a NaN, nor a point without a value', async () => {
    const facts = await describeActivation('tanh', [none, 0, 1e300])
    expect(facts).toMatchObject({ range: [-1, 1], bound: 1, kinks: [] })
    expect(Array.from(facts.value)).toEqual([none, 0, 1])
    const own = await describeActivation(
      elementwise((x) => log(x)),
      [-1, 0, 1],
    )
    expect(Array.from(own.value)).toEqual([none, -far, 0])
    expect(Array.from(own.derivative!)).toEqual([-1, far, 1])
  })
})

test.each([[['0']], [[1, undefined]], [3], [{ length: 2 }], [null]])('%j is refused', async (places) => {
  await expect(describeActivation('tanh', places as never)).rejects.toThrow(/^describeActivation: at/)
})

test.each<Activation>(['silu', 'mish', 'gelu', 'gaussian', 'softsign', 'sigmoid', 'tanh', 'elu', 'selu'])(
  '%s stays in its range at ±3e38, and its derivative within its bound',
  async (kind) => {
    const { value, derivative, range, bound } = await describeActivation(
      kind,
      [-3e38, -1e20, -100, 100, 1e20, 3e38],
    )
    for (const y of value) {
      expect(y).toBeGreaterThanOrEqual(Math.fround(range![0]))
      expect(y).toBeLessThanOrEqual(Math.fround(range![1]))
    }
    for (const slope of derivative!) expect(Math.abs(slope)).toBeLessThanOrEqual(bound!)
  },
)

test.each<[Activation, x: number, y: number]>([
  // Beyond −87.3, where 1 / (1 + e⁻ˣ) is subnormal, f is still a normal number (tt-metal 55711).
  ['silu', -88, -88 * Math.exp(-88)],
  ['mish', -88, -88 * Math.exp(-88)],
  ['sigmoid', -100, Math.exp(-100)],
  ['gaussian', -9.4, Math.exp(-9.4 * 9.4)],
  // e^x − 1 would be 0 (JAX 1207).
  ['elu', -1e-8, -1e-8],
  ['selu', -1e-10, -1.0507009873554805 * 1.6732632423543772 * 1e-10],
])('%s of %d', async (kind, x, y) => {
  const { value } = await describeActivation(kind, [x])
  // Tolerance: half the distance of two subnormal numbers, or 10⁻⁵ of y.
  expect(Math.abs(value[0]! - y)).toBeLessThan(7.1e-46 + 1e-5 * Math.abs(y))
})

test('the documentation states the engine’s ranges and bounds', async () => {
  const page = readFileSync(join(root, 'docs/activations.md'), 'utf8')
  const rows = page.split('\n').filter((line) => /^\| `\w+` .*\|.*\|.*\|.*\|.*\|$/.test(line))
  expect(rows).toHaveLength(20)
  for (const row of rows) {
    const cells = row.split('|').map((cell) => cell.trim())
    const [name, range, bound] = [cells[1]!.slice(1, -1), cells[4]!, cells.at(-2)!]
    const facts = await describeActivation(name as Activation)
    // Numbers of four digits are rounded values of the engine.
    for (const digits of range.match(/\d\.\d+/g) ?? []) {
      expect(facts.range!.map((end) => Math.abs(end).toFixed(digits.length - 2))).toContain(digits)
    }
    if (/^\d\.\d+$/.test(bound)) expect(facts.bound!.toFixed(bound.length - 2)).toBe(bound)
  }
})
