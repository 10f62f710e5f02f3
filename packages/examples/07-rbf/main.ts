// Radial basis functions: the kernel trick (`kernels.ts`), a curve through noisy samples, what a falling width does to samples that were not fitted, two spirals
// told apart, and digits by a network in two stages, trained further by gradient. `--images 0` leaves the digits out.
import { parseArgs } from 'node:util'
import { adam, datasets, rbfNetwork, schedule, shutdown } from 'hebb'
import { curve, drawer } from '../figures.ts'
import { random } from '../random.ts'
import { kernelTrick } from './kernels.ts'
import { boundary, normal, spirals } from './spirals.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    svg: { type: 'string' },
    images: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
  },
})
const say = (text: string) => void (values.json || console.log(text))
const [seed, started] = [Number(values.seed), performance.now()]
const next = random(seed)
const draw = drawer(values.svg, say)

const trick = await kernelTrick(seed, draw, say)

// A curve, with noise of deviation 0.15.
const NOISE = 0.15
const truth = (x: number) => Math.sin(2 * x) + 0.3 * x
const range = [-3, 3] as const
const noisy = (count: number) => {
  const x = Array.from({ length: count }, () => [range[0] + 6 * next()])
  return { x, t: x.map(([x]) => [truth(x!) + NOISE * normal(next)]) }
}
const [train, held] = [noisy(80), noisy(400)]
const selection = await datasets.fromArrays(held.x, held.t)
const mse = { loss: 'meanSquaredError' } as const

/** The root of the mean squared error on the samples that were not fitted. */
const errorOf = async (net: Awaited<ReturnType<typeof rbfNetwork>>) =>
  Math.sqrt((await net.evaluate(selection, mse)).loss)

const units = 12
const net = await rbfNetwork(train.x, train.t, { units, seed, widths: { factor: 1.5 } })
const places = curve((x) => x, range).map(([x]) => [x])
const fitted = (await net.predict(places)).data
const fit = { units, rmse: await errorOf(net), noise: NOISE }
say(
  `A curve by ${units} radial basis functions: error ${fit.rmse.toFixed(3)} on 400 other samples, noise ${NOISE}`,
)
await draw(
  'rbf-curve',
  [
    { points: train.x.map(([x], i) => [x!, train.t[i]![0]!] as const), mark: '∘', name: '80 samples' },
    { points: curve(truth, range), mark: '·', name: 'the curve', line: true },
    {
      points: places.map(([x], i) => [x!, fitted[i]!] as const),
      mark: '█',
      name: `${units} functions`,
      line: true,
    },
  ],
  { x: range, y: [-2.2, 2.2], title: 'A curve by radial basis functions with centers of k-means' },
)
net.dispose()

// σ falls: a function on each sample, and hardly any regularisation.
const data = await datasets.fromArrays(train.x, train.t)
const widths: { width: number; fitted: number; selection: number }[] = []
for (let power = 3; power >= -13; power--) {
  const width = 2 ** (power / 2)
  const options = { units: train.x.length, centers: train.x, widths: width, regularization: 1e-6 }
  const one = await rbfNetwork(train.x, train.t, options)
  const inside = Math.sqrt((await one.evaluate(data, mse)).loss)
  widths.push({ width, fitted: inside, selection: await errorOf(one) })
  one.dispose()
}
const best = widths.reduce((a, b) => (b.selection < a.selection ? b : a))
const [narrow] = widths.slice(-1)
say('With a function on each sample a falling σ fits the samples better and better:')
for (const { width, fitted, selection } of widths.filter((_, i) => i % 2 === 0))
  say(`  σ ${width.toFixed(3)}  samples ${fitted.toFixed(3)}  others ${selection.toFixed(3)}`)
await draw(
  'rbf-widths',
  [
    {
      points: widths.map((one) => [one.width, one.fitted]),
      mark: '∘',
      name: 'error on the 80 samples',
      line: true,
    },
    { points: widths.map((one) => [one.width, one.selection]), mark: '█', name: 'on 400 others', line: true },
  ],
  {
    x: [0.01, 3],
    y: [0, 2.4],
    logX: true,
    title: 'The error over σ: what fits the samples best does not fit others',
  },
)

// Two spirals, which no line separates.
const arms = spirals(200, next)
const arm = await rbfNetwork(arms.x, arms.t, { units: 40, seed, widths: { factor: 1.5 } })
const others = spirals(400, next)
const spiral = {
  units: 40,
  accuracy: (await arm.evaluate(await datasets.fromArrays(others.x, others.t))).accuracy!,
}
say(`Two spirals by 40 functions: ${(100 * spiral.accuracy).toFixed(1)} % of 400 other points`)
const of = (kind: number) => arms.x.filter((_, i) => arms.t[i] === kind).map(([a, b]) => [a!, b!] as const)
await draw(
  'rbf-spirals',
  [
    { points: of(0), mark: 'o', name: 'one class' },
    { points: of(1), mark: '+', name: 'the other' },
    { points: await boundary(arm), mark: '·', name: 'boundary' },
  ],
  {
    x: [-1.2, 1.2],
    y: [-1.2, 1.2],
    width: 560,
    height: 540,
    title: 'Two spirals, told apart by radial basis functions',
  },
)

// Digits: two stages, and then both layers by gradient.
const images = Number(values.images)
const fineTuning = { before: Number.NaN, after: Number.NaN, images }
if (images > 0) {
  const { train: all, test } = await datasets.mnist()
  const some = await all.subset(Array.from({ length: images }, (_, i) => i))
  const digits = await rbfNetwork(some, { units: 100, seed, iterations: 20 })
  fineTuning.before = 1 - (await digits.evaluate(test)).accuracy!
  const learningRate = schedule.cosine({ from: 0.003 })
  await digits.fit(some, { epochs: 10, batchSize: 64, seed, optimizer: adam({ learningRate }) })
  fineTuning.after = 1 - (await digits.evaluate(test)).accuracy!
  const percent = (part: number) => `${(100 * part).toFixed(1)} %`
  say(
    `Digits by 100 functions: ${percent(fineTuning.before)} wrong after two stages, ${percent(fineTuning.after)} after ten epochs of Adam`,
  )
}

const seconds = (performance.now() - started) / 1000
say(`\n${seconds.toFixed(1)} seconds`)
if (values.json)
  console.log(
    JSON.stringify({ kernels: trick, curve: fit, best, narrow, widths, spiral, fineTuning, seconds }),
  )
await shutdown()
