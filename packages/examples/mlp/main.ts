// A multilayer perceptron 784-512-256-10 learns MNIST with Adam in five epochs: all 60,000 images, the test images
// evaluated once, at the end.
import { parseArgs } from 'node:util'
import { adam, datasets, dense, flatten, init, network, schedule, standardize } from 'hebb'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    epochs: { type: 'string', default: '5' },
    images: { type: 'string', default: '60000' },
    threads: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
})
const seed = Number(values.seed)
const say = (text: string) => process.stderr.write(`${text}\n`)

const engine = await init(values.threads ? { threads: Number(values.threads) } : {})
say(`engine: ${engine.threads} threads, ${engine.simd}${engine.reason && ` (${engine.reason})`}`)

const { train: all, test } = await datasets.mnist()
const images = Number(values.images)
const train = images < all.samples ? await all.subset(Array.from({ length: images }, (_, i) => i)) : all
const net = await network(
  [1, 28, 28],
  [
    standardize({ mean: 0.1307, deviation: 0.3081 }),
    flatten(),
    dense({ units: 512, activation: 'relu' }),
    dense({ units: 256, activation: 'relu' }),
    dense({ units: 10, activation: 'softmax' }),
  ],
  { seed },
)
say(net.summary())

const from = performance.now()
const { epochs } = await net.fit(train, {
  epochs: Number(values.epochs),
  batchSize: 64,
  seed,
  progress: true,
  optimizer: adam({ learningRate: schedule.cosine({ from: 0.001 }) }),
})
const trainSeconds = (performance.now() - from) / 1000
const { accuracy } = await net.evaluate(test)

const result = {
  testAccuracy: accuracy,
  epochs: epochs.length,
  trainSeconds,
  samplesPerSecond: (epochs.length * train.samples) / trainSeconds,
  threads: engine.threads,
  simd: engine.simd,
  seed,
  parameters: net.parameters,
}
console.log(
  values.json
    ? JSON.stringify(result)
    : `test accuracy ${(100 * accuracy).toFixed(2)} % after ${result.epochs} epochs in ${trainSeconds.toFixed(1)} s ` +
        `(${result.samplesPerSecond.toFixed(0)} images/s)`,
)
