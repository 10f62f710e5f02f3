// Trains the weights of `lenet5({ weights: 'mnist' })` of hebb/zoo on distorted images of MNIST, and writes them as safetensors.
// The epoch is chosen on 5,000 training images set aside; the test images are used once, at the end.
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { crossEntropy, datasets, init, type Loss, schedule, sgd } from 'hebb'
import { augmented, type DistortOptions, distort } from 'hebb/augment'
import { lenet5 } from 'hebb/zoo'

const { values } = parseArgs({
  options: {
    variant: { type: 'string', default: 'modern' },
    epochs: { type: 'string' },
    seed: { type: 'string', default: '1' },
    images: { type: 'string', default: '55000' },
    out: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
if (process.versions.node.startsWith('20.')) setFlagsFromString('--experimental-wasm-relaxed-simd')
const say = (text: string) => process.stderr.write(`${text}\n`)

/** How each variant is trained. */
interface Recipe {
  epochs: number
  batchSize: number
  rate: number
  distortions: DistortOptions
  loss?: Loss
}
const MODERN: Recipe = {
  epochs: 24,
  batchSize: 64,
  rate: 0.04,
  distortions: { shift: 1.5, rotate: 8, scale: 0.1, shear: 0.15, elastic: { alpha: 16, sigma: 4 } },
}
const ORIGINAL: Recipe = {
  epochs: 20,
  batchSize: 32,
  rate: 0.0015,
  // Those of the paper: "planar affine transformations".
  distortions: { shift: 1, rotate: 6, scale: 0.08, shear: 0.1 },
  loss: crossEntropy({ rubbish: 20 }),
}

const variant = values.variant === 'original' ? 'original' : 'modern'
const recipe = variant === 'original' ? ORIGINAL : MODERN
const { batchSize, rate, distortions, loss } = recipe
const epochs = Number(values.epochs ?? recipe.epochs)
const seed = Number(values.seed)

const engine = await init()
say(`engine: ${engine.threads} threads, ${engine.simd}`)
const { train: all, selection, test } = await datasets.mnist({ selection: 5000, seed })
const images = Number(values.images)
const train = images < all.samples ? await all.subset(Array.from({ length: images }, (_, i) => i)) : all
const net = await lenet5({ variant, seed })

const started = performance.now()
const { bestEpoch } = await net.fit(augmented(train, [distort(distortions)], { seed }), {
  epochs,
  batchSize,
  seed,
  shuffleBuffer: 1,
  stepsPerEpoch: Math.ceil(train.samples / batchSize),
  optimizer: sgd({ learningRate: schedule.cosine({ from: rate, warmup: 0.1 }), momentum: 0.9 }),
  ...(loss && { loss }),
  selection: selection!,
  // As many as there are epochs: training never stops early, and ends with the best weights.
  patience: epochs,
  onEpochEnd: ({ epoch, loss, selectionLoss, selectionAccuracy, seconds }) => {
    const selected = `selection ${selectionLoss!.toFixed(4)}, ${(100 * selectionAccuracy!).toFixed(2)} %`
    say(`epoch ${epoch}: loss ${loss.toFixed(4)}, ${selected}, ${seconds.toFixed(1)} s`)
  },
})
const trainSeconds = (performance.now() - started) / 1000
const accuracy = async (data: typeof test) => (await net.evaluate(data)).accuracy
const [selectionAccuracy, testAccuracy] = [await accuracy(selection!), await accuracy(test)]

const bytes = await net.toBytes()
const sha256 = createHash('sha256').update(bytes).digest('hex')
if (values.out) writeFileSync(join(values.out, `lenet5-${variant}-mnist.safetensors`), bytes)
const result = { variant, parameters: net.parameters, epochs, bestEpoch, selectionAccuracy, testAccuracy }
const more = { images: train.samples, seed, simd: engine.simd, trainSeconds, bytes: bytes.length, sha256 }
console.log(
  values.json
    ? JSON.stringify({ ...result, ...more })
    : `${variant}: ${(100 * testAccuracy).toFixed(2)} % of the test images, with the weights of epoch ${bestEpoch} of ${epochs}, ` +
        `which has ${(100 * selectionAccuracy).toFixed(2)} % of the selection; ${trainSeconds.toFixed(0)} s`,
)
