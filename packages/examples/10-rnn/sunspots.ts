// The yearly numbers of sunspots, one year ahead and freely running, beside persistence and an autoregression.
import { adam, datasets, dense, forecast, gru, linearRegression, network, schedule, standardize } from 'hebb'
import { readCsv } from '../csv.ts'
import type { Draw } from '../figures.ts'

/** The last years, which nothing here was chosen by: steps, units and the rest are the best on the hundred years before. */
const HELD = 50
const STEPS = 20
const ORDER = 9

const rows = readCsv('sunspots.csv')
const years = rows.map(({ year }) => Number(year))
const series = rows.map(({ sunspots }) => Number(sunspots))
const start = series.length - HELD
const known = series.slice(0, start)
const truth = series.slice(start)

const rootMeanSquare = (answers: ArrayLike<number>, length = HELD) =>
  Math.sqrt(truth.slice(0, length).reduce((sum, y, i) => sum + (answers[i]! - y) ** 2, 0) / length)

/** Linear in the last nine years, by least squares over all years that are known. */
async function autoregression() {
  const lags = (of: readonly number[], at: number) => of.slice(at - ORDER, at)
  const all = known.map((_, at) => at).slice(ORDER)
  const line = await linearRegression({ inputs: ORDER }).fit(
    all.map((at) => lags(known, at)),
    all.map((at) => known[at]!),
  )
  const next = (before: readonly number[]) =>
    line.intercept + before.reduce((sum, x, i) => sum + x * line.weights[i]!, 0)
  const free = [...known]
  while (free.length < series.length) free.push(next(lags(free, free.length)))
  return { ahead: truth.map((_, i) => next(lags(series, start + i))), free: free.slice(start) }
}

/** A raw series in, a forecast out: the network scales by itself. */
async function recurrent(seed: number, progress: boolean) {
  const data = await datasets.windows(known, { steps: STEPS })
  const scale = await datasets.scaling.standard(data)
  const layers = [
    standardize(scale),
    gru({ units: 8 }),
    dense({ units: 1 }),
    standardize({ ...scale, invert: true }),
  ] as const
  const net = await network([STEPS, 1], layers, { seed })
  await net.fit(data, {
    epochs: 100,
    batchSize: 16,
    seed,
    loss: 'normalizedSquaredError',
    regularization: { l2: 0.001 },
    optimizer: adam({ learningRate: schedule.cosine({ from: 0.01 }) }),
    progress,
  })
  const ahead = await net.predict(await datasets.windows(series.slice(start - STEPS), { steps: STEPS }))
  const free = await forecast(net, known, { steps: HELD })
  net.dispose()
  return { ahead: ahead.data, free: free.data }
}

/** `rmse` is the mean over the seeds. */
export async function sunspots(seeds: number, draw: Draw, say: (text: string) => void, progress: boolean) {
  const line = await autoregression()
  const runs = []
  for (let seed = 1; seed <= seeds; seed++) runs.push(await recurrent(seed, progress))
  const errors = runs.map(({ ahead }) => rootMeanSquare(ahead))
  const rmse = errors.reduce((a, b) => a + b) / seeds
  const [persistence, ar9] = [rootMeanSquare(series.slice(start - 1)), rootMeanSquare(line.ahead)]
  const decade = { gru: runs.map(({ free }) => rootMeanSquare(free, 11)), ar9: rootMeanSquare(line.free, 11) }
  const listed = (values: readonly number[]) => values.map((value) => value.toFixed(1)).join(' ')
  say(`Sunspots ${years[start]}–${years.at(-1)}, one year ahead, root of the mean squared error:`)
  say(`  persistence ${persistence.toFixed(1)}, AR(${ORDER}) ${ar9.toFixed(1)}`)
  say(`  GRU ${rmse.toFixed(1)}, of ${seeds} seeds ${listed(errors)}`)
  say(
    `Freely running, the first 11 years: AR(${ORDER}) ${decade.ar9.toFixed(1)}, GRU ${listed(decade.gru)}\n`,
  )
  const points = (values: ArrayLike<number>) => truth.map((_, i) => [years[start + i]!, values[i]!] as const)
  await draw(
    'rnn-sunspots',
    [
      { points: points(line.free), mark: '·', name: `AR(${ORDER}), freely running`, line: true },
      { points: points(runs[0]!.free), mark: '~', name: 'GRU, freely running', line: true },
      { points: points(runs[0]!.ahead), mark: '█', name: 'GRU, one year ahead', line: true },
      { points: points(truth), mark: '∘', name: 'sunspots' },
    ],
    { x: [years[start]!, years.at(-1)!], y: [0, 200], title: 'Sunspots of the years that were held back' },
  )
  return { rmse, persistence, ar9, seeds: errors, freely: decade }
}
