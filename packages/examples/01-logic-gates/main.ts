// The neuron of McCulloch and Pitts (1943) as a logic gate: weights and threshold are set by hand, without learning.
// Five gates are one neuron each; XOR needs three.
import { parseArgs } from 'node:util'
import { type Gate, logicGate, neuron, perceptron } from 'hebb'
import { chart } from 'hebb/plot'
import { curve, writeSvg } from '../figures.ts'

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, svg: { type: 'string' } },
})
const say = (text: string) => values.json || console.log(text)

const pairs = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
]
const XOR = [0, 1, 1, 0]

const gates: Record<string, { weights: number[]; threshold: number; table: number[] }> = {}
say('gate   weights    threshold   truth table')
for (const name of ['and', 'or', 'nand', 'nor', 'not'] satisfies Gate[]) {
  const gate = await logicGate(name)
  const inputs = name === 'not' ? [[0], [1]] : pairs
  const table = await gate.fire(inputs)
  gates[name] = { weights: [...gate.weights], threshold: gate.threshold, table }
  const rows = inputs.map((x, i) => `${x.join('')}→${table[i]}`).join('  ')
  say(
    `${name.toUpperCase().padEnd(6)} ${[...gate.weights].join(', ').padEnd(10)} ${String(gate.threshold).padEnd(11)} ${rows}`,
  )
}

// Every weight and threshold from −3 to 3 in steps of a half: 13³ neurons.
const grid = Array.from({ length: 13 }, (_, i) => (i - 6) / 2)
const found = new Map<string, string>()
let tried = 0
for (const a of grid) {
  for (const b of grid) {
    for (const threshold of grid) {
      const table = await neuron({ weights: [a, b], threshold }).fire(pairs)
      tried++
      found.set(table.join(''), `${a}, ${b}; ${threshold}`)
    }
  }
}
const missing = Array.from({ length: 16 }, (_, i) => i.toString(2).padStart(4, '0')).filter(
  (table) => !found.has(table),
)
say(`
${tried} neurons of two inputs are ${found.size} of the 16 functions; missing are ${missing.join(' and ')}: XOR and its opposite.
No neuron can be XOR. It would need      0 < θ  for 00 to stay silent,
                                     w₁ ≥ θ, w₂ ≥ θ  for 10 and 01 to fire,
                                     w₁ + w₂ < θ  for 11 to stay silent;
but w₁ + w₂ ≥ 2θ > θ.`)

// A perceptron cannot learn it either: its weights repeat in a cycle, which proves that none separate the samples.
const p = await perceptron({ inputs: 2 }).fit(pairs, XOR)
say(`A perceptron that learns XOR: ${p.reason} after ${p.units[0]!.mistakes.length} epochs.`)

// With two layers: AND of OR and NAND.
const [or, nand, and] = [await logicGate('or'), await logicGate('nand'), await logicGate('and')]
const [either, notBoth] = [await or.fire(pairs), await nand.fire(pairs)]
const layered = await and.fire(either.map((fires, i) => [fires, notBoth[i]!]))
say(`AND(OR, NAND), in two layers: ${pairs.map((x, i) => `${x.join('')}→${layered[i]}`).join('  ')}`)

// The exact lines of OR and NAND matter little: here they are half way, so that they are visible.
const line = (sum: number, name: string) => ({
  points: curve((x) => sum - x, [-0.5, 1.5], 2),
  mark: '·',
  name,
  line: true,
})
const corners = (fires: number) => pairs.filter((_, i) => XOR[i] === fires) as [number, number][]
await writeSvg(
  values.svg,
  'neuron-xor',
  chart(
    [
      { points: corners(1), mark: '1', name: 'XOR is 1' },
      { points: corners(0), mark: '0', name: 'XOR is 0' },
      line(0.5, 'OR fires above'),
      line(1.5, 'NAND fires below'),
    ],
    {
      x: [-0.5, 1.5],
      y: [-0.5, 1.5],
      title: 'x₂ over x₁: XOR between the lines of OR and NAND',
      width: 520,
      height: 440,
    },
  ),
)

if (values.json) {
  const xor = { oneNeuron: found.has(XOR.join('')), tried, perceptron: p.reason, twoLayers: layered }
  console.log(JSON.stringify({ gates, functions: found.size, xor }))
}
