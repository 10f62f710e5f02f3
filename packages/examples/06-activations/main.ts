// Activation functions as the engine computes them: value, derivative, range; their problems, which are saturation and
// dead units; and a deep network without activations, which is one matrix.
import { parseArgs } from 'node:util'
import { type Activation, collapse, datasets, dense, describeActivation, network, sgd } from 'hebb'
import { chart, type Series } from 'hebb/plot'
import { curve, writeSvg } from '../figures.ts'

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, svg: { type: 'string' } },
})
const say = (text: string) => values.json || console.log(text)

/** The names of all scalar activations, in families that share a plot. */
const FAMILIES = {
  thresholds: ['step', 'sign', 'hardSigmoid'],
  sigmoids: ['sigmoid', 'tanh', 'lecunTanh', 'softsign', 'gaussian'],
  rectifiers: ['identity', 'relu', 'leakyRelu', 'softplus'],
  exponentials: ['elu', 'selu'],
  gates: ['gelu', 'silu', 'mish'],
} satisfies Record<string, Activation[]>

const grid = curve((x) => x, [-6, 6], 241).map(([x]) => x)
const shown = [-2, -0.5, 0, 0.5, 2]
const rows: { name: string; range: number[]; bound: number; steepest: number; finiteAt100: boolean }[] = []
const number = (value: number) => (Number.isFinite(value) ? value.toFixed(4) : value < 0 ? '−∞' : '∞')
for (const [family, names] of Object.entries(FAMILIES)) {
  const lines: [Series[], Series[]] = [[], []]
  const head = shown.map((x) => `f(${x})`.padStart(9)).join('')
  say(`\n${family.padEnd(14)}${head}   range              |f′| ≤   found`)
  for (const [i, name] of names.entries()) {
    const { value, derivative, range, bound } = await describeActivation(name, grid)
    const far = await describeActivation(name, [-100, 100])
    const steepest = Math.max(...derivative!.map(Math.abs))
    const finiteAt100 = [...far.value, ...far.derivative!].every(Number.isFinite)
    rows.push({ name, range: range!, bound: bound!, steepest, finiteAt100 })
    const cells = shown.map((x) => value[grid.indexOf(x)]!.toFixed(4).padStart(9)).join('')
    const limits = `${number(range![0])} … ${number(range![1])}`.padEnd(19)
    say(`  ${name.padEnd(12)}${cells}   ${limits}${bound!.toFixed(4)}   ${steepest.toFixed(4)}`)
    for (const [k, numbers] of [value, derivative!].entries()) {
      const points = grid.map((x, n) => [x, numbers[n]!] as const)
      lines[k]!.push({ points, mark: name[0] === 's' ? String(i + 1) : name[0]!, name, line: true })
    }
  }
  const high = family === 'thresholds' || family === 'sigmoids' ? 2 : 4
  const frame = { x: [-6, 6], y: [-2, high] } as const
  const graphs = chart(lines[0], { ...frame, title: `f(x): ${family}` })
  say(graphs.toText({ rows: 14 }))
  await writeSvg(values.svg, `activations-${family}`, graphs)
  const slopes = chart(lines[1], { x: [-6, 6], y: [-1, 2], title: `f′(x): ${family}`, height: 340 })
  await writeSvg(values.svg, `activations-${family}-derivatives`, slopes)
}

// A threshold has no slope for gradient descent; Hebb gives an error.
const threshold = await network(
  [2],
  [dense({ units: 2, activation: 'step', name: 'gate' }), dense({ units: 1 })],
)
const refused = await threshold.gradients([[0, 1]], [[1]]).catch((error: Error) => error.message)
say(`\nA network with step units: ${refused}`)

/** The norm of ∂E/∂W of each of eight layers of 16 units at the start, the first layer first. */
async function norms(kind: Activation): Promise<number[]> {
  const hidden = Array.from({ length: 8 }, () => dense({ units: 16, activation: kind }))
  const net = await network([16], [...hidden, dense({ units: 1 })] as never, { seed: 1 })
  const x = Array.from({ length: 32 }, (_, n) =>
    Array.from({ length: 16 }, (_, i) => Math.sin(n * 7 + i * i)),
  )
  const { gradients } = await net.gradients(
    x,
    x.map(([a]) => [a!]),
  )
  const weights = Object.entries(gradients)
    .filter(([name]) => name.endsWith('.weight'))
    .slice(0, -1)
  return weights.map(([, { data }]) => Math.hypot(...data))
}

// Saturation: a sigmoid's derivative is at most ¼, and each layer multiplies δ by it.
say(`
The norm of ∂E/∂W, layer by layer, in a network of eight layers before training:`)
const depth: Record<string, number[]> = {}
for (const kind of ['sigmoid', 'tanh', 'relu', 'selu'] as const) {
  depth[kind] = await norms(kind)
  say(`  ${kind.padEnd(9)}${depth[kind].map((norm) => norm.toExponential(1).padStart(9)).join('')}`)
}
await writeSvg(
  values.svg,
  'activations-depth',
  chart(
    Object.entries(depth).map(([name, all]) => ({
      name,
      mark: name[0]!,
      line: true,
      points: all.map((norm, i) => [i + 1, norm] as const),
    })),
    {
      x: [1, 8],
      y: [1e-5, 10],
      log: true,
      title: 'The norm of ∂E/∂W in each of eight layers, before training',
    },
  ),
)

// Dead units: steps so large that a ReLU's input is below 0 for every sample; its gradient is 0 from then on.
const x = Array.from({ length: 64 }, (_, i) => [i / 32 - 1])
const data = await datasets.fromArrays(
  x,
  x.map(([a]) => [Math.sin(3 * a!)]),
)
const dead: Record<string, { silent: number[]; loss: number }> = {}
say(`
64 units learn a sine. Units that answer no sample with more than 0: at first, after five steps that are too long, and after
a thousand good ones:`)
for (const kind of ['relu', 'leakyRelu'] as const) {
  const hidden = dense({ units: 64, activation: kind, name: 'hidden' })
  const net = await network([1], [hidden, dense({ units: 1 })], { seed: 1 })
  const silent: number[] = []
  const count = async () => {
    const { data } = (await net.activations(x)).hidden!
    const isSilent = (_: unknown, unit: number) => x.every((_, n) => data[n * 64 + unit]! <= 0)
    silent.push(Array.from({ length: 64 }).filter(isSilent).length)
  }
  await count()
  await net.fit(data, { epochs: 5, batchSize: 64, optimizer: sgd({ learningRate: 0.15 }) })
  await count()
  await net.fit(data, { epochs: 1000, batchSize: 64, optimizer: sgd({ learningRate: 0.01, momentum: 0.9 }) })
  await count()
  const { loss } = await net.evaluate(data)
  dead[kind] = { silent, loss }
  say(`  ${kind.padEnd(10)}${silent.join(', ').padEnd(12)} loss ${loss.toFixed(4)}`)
}

// Without activations y = W₃(W₂(W₁x + b₁) + b₂) + b₃, which equals one matrix and one bias.
const linear = await network([3], [dense({ units: 8 }), dense({ units: 5 }), dense({ units: 2 })], {
  seed: 1,
})
const single = await network([3], [dense({ units: 2, name: 'all' })])
const { weight, bias } = await collapse(linear)
await single.setWeights({ 'all.weight': weight, 'all.bias': bias })
const places = Array.from({ length: 100 }, (_, n) => [Math.sin(n), Math.cos(3 * n), Math.sin(n * n)])
const [deep, flat] = [await linear.predict(places), await single.predict(places)]
const difference = Math.max(...deep.data.map((y, i) => Math.abs(y - flat.data[i]!)))
say(`
Three layers without activations, ${linear.parameters} parameters, are one of ${single.parameters}: of ${places.length} samples no answer differs by more
than ${difference.toExponential(0)}.`)

if (values.json) {
  console.log(
    JSON.stringify({ activations: rows, refused, gradientNorms: depth, dead, collapse: { difference } }),
  )
}
