// Training strategies compared on the fuel consumption of 392 cars (Auto-MPG): the same samples, seed, start and stopping
// rule for all, so that only the optimizer differs.
import { parseArgs } from 'node:util'
import {
  adam,
  bfgs,
  conjugateGradient,
  datasets,
  dense,
  type EpochReport,
  gradientDescent,
  init,
  lbfgs,
  levenbergMarquardt,
  network,
  type OptimizerOption,
  sgd,
} from 'hebb'
import { type ChartOptions, chart, type Series } from 'hebb/plot'
import { readCsv } from '../csv.ts'
import { writeSvg } from '../figures.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    svg: { type: 'string' },
    epochs: { type: 'string', default: '10000' },
  },
})
const say = (text: string) => values.json || console.log(text)

// For the same bits on every machine.
await init({ simd: 'simd128' })

// Miles per gallon, as (mpg − 23) / 8, from six properties of a car and its origin.
const cars = readCsv('cars.csv')
const columns = ['cylinders', 'displacement', 'horsepower', 'weight', 'acceleration', 'year']
const origins = ['USA', 'Europe', 'Japan']
const scaled = columns.map((name) => {
  const all = cars.map((car) => Number(car[name]))
  const mean = all.reduce((a, b) => a + b) / all.length
  const deviation = Math.sqrt(all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length)
  return all.map((value) => (value - mean) / deviation)
})
const data = await datasets.fromArrays(
  cars.map((car, i) => [
    ...scaled.map((column) => column[i]!),
    ...origins.map((origin) => (car.origin === origin ? 1 : 0)),
  ]),
  cars.map((car) => [(Number(car.mpg) - 23) / 8]),
)
const { train, selection, test } = await data.split({ selection: 0.2, test: 0.2, seed: 1 })

const loss = 'meanSquaredError'
const strategies: [name: string, optimizer: OptimizerOption, mark: string][] = [
  ['gradient descent, rate 0.1', gradientDescent({ learningRate: 0.1 }), 'g'],
  ['gradient descent, line-minimised (Brent)', gradientDescent(), 'l'],
  ['gradient descent, golden section', gradientDescent({ lineSearch: 'goldenSection' }), 's'],
  ['momentum', sgd({ learningRate: 0.1, momentum: 0.9 }), 'm'],
  ['Adam', adam({ learningRate: 0.01 }), 'a'],
  ['conjugate gradient (Fletcher–Reeves)', conjugateGradient({ formula: 'fletcherReeves' }), 'f'],
  ['conjugate gradient (Polak–Ribière)', conjugateGradient(), 'p'],
  ['quasi-Newton (BFGS)', bfgs(), 'b'],
  ['quasi-Newton (L-BFGS)', lbfgs(), 'q'],
  ['Levenberg–Marquardt', levenbergMarquardt(), 'M'],
]

const rows = []
for (const [name, optimizer, mark] of strategies) {
  const net = await network(
    [columns.length + origins.length],
    [dense({ units: 6, activation: 'tanh' }), dense({ units: 1 })],
    { seed: 1 },
  )
  const from = performance.now()
  const { epochs, gradientEvaluations, lossEvaluations, stopReason, warning } = await net.fit(train, {
    loss,
    optimizer,
    epochs: Number(values.epochs),
    batchSize: train.samples,
    until: { gradientNorm: 1e-5 },
  })
  const seconds = (performance.now() - from) / 1000
  const [trainLoss, selectionLoss, testLoss] = await Promise.all(
    [train, selection, test].map(async (part) => (await net.evaluate(part, { loss })).loss),
  )
  net.dispose()
  rows.push({
    name,
    mark,
    trainLoss: trainLoss!,
    selectionLoss: selectionLoss!,
    testLoss: testLoss!,
    epochs: epochs.length,
    gradientEvaluations,
    lossEvaluations,
    seconds,
    stopReason,
    warning,
    reports: epochs,
  })
}

/** The epochs and gradients after which a strategy reached the final loss of gradient descent. */
const goal = rows[0]!.reports.at(-1)!.loss
function reached(reports: readonly EpochReport[]) {
  const epochs = reports.findIndex(({ loss }) => loss <= goal) + 1
  const gradients = reports.slice(0, epochs).reduce((sum, report) => sum + report.gradientEvaluations, 0)
  return epochs === 0 ? undefined : { epochs, gradients }
}

// On a logarithmic axis most of the later epochs overlap.
const apart = ({ epoch }: EpochReport) =>
  Math.floor(60 * Math.log10(epoch)) > Math.floor(60 * Math.log10(epoch - 1))
const lines = rows.map(({ mark, reports }): Series => {
  const points = reports.filter(apart).map(({ epoch, loss }) => [epoch, loss] as const)
  return { mark, points, line: true }
})
const frame: ChartOptions = {
  x: [1, Number(values.epochs)],
  y: [Math.min(...rows.map(({ trainLoss }) => trainLoss)), 1],
  log: true,
  logX: true,
  title: 'loss on the training samples over epochs',
}
// The terminal's legend is the table below.
say(chart(lines, frame).toText({ rows: 20 }))
const named = lines.map((line, i) => ({ ...line, name: strategies[i]![0] }))
await writeSvg(values.svg, 'strategies-training', chart(named, { ...frame, width: 800 }))
say(`
   strategy                                  training  selection testing   epochs  gradients losses   seconds  ended by      as low as g after`)
for (const row of rows) {
  const as = reached(row.reports)
  const cells = [
    row.name.padEnd(41),
    ...[row.trainLoss, row.selectionLoss, row.testLoss].map((loss) => loss.toFixed(5).padEnd(9)),
    String(row.epochs).padEnd(7),
    String(row.gradientEvaluations).padEnd(9),
    String(row.lossEvaluations).padEnd(8),
    row.seconds.toFixed(2).padEnd(8),
    row.stopReason.padEnd(13),
    as ? `${as.epochs} epochs, ${as.gradients} gradients` : 'never',
  ]
  say(`${row.mark}  ${cells.join(' ')}`)
}
const least = rows.reduce((a, b) => (b.selectionLoss < a.selectionLoss ? b : a))
say(`
All start from the same weights and end at a gradient of norm 1e-5 or after ${values.epochs} epochs; an optimizer that searches
ends too where no step lowers the loss in 32-bit weights. ${least.name} has the lowest loss on the
selection samples; its loss on the testing samples is ${least.testLoss.toFixed(5)}. The lowest training loss alone is no aim.`)

if (values.json) {
  console.log(
    JSON.stringify({
      strategies: rows.map(({ mark: _, reports, ...row }) => ({ ...row, asLowAsDescent: reached(reports) })),
    }),
  )
}
