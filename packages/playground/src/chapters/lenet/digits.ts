// The data: MNIST for the training, and from its test set one digit of each class to look at.
import { type Dataset, datasets } from 'hebb'

const FROM = new URL('mnist/', document.baseURI)
/** Digits set aside: enough to tell 98 % from 97 %, and few enough to be read five times an epoch. */
const SELECTION = 2000
/** Digits of the demonstration, which takes about a second. */
const SOME = 10_000
export const SIDE = 28
export const PIXELS = SIDE * SIDE

export interface Digits {
  train: Dataset
  selection: Dataset
  /** Never trained on, nor looked at before the end. */
  test: Dataset
  /** A part of `train`, to show an epoch quickly. */
  some: Dataset
}

const idx = (part: string) =>
  datasets.fromIdx(
    new URL(`${part}-images-idx3-ubyte.gz`, FROM),
    new URL(`${part}-labels-idx1-ubyte.gz`, FROM),
  )

/** Loads MNIST; `samples` says on how many images to train, 0 for all. */
export async function loadDigits(samples: number): Promise<Digits> {
  const [all, test] = await Promise.all([idx('train'), idx('t10k')])
  const { chosen: selection, rest } = await all.setAside(SELECTION, { seed: 1 })
  all.dispose()
  const few = samples > 0 && samples < rest.samples
  const train = few ? (await rest.setAside(samples, { seed: 1 })).chosen : rest
  const some = train.samples > SOME ? (await train.setAside(SOME, { seed: 1 })).chosen : train
  return { train, selection, test, some }
}

/** Some samples of a data set, as bytes and classes. */
export async function images(data: Dataset, numbers: readonly number[]) {
  const part = await data.subset(numbers)
  try {
    const all: { image: Uint8Array; digit: number }[] = []
    for await (const { x, t } of datasets.batches(part, { batchSize: numbers.length, shuffle: false })) {
      for (let i = 0; i < numbers.length; i++) {
        const image = new Uint8Array(x.data.subarray(i * PIXELS, (i + 1) * PIXELS))
        all.push({ image, digit: (t as Uint32Array)[i]! })
      }
    }
    return all
  } finally {
    part.dispose()
  }
}

/** The first image of each digit in the test set. */
export async function firstOfEach(test: Dataset): Promise<Uint8Array[]> {
  const found: Uint8Array[] = []
  const first = Array.from({ length: 200 }, (_, i) => i)
  for (const { image, digit } of await images(test, first)) found[digit] ??= image
  return found
}
