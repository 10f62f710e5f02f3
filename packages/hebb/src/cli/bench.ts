import { type Dataset, datasets, dense, init, type Network, network } from 'hebb'
import { lenet5 } from 'hebb/zoo'
import { type Report, rows } from './report'

/** Each network trains for so many seconds. */
const SECONDS = 1
const BATCH = 128
const SAMPLES = 4 * BATCH
const WIDTH = 1024

/** How fast this machine trains: two wide dense layers, which are products of matrices, and LeNet-5. */
export async function bench(): Promise<Report> {
  const { threads, simd } = await init()
  const units = () => dense({ units: WIDTH, activation: 'relu' })
  const wide = await network([WIDTH], [units(), units(), dense({ units: 10, activation: 'softmax' })])
  const lenet = await lenet5()
  const first = { dense: WIDTH * WIDTH, lenet5: 28 * 28 * 6 * 25 }
  const results = {
    dense: await measure(wide, await random([WIDTH]), first.dense),
    lenet5: await measure(lenet, await random([1, 28, 28]), first.lenet5),
  }
  const line = ({ samplesPerSecond, gflops }: Rate) =>
    `${samplesPerSecond.toFixed(0)} samples/s, ${gflops.toFixed(1)} GFLOP/s`
  return {
    json: { threads, simd, batch: BATCH, ...results },
    text: rows({
      threads,
      vectors: simd,
      [`dense ${WIDTH} × ${WIDTH}`]: line(results.dense),
      'LeNet-5': line(results.lenet5),
    }),
  }
}

interface Rate {
  samplesPerSecond: number
  gflops: number
}

/** The fastest of the epochs. Of the first layer no gradient for its input is computed. */
async function measure(net: Network, data: Dataset, firstMacs: number): Promise<Rate> {
  let best = 0
  const end = performance.now() + 1000 * SECONDS
  do {
    const { epochs } = await net.fit(data, { batchSize: BATCH, optimizer: 'sgd' })
    best = Math.max(best, epochs[0]!.samplesPerSecond)
  } while (performance.now() < end)
  const flops = 2 * (3 * net.multiplyAdds - firstMacs)
  return { samplesPerSecond: best, gflops: (best * flops) / 1e9 }
}

/** Samples without meaning, of ten classes. */
function random(shape: number[]): Promise<Dataset> {
  const size = shape.reduce((a, b) => a * b)
  const data = Float32Array.from({ length: SAMPLES * size }, (_, i) => ((i * 7919) % 1009) / 1009)
  return datasets.fromArrays(
    { data, shape: [SAMPLES, ...shape] },
    Uint32Array.from({ length: SAMPLES }, (_, i) => i % 10),
  )
}
