// Hebb in Node as an engine of the benchmark: a line of JSON in, a line of JSON out.
import { createInterface } from 'node:readline'
import { datasets, init, type Network, type Simd, sgd } from 'hebb'
import { lenet } from './lenet.ts'

const [, , from, threads, simd] = process.argv
await init({ threads: Number(threads), simd: simd as Simd })
const { train } = await datasets.mnist({ from: from! })

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
