// A multilayer perceptron learns to tell two spirals apart (Lang and Witbrock 1988), as a moving picture: what it decides everywhere
// in the plane, again and again while it trains.
import { parseArgs } from 'node:util'
import { adam, datasets, dense, init, network, schedule } from 'hebb'
import { decisionBoundary } from 'hebb/plot'
import { movingSvg, writeFile } from '../figures.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    svg: { type: 'string' },
    seed: { type: 'string', default: '4' },
  },
})
// For the same bits on every machine.
await init({ simd: 'simd128' })

/** The published spirals have three turns; with two a picture takes a second. */
const spiral = (sign: number) =>
  Array.from({ length: 97 }, (_, i): [number, number] => {
    const [angle, radius] = [(i * Math.PI) / 24, (6.5 * (104 - i)) / 104]
    return [sign * radius * Math.sin(angle), sign * radius * Math.cos(angle)]
  })
const samples = { 'one spiral': spiral(1), 'the other': spiral(-1) }
const data = await datasets.fromArrays(
  Object.values(samples).flat(),
  Object.values(samples).flatMap((points, k) => points.map(() => [k])),
)
const net = await network(
  [2],
  [
    dense({ units: 40, activation: 'tanh' }),
    dense({ units: 40, activation: 'tanh' }),
    dense({ units: 1, activation: 'sigmoid' }),
  ],
  { seed: Number(values.seed) },
)

/** The epochs after which a picture is taken. */
const MOMENTS = [0, 50, 100, 150, 200, 250, 300, 350, 400, 500, 600]
const BATCH = 16
const last = MOMENTS.at(-1)!
const learningRate = schedule.cosine({ from: 0.01 })
const frames: string[] = []
const take = async (epoch: number, accuracy: number) => {
  const title = `after ${epoch} epochs ${(100 * accuracy).toFixed(0)} % of the points are on their spiral’s side`
  const options = { samples, x: [-7, 7], y: [-7, 7], width: 560, height: 540, resolution: 44 } as const
  const figure = await decisionBoundary(net, { ...options, title })
  if (values.svg !== undefined) frames.push(await figure.toSvg())
  if (epoch === last && !values.json) console.log(figure.toText({ columns: 60, rows: 30 }))
}
await take(0, (await net.evaluate(data)).accuracy!)
const run = net.fit(data, { epochs: last, batchSize: BATCH, optimizer: adam({ learningRate }) })
run.pause()
for (const [i, epoch] of MOMENTS.entries()) {
  if (epoch === 0) continue
  await run.step((epoch - MOMENTS[i - 1]!) * Math.ceil(data.samples / BATCH))
  const { accuracy } = await net.evaluate(data)
  if (!values.json) console.log(`epoch ${epoch}: ${(100 * accuracy!).toFixed(1)} % right`)
  await take(epoch, accuracy!)
}
await run
const { accuracy } = await net.evaluate(data)
writeFile(values.svg, 'learning', () => movingSvg('A network learns to tell two spirals apart', frames, 0.8))
if (values.json) console.log(JSON.stringify({ accuracy, frames: frames.length }))
