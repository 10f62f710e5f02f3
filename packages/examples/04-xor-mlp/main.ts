// XOR with a multilayer perceptron of two hidden units and one output, all sigmoid, trained by backpropagation with
// momentum, Δw(t) = −ε·∂E/∂w + α·Δw(t−1): a hundred starts, no restarts, and an analysis of the failures.
import { parseArgs } from 'node:util'
import { datasets, dense, init, network, sgd } from 'hebb'
import { chart, type Series } from 'hebb/plot'
import { writeSvg } from '../figures.ts'
import { contour } from './contour.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    svg: { type: 'string' },
    seeds: { type: 'string', default: '100' },
  },
})
const say = (text: string) => values.json || console.log(text)

const x = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
]
const t = [0, 1, 1, 0]
// For the same bits on every machine.
await init({ simd: 'simd128' })
const data = await datasets.fromArrays(
  x,
  t.map((value) => [value]),
)

/** Nine numbers uniform within ±0.3: a layer with one input, whose initial weights (within ±√3) are scaled down. */
async function draw(seed: number): Promise<Float32Array> {
  const layer = dense({ name: 'draw', units: 9, initializer: 'lecunUniform' })
  const net = await network([1], [layer], { seed })
  const { 'draw.weight': weights } = await net.weights()
  net.dispose()
  return weights!.data.map((weight) => (0.3 / Math.sqrt(3)) * weight)
}

/** One training, from weights and biases uniform within ±0.3 to the convergence threshold. */
async function train(seed: number) {
  const net = await network(
    [2],
    [
      dense({ name: 'hidden', units: 2, activation: 'sigmoid' }),
      dense({ name: 'output', units: 1, activation: 'sigmoid' }),
    ],
    { seed },
  )
  const drawn = await draw(seed)
  await net.setWeights({
    'hidden.weight': { data: drawn.subarray(0, 4), shape: [2, 2] },
    'hidden.bias': { data: drawn.subarray(4, 6), shape: [2] },
    'output.weight': { data: drawn.subarray(6, 8), shape: [1, 2] },
    'output.bias': { data: drawn.subarray(8), shape: [1] },
  })
  const { epochs, stopReason, warning } = await net.fit(data, {
    loss: 'sumSquaredError',
    optimizer: sgd({ learningRate: 0.5, momentum: 0.9 }),
    batchSize: 4,
    epochs: 20_000,
    until: { convergenceThreshold: 1e-8, patience: 10 },
  })
  const { hidden, output } = await net.activations(x)
  const weights = await net.weights()
  net.dispose()
  const y = Array.from(output!.data)
  const solved = y.every((value, i) => Math.abs(value - t[i]!) < 0.5)
  const losses = epochs.map(({ loss }) => loss)
  return {
    seed,
    solved,
    losses,
    epochs: losses.length,
    stopReason,
    warning,
    y,
    hidden: hidden!.toArray() as number[][],
    weights,
  }
}

// Run concurrently: the engine alternates between them, and computes for others while one waits for its epoch's report.
const seeds = Array.from({ length: Number(values.seeds) }, (_, i) => i + 1)
const from = performance.now()
const runs = await Promise.all(seeds.map(train))
type Training = (typeof runs)[number]
const seconds = (performance.now() - from) / 1000
const solved = runs.filter((run) => run.solved)
const failed = runs.filter((run) => !run.solved)
const sorted = runs.map(({ epochs }) => epochs).sort((a, b) => a - b)
const medianEpochs = sorted[Math.floor(sorted.length / 2)]!

const curveOf = (run: Training | undefined, mark: string) => ({
  points: (run?.losses ?? []).map((loss, i) => [i + 1, loss] as const),
  mark,
})
const shown = [...solved].sort((a, b) => a.epochs - b.epochs)
const middle = shown[Math.floor(shown.length / 2)]!
say(
  chart([curveOf(shown[0], '1'), curveOf(middle, '2'), curveOf(shown.at(-1), '3'), curveOf(failed[0], 'F')], {
    x: [0, Math.max(...runs.map(({ epochs }) => epochs))],
    y: [0, 0.6],
    title: 'E = ½Σ(t − a)² over epochs: the quickest (1), a middle (2), the slowest (3), one that fails (F)',
  }).toText(),
)
say(`
${solved.length} of ${runs.length} solved: all four |y − t| < 0.5. The gradient stopped changing (by 1e-8, ten times in a row)
after ${medianEpochs} epochs in the median, ${sorted[0]} to ${sorted.at(-1)}. ${seconds.toFixed(1)} s for ${sorted.reduce((a, b) => a + b)} epochs.

For a long time E stays at ½: with weights this small all outputs are ½, which is a saddle. There the gradient hardly changes
and is small, but not 0, and momentum has to carry the weights away from it.
`)

const errorCurves = () => {
  const chosen = { quickest: shown[0], middle, slowest: shown.at(-1), 'one that fails': failed[0] }
  const every = ({ losses }: Training) =>
    losses.flatMap((loss, i) => (i % 20 === 0 ? [[i + 1, loss] as const] : []))
  const lines = Object.entries(chosen).flatMap(([name, run]) =>
    run ? [{ name: `${name}: seed ${run.seed}`, mark: name[0]!, line: true, points: every(run) }] : [],
  )
  const most = Math.max(...runs.map(({ epochs }) => epochs))
  return chart(lines, {
    x: [0, most],
    y: [0, 0.6],
    title: 'E = ½Σ(t − a)², epoch by epoch, from four starts',
  })
}
await writeSvg(values.svg, 'xor-errors', errorCurves())
const border = () => {
  const of = (target: number) => x.filter((_, i) => t[i] === target) as [number, number][]
  const lines: Series[] = [0.1, 0.5, 0.9].map((value) => {
    return { points: contour(middle.weights, value), mark: '·', line: true, name: `output ${value}` }
  })
  lines.push({ points: of(0), mark: '0', name: 't = 0' }, { points: of(1), mark: '1', name: 't = 1' })
  const frame = { x: [-0.5, 1.5], y: [-0.5, 1.5], width: 580, height: 560 } as const
  return chart(lines, { ...frame, title: `What the network of seed ${middle.seed} has found` })
}
await writeSvg(values.svg, 'xor-border', border())

/** Why a failed training is stuck. */
function cause({ losses, hidden }: Training): string {
  if (losses.at(-1)! > 0.45) return 'still on the plateau: the threshold was met before it was left'
  const same = (a: number, b: number) =>
    Math.hypot(...hidden[a]!.map((value, unit) => value - hidden[b]![unit]!)) < 0.1
  for (const [a, b] of [
    [0, 1],
    [0, 2],
    [3, 1],
    [3, 2],
  ] as const) {
    if (same(a, b)) {
      return `in a valley: the hidden units give ${x[a]} and ${x[b]}, whose targets differ, all but the same values, so that the best output for both is ½. E sinks towards ¼ as the weights grow, ever more slowly, and no further`
    }
  }
  return 'in a valley: E hardly sinks any more'
}
for (const run of failed) {
  say(
    `seed ${run.seed}: outputs ${run.y.map((value) => value.toFixed(2)).join(', ')}, E = ${run.losses.at(-1)!.toFixed(3)} after ${run.epochs} epochs.`,
  )
  say(`  ${cause(run)}.${run.warning ? ` The history warns: ${run.warning}.` : ''}`)
}

if (values.json) {
  const failures = failed.map((run) => ({
    seed: run.seed,
    y: run.y,
    warning: run.warning,
    cause: cause(run),
  }))
  console.log(JSON.stringify({ solved: solved.length, of: runs.length, medianEpochs, seconds, failures }))
}
