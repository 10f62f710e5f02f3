// A training that goes on from its checkpoint, as often as it is started: node trainToTheEnd.mjs FILE THREADS. Prints the SHA-256
// of the weights at its end. It saves after every second minibatch, so that a good part of its time it writes.
import { createHash } from 'node:crypto'
import { adam, batchNorm, datasets, dense, dropout, init, network } from 'hebb'

const [path, threads] = process.argv.slice(2)
await init({ threads: Number(threads) })
const x = Array.from({ length: 300 }, (_, i) => Array.from({ length: 16 }, (_, j) => Math.sin(i * (j + 1))))
const data = await datasets.fromArrays(
  x,
  x.map(([a, b, c]) => (a * b > 0 ? 1 : 0) + (c > 0 ? 1 : 0)),
)
const hidden = () => dense({ units: 256, activation: 'relu' })
const layers = [
  hidden(),
  batchNorm(),
  dropout({ rate: 0.2 }),
  hidden(),
  dense({ units: 3, activation: 'softmax' }),
]
const net = await network([16], layers, { seed: 1 })
await net.fit(data, {
  epochs: 8,
  batchSize: 16,
  selection: 0.2,
  patience: 5,
  seed: 2,
  optimizer: adam(),
  ...(path && { checkpoint: { path, every: { batches: 2 }, keep: 1 }, resume: true }),
})
const hash = createHash('sha256')
for (const { data } of Object.values(await net.weights())) hash.update(new Uint8Array(data.buffer))
console.log(hash.digest('hex'))
