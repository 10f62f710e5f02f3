// Gradient descent as in the course: a cost, its slope, the tangent at each step, the learning rate, the point of
// convergence; then any function; then least squares in closed form, on the data that broke programs in 1967.
import { parseArgs } from 'node:util'
import { linearRegression, minimize } from 'hebb'
import { lossSurface, type Series } from 'hebb/plot'
import { readCsv } from '../csv.ts'
import { curve, drawer, writeSvg } from '../figures.ts'

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, svg: { type: 'string' } },
})
const say = (text: string) => values.json || console.log(text)
const show = drawer(values.svg, say)

// Petal width over petal length of 150 irises, the lengths centred: this decouples slope and intercept.
const iris = readCsv('iris.csv')
const lengths = iris.map((row) => Number(row.petalLength))
const t = iris.map((row) => Number(row.petalWidth))
const mean = lengths.reduce((a, b) => a + b) / lengths.length
const x = lengths.map((length) => length - mean)

const closed = await linearRegression({ inputs: 1 }).fit(x, t)
const line = await linearRegression({ inputs: 1 }).fit(x, t, {
  method: 'gradientDescent',
  learningRate: 0.1,
  gradientThreshold: 1e-9,
})
await show(
  'descent-line',
  [
    { points: lengths.map((length, i) => [length, t[i]!] as const), mark: 'o', name: 'irises' },
    {
      points: curve((length) => line.slope * (length - mean) + line.intercept, [0.5, 7]),
      mark: '·',
      name: 'y = mX + c',
      line: true,
    },
  ],
  { x: [0.5, 7], y: [0, 2.6], title: 'petal width over petal length, cm, and y = mX + c' },
)
say(`
step   m         c         cost J      slope ∂J/∂m  ∂J/∂c      tangent in m`)
for (const step of [...line.history.slice(0, 6), line.history.at(-1)!]) {
  const [m, c] = step.x as unknown as [number, number]
  const [slope, other] = step.gradient as unknown as [number, number]
  const cells = [m.toFixed(6), c.toFixed(6), step.value.toExponential(4), slope.toFixed(6), other.toFixed(6)]
  const tangent = `${(step.tangent + other * c).toFixed(4)} + (${slope.toFixed(4)})·m`
  say(`${String(step.step).padEnd(6)} ${cells.map((cell) => cell.padEnd(11)).join('')} ${tangent}`)
}
say(`
Converged: ${line.converged}, ${line.explanation}.
By descent     m = ${line.slope.toFixed(9)}, c = ${line.intercept.toFixed(9)}
In closed form m = ${closed.slope.toFixed(9)}, c = ${closed.intercept.toFixed(9)}; R² = ${closed.rSquared.toFixed(4)}
`)

// The cost as a function of m alone, with c already at its optimum, and the tangent at each step of a descent.
const slopes = await linearRegression({ inputs: 1 }).fit(x, t, {
  method: 'gradientDescent',
  learningRate: 0.05,
  start: [-0.25, closed.intercept],
})
const five = slopes.history.slice(0, 5)
const spread = x.reduce((sum, x) => sum + x * x, 0) / x.length
await show(
  'descent-tangents',
  [
    {
      points: curve((m) => closed.cost + spread * (m - closed.slope) ** 2, [-0.4, 1.2]),
      mark: '·',
      name: 'cost J(m)',
      line: true,
    },
    ...five.map(({ x: [m], gradient: [slope], value }, i) => ({
      points: curve((at) => value + slope! * (at - m!), [m! - 0.2, m! + 0.2], 9),
      mark: '-',
      ...(i === 0 ? { name: 'tangents' } : {}),
      line: true,
    })),
    { points: five.map(({ x, value }) => [x[0]!, value] as const), mark: 'o', name: 'steps' },
  ],
  {
    x: [-0.4, 1.2],
    y: [0, 2],
    title: 'the cost over the slope m, with the tangents of five steps, ε = 0.05',
  },
)
say('')

// The cost as a surface over both parameters, and the way down.
const cost = (m: number, c: number) =>
  x.reduce((sum, x, i) => sum + (m * x + c - t[i]!) ** 2, 0) / x.length / 2
const wandering = await linearRegression({ inputs: 1 }).fit(x, t, {
  method: 'gradientDescent',
  learningRate: 0.25,
  start: [-0.4, 0.1],
})
const surface = await lossSurface(cost, {
  x: [-0.6, 1.4],
  y: [0, 2.2],
  xLabel: 'slope m',
  yLabel: 'intercept c',
  path: wandering.history.slice(0, 30).map(({ x: [m, c] }) => [m!, c!] as const),
  title: 'the cost over slope and intercept, and a descent with ε = 0.25',
})
say(`${surface.toText()}\n`)
await writeSvg(values.svg, 'descent-surface', surface)

// The effect of the rate: the cost above its minimum, step by step.
const rates: Series[] = []
for (const [i, learningRate] of [0.01, 0.1, 0.3, 0.34].entries()) {
  const descent = await linearRegression({ inputs: 1 }).fit(x, t, { method: 'gradientDescent', learningRate })
  const points = descent.history.slice(0, 41).map(({ step, value }) => [step, value - closed.cost] as const)
  rates.push({ points, mark: 'abcd'[i]!, name: `ε = ${learningRate}`, line: true })
}
await show('descent-rates', rates, {
  x: [0, 40],
  y: [1e-10, 1e3],
  log: true,
  title: 'cost above its minimum, step by step; 2 / J″ is 0.32',
})
say('')

// Methods of descent.
say('learning rate               samples a step   epochs   cost        ended by')
const ways: { name: string; epochs: number; cost: number; reason: string }[] = []
for (const [name, learningRate, batchSize] of [
  ['fixed 0.1', 0.1, 'all'],
  ['decaying 0.3 / (1 + 0.01 t)', { from: 0.3, decay: 0.01 }, 'all'],
  ['line-minimised', 'lineMinimized', 'all'],
  ['fixed 0.01', 0.01, 1],
  ['decaying 0.05/(1 + 0.001 t)', { from: 0.05, decay: 0.001 }, 1],
  ['fixed 0.05', 0.05, 16],
  ['fixed 0.4: too high', 0.4, 'all'],
] as const) {
  const way = await linearRegression({ inputs: 1 }).fit(x, t, {
    method: 'gradientDescent',
    learningRate,
    batchSize,
    epochs: 200,
    seed: 1,
  })
  const epochs = way.history.at(-1)!.step
  ways.push({ name: `${name}, ${batchSize}`, epochs, cost: way.cost, reason: way.reason! })
  const cells = [name.padEnd(28), String(batchSize).padEnd(17), String(epochs).padEnd(9), way.cost.toFixed(8)]
  say(`${cells.join('')}  ${way.reason}`)
  if (way.reason === 'diverged') say(`  → ${way.explanation}.`)
}

// Any function. The convex one has one minimum for all starts; with two minima the start decides; ascent finds a maximum.
const wells = ([x]: Float64Array) => (x! ** 2 - 1) ** 2 + 0.3 * x!
const starts = [-1.8, -0.2, 0.4, 1.8]
const ends: number[] = []
for (const start of starts) {
  ends.push((await minimize(wells, [start], { learningRate: 0.02 })).x[0]!)
}
const top = await minimize(wells, [0.3], { maximize: true, learningRate: 0.02 })
const marks = (xs: readonly number[], mark: string, name: string) => ({
  points: xs.map((x) => [x, wells(Float64Array.of(x))] as const),
  mark,
  name,
})
say('')
await show(
  'descent-wells',
  [
    { points: curve((x) => wells(Float64Array.of(x)), [-1.9, 1.9]), mark: '·', line: true },
    marks(starts, 'S', 'starts'),
    marks(ends, 'M', 'minima'),
    marks([top.x[0]!], 'A', 'ascent'),
  ],
  { x: [-1.9, 1.9], y: [-1, 6], title: '(x² − 1)² + 0.3x: from each start to a minimum; ascent to the top' },
)
for (const [i, start] of starts.entries()) say(`  from ${start} to ${ends[i]!.toFixed(5)}`)
say(`  ascent from 0.3 to ${top.x[0]!.toFixed(5)}`)

// Longley's employment data: six features that are almost linearly dependent.
const longley = readCsv('longley.csv')
const columns = ['deflator', 'gnp', 'unemployed', 'armedForces', 'population', 'year']
/** NIST's certified weights and intercept. */
const certified = [
  15.0618722713733, -0.035819179292591, -2.02022980381683, -1.03322686717359, -0.0511041056535807,
  1829.15146461355, -3482258.63459582,
]
const economy = await linearRegression({ inputs: 6 }).fit(
  longley.map((row) => columns.map((name) => Number(row[name]))),
  longley.map((row) => Number(row.employed)),
)
const found = [...economy.weights, economy.intercept]
const longleyMaxRelativeError = Math.max(...found.map((value, i) => Math.abs(value / certified[i]! - 1)))
say(`
Longley's regression, closed form by QR: at most ${longleyMaxRelativeError.toExponential(1)} from NIST's certified values.`)

if (values.json) {
  console.log(
    JSON.stringify({
      slope: line.slope,
      intercept: line.intercept,
      closedForm: { slope: closed.slope, intercept: closed.intercept },
      longleyMaxRelativeError,
      converged: line.converged,
      epochs: line.history.at(-1)!.step,
      ways,
      minima: ends,
      maximum: top.x[0],
    }),
  )
}
