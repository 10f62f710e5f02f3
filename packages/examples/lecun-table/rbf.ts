// The row "1000 RBF + linear": centers by k-means, a tenth of them of each class, and least squares to the classes.
import { type Dataset, datasets, kMeans, type Network, rbfNetwork } from 'hebb'

const say = (text: string) => process.stderr.write(`${text}\n`)
const percent = (part: number) => `${(100 * part).toFixed(2)} %`

/** The samples of each class as a data set of its own. */
async function byClass(data: Dataset, classes: number): Promise<Dataset[]> {
  const numbers: number[][] = Array.from({ length: classes }, () => [])
  let first = 0
  for await (const { t } of datasets.batches(data, { batchSize: 1024, shuffle: false })) {
    for (const label of t as Uint32Array) numbers[label]!.push(first++)
  }
  return Promise.all(numbers.map((own) => data.subset(own)))
}

/** Chosen on `selection` among some widths, with the centers of all classes together and of each by itself. */
export async function rbfRow(train: Dataset, selection: Dataset, test: Dataset, seed: number) {
  const units = Math.min(1000, 10 * Math.floor(train.samples / 100))
  const search = { seed, iterations: 10 }
  let started = performance.now()
  const seconds = () => {
    const now = performance.now()
    const gone = (now - started) / 1000
    started = now
    return `${gone.toFixed(1)} s`
  }
  const all = (await kMeans(train, { clusters: units, ...search })).centers
  say(`1000 RBF + linear: ${units} centers of all images in ${seconds()}`)
  const each: Float64Array[] = []
  for (const own of await byClass(train, 10)) {
    each.push((await kMeans(own, { clusters: units / 10, ...search })).centers.data)
    own.dispose()
  }
  say(`1000 RBF + linear: ${units} centers, ${units / 10} of each digit, in ${seconds()}`)
  const features = all.data.length / units
  const data = new Float64Array(units * features)
  each.forEach((centers, digit) => {
    data.set(centers, (digit * units * features) / 10)
  })
  const candidates = [
    { note: 'centers of all digits, σ = distance to 5 nearest', centers: all, widths: { nearest: 5 } },
    { note: 'centers of all digits, σ = 5', centers: all, widths: 5 },
    ...[0.8, 1].map((factor) => ({
      note: `centers of each digit, σ = ${factor} × distance to 5 nearest`,
      centers: { data, shape: all.shape },
      widths: { nearest: 5, factor },
    })),
  ]
  let best: { net: Network; note: string; error: number } | undefined
  for (const { note, ...options } of candidates) {
    seconds()
    const net = await rbfNetwork(train, { units, ...options })
    const time = seconds()
    const error = 1 - (await net.evaluate(selection)).accuracy!
    say(`1000 RBF + linear, ${note}: ${percent(error)} of the selection wrong, solved in ${time}`)
    if (!best || error < best.error) {
      best?.net.dispose()
      best = { net, note, error }
    } else net.dispose()
  }
  const { net, note, error: selectionError } = best!
  const error = 1 - (await net.evaluate(test)).accuracy!
  const row = { name: '1000 RBF + linear', error, published: 0.036, selectionError }
  const made = { ...row, parameters: net.parameters, chosen: note, epoch: undefined }
  net.dispose()
  return made
}
