// A kernel machine by the method of Nyström on the digits, smoothed: a pixel that is one place beside another then still is like
// it, which is all that a radial basis kernel knows of images.
import { type Dataset, datasets, kernels, nystrom } from 'hebb'

/** σ to choose from, for images of length 1, and the smoothings, each by 1-2-1 in both directions. */
const WIDTHS = [0.4, 0.5, 0.6]
const SMOOTHINGS = 3
/** Centers of the machines that choose σ. */
const FEW = 1000
const BATCH = 1000

/** Smooths an image of 28 × 28 by 1-2-1 in both directions, in place. */
function smooth(image: Float32Array): void {
  for (const step of [1, 28]) {
    const before = image.slice()
    for (let i = 0; i < 784; i++) {
      const place = step === 1 ? i % 28 : Math.floor(i / 28)
      const left = place > 0 ? before[i - step]! : 0
      const right = place < 27 ? before[i + step]! : 0
      image[i] = (left + 2 * before[i]! + right) / 4
    }
  }
}

/** The images of a data set, smoothed and scaled to length 1. */
async function smoothed(data: Dataset): Promise<Dataset> {
  const all = new Float32Array(data.samples * 784)
  const classes = new Uint32Array(data.samples)
  let at = 0
  for await (const { x, t } of datasets.batches(data, { batchSize: BATCH })) {
    const pixels = x.data as ArrayLike<number>
    for (let from = 0; from < pixels.length; from += 784, at++) {
      const image = all.subarray(at * 784, (at + 1) * 784)
      for (let i = 0; i < 784; i++) image[i] = pixels[from + i]!
      for (let pass = 0; pass < SMOOTHINGS; pass++) smooth(image)
      const length = Math.hypot(...image)
      for (let i = 0; i < 784; i++) image[i]! /= length
      classes[at] = (t as Uint32Array)[from / 784]!
    }
  }
  return datasets.fromArrays({ data: all, shape: [data.samples, 784] }, classes)
}

/** The row of the table: σ is chosen with few centers, then the machine has `most`. */
export async function nystromRow(
  sets: { train: Dataset; selection: Dataset; test: Dataset },
  most: number,
  seed: number,
  say: (text: string) => void,
) {
  const [train, selection, test] = await Promise.all([sets.train, sets.selection, sets.test].map(smoothed))
  const fit = async (sigma: number, centers: number) => {
    const options = { inputs: 784, classes: 10, lambda: 1e-7, centers: Math.min(centers, train!.samples) }
    const machine = nystrom({ ...options, kernel: kernels.rbf({ sigma }) })
    const started = performance.now()
    await machine.fit(train!, { seed, progress: true })
    const seconds = (performance.now() - started) / 1000
    return { machine, seconds, sigma, error: 1 - (await machine.evaluate(selection!)).accuracy! }
  }
  let best: { sigma: number; error: number } | undefined
  for (const sigma of WIDTHS) {
    const { machine, error } = await fit(sigma, Math.min(FEW, most))
    machine.dispose()
    say(`Nyström kernel machine, σ ${sigma}: ${(100 * error).toFixed(2)} % of the selection wrong`)
    if (!best || error < best.error) best = { sigma, error }
  }
  const { machine, seconds, error: selectionError } = await fit(best!.sigma, most)
  const error = 1 - (await machine.evaluate(test!)).accuracy!
  const { alphas } = await machine.parameters()
  machine.dispose()
  for (const set of [train, selection, test]) set!.dispose()
  return {
    name: 'Nyström kernel machine',
    error,
    published: null,
    selectionError,
    parameters: alphas.length,
    chosen: `σ ${best!.sigma}, ${alphas.length / 10} centers, smoothed images`,
    epoch: undefined,
    seconds,
  }
}
