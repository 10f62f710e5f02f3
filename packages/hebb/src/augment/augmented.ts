import type { Batch } from '../data/batch'
import type { Dataset } from '../data/dataset'
import { isDataset } from '../data/isDataset'
import { batches } from '../data/streams/batches'
import type { PlainSample } from '../data/streams/sample'
import { HebbError } from '../errors'
import { checkKeys, checkWhole } from '../options'
import type { Tensor } from '../tensor'
import { randomOf } from './random'
import type { Image, Transform } from './transform'

/** Samples that are read from the data set at once. */
const READ = 256

/** As in the engine: its product in 32 bits is that in 64 bits, rounded. */
const BYTE = Math.fround(1 / 255)

/**
 * A data set of images as a stream of distorted ones, for `fit`: each pass has the shuffled order of `fit` on the data set, and
 * distortions of its own. They are made while the engine trains on the minibatch before. The passes are numbered from 0, those of
 * `fit` by its epochs; the same number, seed and transforms give the same images. Bytes are distorted as numbers from 0 to 1, which they become in a network.
 *
 * Ask `fit` for `shuffleBuffer: 1`, as the order is random already, and for a schedule that needs to know the number of steps
 * give `stepsPerEpoch`.
 *
 * @example
 * const digits = augmented(train, [distort({ shift: 2, rotate: 10, scale: 0.1 })], { seed: 1 })
 * await net.fit(digits, { epochs: 20, batchSize: 64, shuffleBuffer: 1, stepsPerEpoch: Math.ceil(train.samples / 64) })
 * @throws HebbError `option`; `shape` if a sample is no image `[C, H, W]`; `data` if it has no class or targets
 */
export function augmented(
  data: Dataset,
  transforms: readonly Transform[],
  options: { seed?: number } = {},
): (pass?: number) => AsyncGenerator<PlainSample, void, undefined> {
  const who = 'augmented'
  checkKeys(who, options, ['seed'])
  const seed = checkWhole(who, 'seed', options.seed ?? 0, 0)
  if (!isDataset(data)) throw new HebbError('option', `${who} takes a data set, as of datasets.fromArrays`)
  if (!Array.isArray(transforms) || ![...transforms].every((one) => typeof one === 'function')) {
    throw new HebbError('option', `${who} takes a list of transforms, as [flip(), crop({ size: 24 })]`)
  }
  if (data.shape.length !== 3) {
    throw new HebbError('shape', `${who} takes images [C, H, W], these samples are [${data.shape}]`)
  }
  let passes = 0
  return (pass = passes++) => distorted(data, transforms, seed, pass)
}

async function* distorted(
  data: Dataset,
  transforms: readonly Transform[],
  seed: number,
  epoch: number,
): AsyncGenerator<PlainSample, void, undefined> {
  const shape = data.shape as unknown as Image['shape']
  const size = shape[0] * shape[1] * shape[2]
  let number = 0
  for await (const { x, t } of batches(data, { batchSize: READ, seed, epoch })) {
    const bytes = x.data instanceof Uint8Array
    for (let i = 0; i * size < x.data.length; i++) {
      const own = x.data.subarray(i * size, (i + 1) * size)
      const random = randomOf(seed, epoch, number++)
      const data = Float32Array.from(own, bytes ? (byte) => byte * BYTE : Number)
      let image: Image = { data, shape }
      for (const transform of transforms) image = transform(image, random)
      yield { x: image, ...(t && { t: targetOf(t, i) }) }
    }
  }
}

/** The class number or the target values of a sample. */
function targetOf(t: NonNullable<Batch['t']>, i: number): number | Float32Array {
  if (t instanceof Uint32Array) return t[i]!
  const width = t.shape[1]!
  return Float32Array.from((t as Tensor).data.subarray(i * width, (i + 1) * width))
}
