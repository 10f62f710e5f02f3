// The row "LeNet-5": the network of the paper and its modern form, on images that are distorted a little, as in the paper's best
// result with one network.
import { crossEntropy, type Dataset, schedule, sgd } from 'hebb'
import { augmented, type DistortOptions, distort } from 'hebb/augment'
import { lenet5 } from 'hebb/zoo'

const AFFINE: DistortOptions = { shift: 1, rotate: 6, scale: 0.08, shear: 0.1 }
const CANDIDATES = [
  { variant: 'original', rate: 0.0015, batchSize: 32, loss: crossEntropy({ rubbish: 20 }) },
  { variant: 'modern', rate: 0.04, batchSize: 64, loss: crossEntropy() },
] as const

/** Chosen on `selection` between the two variants, each with the weights of its best epoch. */
export async function lenetRow(
  sets: { train: Dataset; selection: Dataset; test: Dataset },
  epochs: number,
  seed: number,
  say: (text: string) => void,
) {
  const { train, selection, test } = sets
  let best:
    | { name: string; epoch: number; error: number; net: Awaited<ReturnType<typeof lenet5>> }
    | undefined
  for (const { variant, rate, batchSize, loss } of CANDIDATES) {
    const net = await lenet5({ variant, seed })
    const { bestEpoch } = await net.fit(augmented(train, [distort(AFFINE)], { seed }), {
      epochs,
      batchSize,
      seed,
      loss,
      shuffleBuffer: 1,
      stepsPerEpoch: Math.ceil(train.samples / batchSize),
      optimizer: sgd({ learningRate: schedule.cosine({ from: rate, warmup: 0.1 }), momentum: 0.9 }),
      selection,
      patience: epochs,
      progress: true,
    })
    const error = 1 - (await net.evaluate(selection)).accuracy
    say(`LeNet-5, ${variant}: ${(100 * error).toFixed(2)} % of the selection wrong after epoch ${bestEpoch}`)
    if (!best || error < best.error) {
      best?.net.dispose()
      best = { name: variant, epoch: bestEpoch!, error, net }
    } else net.dispose()
  }
  const { name, epoch, error: selectionError, net } = best!
  const error = 1 - (await net.evaluate(test)).accuracy
  const row = {
    name: 'LeNet-5',
    error,
    published: 0.0095,
    selectionError,
    parameters: net.parameters,
    chosen: `${name}, distorted images`,
    epoch,
  }
  net.dispose()
  return row
}
