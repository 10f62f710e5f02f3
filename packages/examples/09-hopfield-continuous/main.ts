// Hopfield's continuous network (1984) as an optimiser: the energy on its way down, an A/D converter, an assignment, and the
// travelling salesman of Hopfield and Tank (1985), with their settings and in the valid subspace.
import { parseArgs } from 'node:util'
import { continuousHopfield, energy, travellingSalesman } from 'hebb'
import { chart, energyTrace } from 'hebb/plot'
import { curve, writeSvg } from '../figures.ts'
import { random } from '../random.ts'
import { randomCities, shortest } from './tours.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    svg: { type: 'string' },
    seeds: { type: 'string', default: '100' },
  },
})
const say = (text: string) => values.json || console.log(text)
const seeds = Number(values.seeds)
const seconds = (from: number) => Number(((performance.now() - from) / 1000).toFixed(1))

// Ten units with random symmetric weights: E and its terms over time.
const next = random(1)
const units = 10
const weights = Array.from({ length: units }, () => new Array<number>(units).fill(0))
for (let i = 0; i < units; i++) {
  for (let j = 0; j < i; j++) weights[i]![j] = weights[j]![i] = 2 * next() - 1
}
const bias = Array.from({ length: units }, () => next() - 0.5)
const { trace, converged } = await continuousHopfield({ weights, bias, gain: 4 }).run({ seed: 1 })
const until = trace.time.findIndex((t) => t >= 12)
const first = (column: Float64Array) => column.subarray(0, until < 0 ? column.length : until)
const falling = energyTrace(
  {
    time: first(trace.time),
    energy: first(trace.energy),
    interaction: first(trace.interaction),
    integral: first(trace.integral),
    input: first(trace.input),
  },
  { title: 'the energy and its three terms over time' },
)
say(falling.toText())
await writeSvg(values.svg, 'hopfield-continuous-energy', falling)

// The A/D converter of Tank and Hopfield (1986): ½(x − Σ2ⁱvᵢ)² and ½Σ4ⁱvᵢ(1 − vᵢ).
const bits = [1, 2, 4, 8]
const convert = async (x: number) => {
  const stated = energy({
    units: 4,
    quadratic: bits.map((a) => bits.map((b) => a * b)),
    linear: bits.map((b) => -x * b),
    binary: bits.map((b) => b * b),
  })
  // All bits start at 0, as after a reset.
  const { v } = await continuousHopfield({ energy: stated, gain: 100 }).run({ start: [0, 0, 0, 0] })
  return v.reduce((sum, one, i) => sum + bits[i]! * Math.round(one), 0)
}
const answers = await Promise.all(Array.from({ length: 61 }, (_, i) => convert(i / 4)))
const near = answers.filter((answer, i) => Math.abs(answer - i / 4) <= 0.5).length
const most = Math.max(...answers.map((answer, i) => Math.abs(answer - i / 4)))
say(`A/D converter with 4 bits: ${near} of 61 voltages from 0 to 15 within ½, the largest error ${most}.`)
const read = chart(
  [
    { points: curve((x) => x, [0, 15]), mark: '·', name: 'exact', line: true },
    { points: answers.map((y, i) => [i / 4, y] as [number, number]), mark: 'o', name: 'network' },
  ],
  { x: [0, 15], y: [0, 15.5], title: 'the number read by the A/D converter over its voltage' },
)
await writeSvg(values.svg, 'hopfield-continuous-converter', read)

// Six workers for six jobs: in the subspace, and with constraints whose weights the diagnosis corrects.
const costs = Array.from({ length: 36 }, () => Number(next().toFixed(2)))
const side = 6
const cheapest = (row: number, used: number): number => {
  if (row === side) return 0
  const free = Array.from({ length: side }, (_, job) => job).filter((job) => !(used & (1 << job)))
  return Math.min(...free.map((job) => costs[side * row + job]! + cheapest(row + 1, used | (1 << job))))
}
const optimum = cheapest(0, 0)
const cost = (v: ArrayLike<number>) => costs.reduce((sum, one, i) => sum + one * Math.round(v[i]!), 0)
const annealed = { from: 1, factor: 1.1, steps: 100 }
const inSubspace = await continuousHopfield({
  energy: energy({ units: 36, linear: costs }),
  gain: 2000,
  permutation: true,
}).run({ integrator: 'euler', step: 0.5, anneal: annealed, seed: 1 })
const weightsOf = new Map<string, number>()
let rounds = 0
let penalised: Awaited<ReturnType<ReturnType<typeof continuousHopfield>['run']>>
do {
  const one = (name: string, is: (unit: number) => boolean) => ({
    name,
    coefficients: costs.map((_, unit) => Number(is(unit))),
    equals: 1,
    weight: weightsOf.get(name) ?? 0.1,
  })
  const constraints = Array.from({ length: side }, (_, k) => [
    one(`worker ${k}`, (unit) => Math.floor(unit / side) === k),
    one(`job ${k}`, (unit) => unit % side === k),
  ]).flat()
  const stated = energy({ units: 36, linear: costs, constraints, binary: 0.2 })
  penalised = await continuousHopfield({ energy: stated, gain: 200 }).run({ anneal: annealed, seed: 1 })
  if (rounds < 3 || penalised.diagnosis === 'all constraints hold') say(`  ${penalised.diagnosis}`)
  for (const { name, raiseTo } of penalised.constraints) if (raiseTo) weightsOf.set(name, raiseTo)
} while (penalised.constraints.some(({ raiseTo }) => raiseTo) && ++rounds < 12)
const assignment = { optimum, subspace: cost(inSubspace.v), penalties: cost(penalised.v), rounds }
say(
  `Assignment: optimum ${optimum.toFixed(2)}, subspace ${assignment.subspace.toFixed(2)}, penalties ${assignment.penalties.toFixed(2)}.`,
)

// The travelling salesman.
const optima = new Map<string, number>()
async function tours(n: number, method: 'subspace' | 'penalties') {
  let [valid, ratios, worst, compared] = [0, 0, 0, 0]
  const from = performance.now()
  for (let seed = 1; seed <= seeds; seed++) {
    const cities = randomCities(n, 1000 * n + seed)
    const { length } = await travellingSalesman({ cities, method, seed })
    if (length === undefined) continue
    valid++
    const start = performance.now()
    const key = `${n} ${seed}`
    const least = optima.get(key) ?? shortest(cities)
    optima.set(key, least)
    compared += performance.now() - start
    ratios += length / least
    worst = Math.max(worst, length / least)
  }
  const meanLengthRatio = valid > 0 ? ratios / valid : null
  const each = seconds(from + compared) / seeds
  const ratio = meanLengthRatio === null ? '' : `, ${meanLengthRatio.toFixed(3)} × the shortest on average`
  say(`  ${n} cities, ${method.padEnd(9)} ${valid} of ${seeds} tours${ratio}; ${each.toFixed(3)} s each`)
  return { valid, of: seeds, meanLengthRatio, worstLengthRatio: valid > 0 ? worst : null, secondsEach: each }
}
say('The travelling salesman (published: Hopfield and Tank 16 of 20, Wilson and Pawley about 15 %):')
const classic = await tours(10, 'penalties')
const cities10 = await tours(10, 'subspace')
const cities30 = await tours(30, 'subspace')
const cities50 = await tours(50, 'subspace')

const map = randomCities(30, 7)
const found = await travellingSalesman({ cities: map, seed: 1 })
const drawn = chart(
  [
    {
      points: [...found.tour!, found.tour![0]!].map((city) => map[city]!),
      mark: '·',
      name: 'tour',
      line: true,
    },
    { points: map, mark: 'o', name: 'cities' },
  ],
  {
    x: [-0.02, 1.02],
    y: [-0.02, 1.02],
    width: 580,
    height: 540,
    title: 'a tour of 30 cities found in the valid subspace',
  },
)
say(drawn.toText())
await writeSvg(values.svg, 'hopfield-continuous-tour', drawn)

if (values.json) {
  console.log(
    JSON.stringify({
      ...cities10,
      classic,
      cities30,
      cities50,
      energy: { converged, steps: trace.step.at(-1) },
      converter: { within: near, of: answers.length, largestError: most },
      assignment,
    }),
  )
}
