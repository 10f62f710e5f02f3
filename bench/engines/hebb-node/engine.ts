// Hebb in Node as an engine of the benchmark: a line of JSON in, a line of JSON out.
import { createInterface } from 'node:readline'
import {
  averagePool2d,
  conv2d,
  datasets,
  dense,
  flatten,
  init,
  maxPool2d,
  type Network,
  network,
  type Simd,
  sgd,
} from 'hebb'

const [, , from, threads, simd] = process.argv
await init({ threads: Number(threads), simd: simd as Simd })
const { train } = await datasets.mnist({ from: from! })

async function lenet(variant: string): Promise<Network> {
  const activation = variant === 'tanh' ? 'tanh' : 'relu'
  const pool = variant === 'tanh' ? averagePool2d : maxPool2d
  return network(
    [1, 28, 28],
    [
      conv2d({ filters: 6, kernel: 5, padding: 2, activation }),
      pool({ kernel: 2 }),
      conv2d({ filters: 16, kernel: 5, activation }),
      pool({ kernel: 2 }),
      flatten(),
      dense({ units: 120, activation }),
      dense({ units: 84, activation }),
      dense({ units: 10, activation: 'softmax' }),
    ],
    { seed: 1 },
  )
}

const nets = new Map<string, Network>()
for await (const line of createInterface({ input: process.stdin })) {
  const { batch, variant, seconds } = JSON.parse(line)
  const net = nets.get(variant) ?? (await lenet(variant))
  nets.set(variant, net)
  const start = performance.now()
  let done = 0
  let loss = 0
  const run = net.fit(train, {
    epochs: 1000,
    batchSize: batch,
    optimizer: sgd({ learningRate: 0.01, momentum: 0.9 }),
    onBatch: (progress) => {
      done = (progress.epoch - 1) * train.samples + progress.samples
      loss = progress.loss
      if (performance.now() - start >= seconds * 1000) run.stop()
    },
  })
  await run
  console.log(JSON.stringify({ perSecond: (done / (performance.now() - start)) * 1000, loss }))
}
