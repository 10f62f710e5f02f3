// The Hopfield network as a memory: handwritten digits recalled from noise and from a half, and how many random patterns it
// holds, against theory. `--largest 0` leaves the random patterns out, which take most of the time.
import { parseArgs } from 'node:util'
import { datasets, denseMemory, hopfield, init, shutdown } from 'hebb'
import { chart, pictures, type Series } from 'hebb/plot'
import { curve, writeSvg } from '../figures.ts'
import { random } from '../random.ts'
import { crossing, logistic, type Point, theoreticalOverlap } from './theory.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    svg: { type: 'string' },
    largest: { type: 'string', default: '4000' },
    seed: { type: 'string', default: '1' },
  },
})
const say = (text: string) => values.json || console.log(text)
const [largest, started] = [Number(values.largest), performance.now()]
const { threads } = await init()

const next = random(Number(values.seed))
const overlap = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum / a.length
}
const median = (list: number[]) => list.sort((a, b) => a - b)[list.length >> 1]!

// Ten digits of MNIST, one of each class, black and white. They resemble each other, which Hebb's rule does not forgive.
const { test } = await datasets.mnist()
const batches = datasets.batches(await test.subset(Array.from({ length: 200 }, (_, i) => i)), {
  batchSize: 200,
})
const digits: number[][] = []
for await (const { x, t } of batches) {
  const classes = Array.from(t as Uint32Array)
  for (let digit = 0; digit < 10; digit++) {
    const from = 784 * classes.indexOf(digit)
    const pixels = Array.from(
      (x.data as ArrayLike<number> & { subarray: Uint8Array['subarray'] }).subarray(from, from + 784),
    )
    const white = Math.max(...pixels) / 2
    digits.push(pixels.map((pixel) => (pixel > white ? 1 : -1)))
  }
}
const noisy = digits.map((digit) => digit.map((s) => (next() < 0.3 ? -s : s)))
const halves = digits.map((digit) => digit.map((s, i) => (i < 392 ? s : null)))
const recalled: Record<string, { noise: number; half: number }> = {}
const drawn: number[][] = []
for (const rule of ['hebb', 'storkey', 'pseudoInverse', 'flow'] as const) {
  using memory = await hopfield({ units: 784, rule }).store(digits)
  const found = [await memory.recall(noisy), await memory.recall(halves)] as const
  const [noise, half] = found.map(
    (all) => all.filter(({ state }, i) => overlap(state, digits[i]!) === 1).length,
  )
  recalled[rule] = { noise: noise!, half: half! }
  if (rule !== 'pseudoInverse') continue
  const known = halves.map((half) => half.map((s) => s ?? 0))
  for (const [cues, all] of [
    [noisy, found[0]],
    [known, found[1]],
  ] as const) {
    for (const from of [0, 5])
      drawn.push(...cues.slice(from, from + 5), ...all.slice(from, from + 5).map(({ state }) => state))
  }
}
const recalls = pictures(
  drawn.map((data) => ({ data, width: 28 })),
  { title: 'Cues, and the digits recalled by the pseudo-inverse: from 30 % noise, and from the upper half' },
)
say(recalls.toText())
await writeSvg(values.svg, 'hopfield-digits', recalls)
say('Ten digits of MNIST, recalled without one wrong pixel:')
for (const [rule, { noise, half }] of Object.entries(recalled))
  say(`  ${rule.padEnd(14)} ${noise} of 10 from 30 % noise, ${half} of 10 from the upper half`)

/** Random patterns `[count, units]`. */
function randomPatterns(count: number, units: number) {
  const data = new Int32Array(count * units)
  for (let i = 0; i < data.length; i++) data[i] = next() < 0.5 ? -1 : 1
  return { data, shape: [count, units], row: (i: number) => data.subarray(i * units, (i + 1) * units) }
}
/** So many numbers below `count`, evenly spread. */
const some = (most: number, count: number) =>
  Array.from({ length: Math.min(most, count) }, (_, i) => Math.floor((i * count) / Math.min(most, count)))

/** The overlaps after recall of some patterns, from cues in which a part of the units is wrong. */
async function overlaps(
  memory: ReturnType<typeof hopfield | typeof denseMemory>,
  patterns: ReturnType<typeof randomPatterns>,
  most: number,
  wrong = 0,
) {
  const numbers = some(most, patterns.shape[0]!)
  const cues = numbers.map((i) => Array.from(patterns.row(i), (s) => (next() < wrong ? -s : s)))
  const found = await memory.recall(cues)
  return found.map(({ state }, k) => overlap(state, patterns.row(numbers[k]!)))
}

const capacity = { pseudoInverse: 0, flow: 0, dense3: 0 }
let [criticalLoad, overlapBelow] = [Number.NaN, Number.NaN]
const bandwidth = { recallGBs: Number.NaN, copyGBs: Number.NaN }
const curves: { units: number; points: Point[]; medians: number[] }[] = []
if (largest >= 500) {
  // More patterns than a rule holds are what this is about.
  console.warn = () => {}
  const loads = [0.1, 0.11, 0.12, 0.13, 0.135, 0.14, 0.145, 0.15, 0.16, 0.17]
  say('\nRandom patterns by Hebb’s rule, the part recalled with an overlap above 0.9:')
  say(`  load    ${loads.map((load) => String(load).padStart(6)).join('')}`)
  for (const units of [500, 1000, 2000, 4000].filter((units) => units <= largest)) {
    const [points, medians]: [Point[], number[]] = [[], []]
    for (const load of loads) {
      const all: number[] = []
      for (let network = 0; network < 8000 / units; network++) {
        const patterns = randomPatterns(Math.round(load * units), units)
        using memory = await hopfield({ units }).store(patterns)
        all.push(...(await overlaps(memory, patterns, 40)))
      }
      points.push({ load, right: all.filter((one) => one > 0.9).length, of: all.length })
      medians.push(median(all))
    }
    curves.push({ units, points, medians })
    say(
      `  N ${String(units).padEnd(5)} ${points.map(({ right, of }) => (right / of).toFixed(2).padStart(6)).join('')}`,
    )
  }
  criticalLoad = crossing(curves.map(({ points }) => logistic(points)))
  overlapBelow = curves[1]?.medians[loads.indexOf(0.13)] ?? Number.NaN
  say(
    `The curves cross at a load of ${criticalLoad.toFixed(4)}; in theory at 0.138 (Amit, Gutfreund and Sompolinsky 1985).`,
  )
  say(
    `Median overlap at a load of 0.13 with 1,000 units: ${overlapBelow.toFixed(4)}; in theory ${theoreticalOverlap(0.13)!.toFixed(4)}.`,
  )

  // Patterns held as fixed points in 500 units.
  for (const rule of ['pseudoInverse', 'flow'] as const) {
    for (const load of rule === 'flow' ? [1, 1.1, 1.2] : [1]) {
      const patterns = randomPatterns(500 * load, 500)
      using memory = await hopfield({ units: 500, rule, thresholds: 'learn' }).store(patterns)
      let held = 0
      for (let i = 0; i < memory.count; i++) held += Number((await memory.stability(i)) > 0)
      if (held === memory.count) capacity[rule] = load
      say(`${rule}: ${held} of ${memory.count} patterns are fixed points of 500 units`)
    }
  }
  const many = randomPatterns(6000, 500)
  using dense = await denseMemory({ units: 500, degree: 3 }).store(many)
  const held = (await overlaps(dense, many, 300, 0.05)).filter((one) => one > 0.97).length
  capacity.dense3 = ((held / 300) * 6000) / 500
  say(
    `denseMemory of degree 3: ${held} of 300 of 6000 patterns in 500 units come back from 5 % noise with an overlap above 0.97`,
  )

  // A recall of a stored pattern reads the weights once.
  const large = randomPatterns(100, 4096)
  using memory = await hopfield({ units: 4096 }).store(large)
  const cues = some(20, 100).map((i) => Array.from(large.row(i)))
  await memory.recall(cues.slice(0, 2))
  const bytes = 8 * 4096 ** 2
  const time = async (work: () => unknown) => {
    const from = performance.now()
    await work()
    return (performance.now() - from) / 1000
  }
  bandwidth.recallGBs = (cues.length * bytes) / (await time(() => memory.recall(cues))) / 1e9
  const [from, to] = [new Float64Array(4096 ** 2).fill(1), new Float64Array(4096 ** 2).fill(1)]
  bandwidth.copyGBs =
    (2 * bytes) / Math.min(await time(() => to.set(from)), await time(() => to.set(from))) / 1e9
  say(
    `Recall with 4,096 units reads ${bandwidth.recallGBs.toFixed(1)} GB/s of weights with ${threads} threads; a copy in memory moves ${bandwidth.copyGBs.toFixed(1)} GB/s.`,
  )
}

if (largest >= 4000) {
  const theory = curve((load) => theoreticalOverlap(load) ?? 0, [0.1, 0.17])
  const measured: Series[] = curves.map(({ units, points }, i) => ({
    points: points.map(({ load, right, of }) => [load, right / of] as const),
    mark: String(i + 1),
    name: `${units} units`,
    line: true,
  }))
  const figure = chart([{ points: theory, mark: '·', name: 'overlap in theory', line: true }, ...measured], {
    x: [0.1, 0.17],
    y: [0, 1.04],
    title: 'The part of the patterns recalled over the load M/N, and the overlap in theory',
  })
  say(figure.toText())
  await writeSvg(values.svg, 'hopfield-capacity', figure)
}

const seconds = (performance.now() - started) / 1000
say(`\n${seconds.toFixed(1)} seconds`)
const finite = (value: number) => (Number.isFinite(value) ? value : null)
if (values.json) {
  console.log(
    JSON.stringify({
      criticalLoad: finite(criticalLoad),
      overlapBelow: finite(overlapBelow),
      seconds,
      capacity,
      recalled,
      recallGBs: finite(bandwidth.recallGBs),
      copyGBs: finite(bandwidth.copyGBs),
      curves,
    }),
  )
}
await shutdown()
