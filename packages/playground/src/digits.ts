// The data: MNIST for the training, and from its test set one digit of each class to look at.
import { type Dataset, datasets } from 'hebb'

const FROM = new URL('mnist/', document.baseURI)
/** Digits set aside: enough to tell 98 % from 97 %, and few enough to be read five times an epoch. */
const SELECTION = 2000
export const SIDE = 28
export const PIXELS = SIDE * SIDE
/** Bytes before the content of an idx file of images and of one of labels. */
const HEADER = { images: 16, labels: 8 }

export interface Digits {
  train: Dataset
  selection: Dataset
  /** The image of a digit of each class that is never trained on. */
  examples: Uint8Array[]
}

/** Loads MNIST; `samples` says on how many images to train if not on all. */
export async function loadDigits(samples: number | undefined): Promise<Digits> {
  const [{ train, selection, test }, examples] = await Promise.all([
    datasets.mnist({ from: FROM, selection: SELECTION, seed: 1 }),
    loadExamples(),
  ])
  test.dispose()
  if (samples === undefined || samples >= train.samples) return { train, selection: selection!, examples }
  const { chosen, rest } = await train.setAside(samples, { seed: 1 })
  rest.dispose()
  train.dispose()
  return { train: chosen, selection: selection!, examples }
}

async function loadExamples(): Promise<Uint8Array[]> {
  const read = async (name: string) => new Uint8Array(await (await fetch(new URL(name, FROM))).arrayBuffer())
  const [images, labels] = await Promise.all([read('t10k-images-idx3-ubyte'), read('t10k-labels-idx1-ubyte')])
  return Array.from({ length: 10 }, (_, digit) => {
    const from = HEADER.images + PIXELS * labels!.subarray(HEADER.labels).indexOf(digit)
    return images!.slice(from, from + PIXELS)
  })
}
