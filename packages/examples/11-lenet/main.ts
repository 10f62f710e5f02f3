// LeNet-5 (LeCun et al. 1998, in its modern form) learns to read handwriting: all 60,000 images of MNIST,
// the 10,000 test images evaluated once, at the end. With `--weights mnist` it does not train, but reads the digits with the
// weights that come with hebb. With `--checkpoint run.safetensors` it may be killed: started again, it goes on from its last
// checkpoint to the same weights.
import { createHash } from 'node:crypto'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import {
  averagePool2d,
  conv2d,
  datasets,
  dense,
  flatten,
  init,
  network,
  type Simd,
  schedule,
  sgd,
  standardize,
} from 'hebb'
import { type Lenet5Options, lenet5 } from 'hebb/zoo'

const { values } = parseArgs({
  options: {
    epochs: { type: 'string', default: '3' },
    threads: { type: 'string' },
    seed: { type: 'string', default: '1' },
    simd: { type: 'string' },
    weights: { type: 'string' },
    checkpoint: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
// Node 20 has relaxed-simd only with a flag; the program may set it, a library must not.
if (process.versions.node.startsWith('20.')) setFlagsFromString('--experimental-wasm-relaxed-simd')

const seed = Number(values.seed)
const epochs = Number(values.epochs)
const say = (text: string) => process.stderr.write(`${text}\n`)

const engine = await init({
  ...(values.threads ? { threads: Number(values.threads) } : {}),
  ...(values.simd ? { simd: values.simd as Simd } : {}),
})
say(`engine: ${engine.threads} threads, ${engine.simd}${engine.reason && ` (${engine.reason})`}`)

const { train, test } = await datasets.mnist()
const untrained = () =>
  network(
    [1, 28, 28],
    [
      standardize({ mean: 0.1307, deviation: 0.3081 }),
      conv2d({ filters: 6, kernel: 5, padding: 2, activation: 'tanh' }),
      averagePool2d({ kernel: 2 }),
      conv2d({ filters: 16, kernel: 5, activation: 'tanh' }),
      averagePool2d({ kernel: 2 }),
      flatten(),
      dense({ units: 120, activation: 'tanh' }),
      dense({ units: 84, activation: 'tanh' }),
      dense({ units: 10, activation: 'softmax' }),
    ],
    { seed, classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] },
  )
const weights = values.weights as Lenet5Options['weights']
const net = weights ? await lenet5({ weights }) : await untrained()
say(net.summary())

const from = performance.now()
let trained = 0
if (!weights) {
  const history = await net.fit(train, {
    epochs,
    batchSize: 64,
    seed,
    progress: true,
    ...(values.checkpoint && {
      checkpoint: { path: values.checkpoint, every: { batches: 100 } },
      resume: true,
    }),
    optimizer: sgd({ learningRate: schedule.cosine({ from: 0.04, warmup: 0.1 }), momentum: 0.9 }),
  })
  trained = history.epochs.length
}
const trainSeconds = (performance.now() - from) / 1000
const { accuracy } = await net.evaluate(test)

const sha = createHash('sha256')
for (const { data } of Object.values(await net.weights())) {
  sha.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
}
const result = {
  testAccuracy: accuracy,
  epochs: trained,
  trainSeconds,
  samplesPerSecond: (trained * train.samples) / trainSeconds,
  threads: engine.threads,
  simd: engine.simd,
  seed,
  parameters: net.parameters,
  weightsSha256: sha.digest('hex'),
}
console.log(
  values.json
    ? JSON.stringify(result)
    : `test accuracy ${(100 * accuracy).toFixed(2)} % after ${result.epochs} epochs in ${trainSeconds.toFixed(1)} s ` +
        `(${result.samplesPerSecond.toFixed(0)} images/s)`,
)
