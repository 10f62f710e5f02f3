// A program that ranks run alike: a small network with dropout on 403 images, in minibatches of 64. Its argument is JSON:
// `shards`, `epochs`, `checkpoint` (a path to save to and resume from), `optimizer`, `accumulate`, `reduce`, `timeoutMs`, `normalize`
// (by batches), `huge` (a sample whose values are too large to be added up), `says` (the step in which rank 0 says that it trains),
// `odd` (what differs on rank 1), and `fail`: what `rank` does in step `at`, or at the end of `epoch` (`kill`, `throw`, `exit`, `hang`,
// `stop`), or `late`: it never comes. Each rank prints a line `{ rank, size, sha256, steps, losses, stopReason, testAccuracy }`;
// one that is refused, with `odd`, `{ rank, error }`.
import { createHash } from 'node:crypto'
import {
  adam,
  batchNorm,
  conv2d,
  datasets,
  dense,
  dropout,
  flatten,
  init,
  maxPool2d,
  network,
  sgd,
} from 'hebb'
import { distributed } from 'hebb/distributed'

const {
  shards = 8,
  epochs = 1,
  checkpoint,
  optimizer = 'sgd',
  odd,
  fail,
  says,
  ...given
} = JSON.parse(process.argv[2] ?? '{}')
const {
  accumulate = 1,
  reduce = 'ordered',
  timeoutMs = 60_000,
  samples = 403,
  normalize = false,
  huge,
} = given

await init({ threads: 1 })
const { OMPI_COMM_WORLD_RANK, PMI_RANK } = process.env
if (fail?.how === 'late' && Number(OMPI_COMM_WORLD_RANK ?? PMI_RANK) === fail.rank)
  await new Promise((resolve) => setTimeout(resolve, 300_000))
const ranks = await distributed({ shards, reduce, timeoutMs })
const differs = (name) => odd === name && ranks.rank === 1

const count = differs('samples') ? samples - 1 : samples
const t = Uint32Array.from({ length: count }, (_, i) => (i * i) % 10)
const data = Uint8Array.from({ length: count * 144 }, (_, i) => {
  const sample = Math.floor(i / 144)
  return (((i * 7919) % 251) + 40 * ((i + t[sample]) % 10 === 0)) % 256
})
const pixels = huge === undefined ? data : Float32Array.from(data).fill(3e38, 144 * huge, 144 * (huge + 1))
const train = await datasets.fromArrays({ shape: [count, 1, 12, 12], data: pixels }, t)
const net = await network(
  [1, 12, 12],
  [
    conv2d({ filters: 8, kernel: 3, activation: 'relu' }),
    ...(normalize ? [batchNorm()] : []),
    maxPool2d({ kernel: 2 }),
    flatten(),
    dropout({ rate: 0.3 }),
    dense({ units: differs('layout') ? 33 : 32, activation: 'tanh' }),
    ...(normalize ? [batchNorm()] : []),
    dense({ units: 10, activation: 'softmax' }),
  ],
  { seed: 7 },
)

const failures = {
  kill: () => process.kill(process.pid, 'SIGKILL'),
  throw: () => {
    throw Error('a rank failed')
  },
  exit: () => process.exit(fail.code),
  hang: () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0),
  stop: () => run.stop(),
}
let step = 0
const run = net.fit(train, {
  epochs,
  batchSize: 64,
  seed: differs('seed') ? 4 : 3,
  accumulate,
  optimizer: optimizer === 'adam' ? adam() : sgd({ learningRate: 0.05, momentum: 0.9 }),
  distributed: ranks,
  ...(checkpoint && { checkpoint: { path: checkpoint, every: { batches: 3 } }, resume: true }),
  onBatch: () => {
    if (++step === says && ranks.rank === 0) console.error('rank 0 trains')
    if (step === fail?.at && ranks.rank === fail.rank) failures[fail.how]()
  },
  onEpochEnd: ({ epoch }) => {
    if (epoch === fail?.epoch && ranks.rank === fail.rank) failures[fail.how]()
  },
})
const history = await run.catch(async (error) => {
  if (!odd) throw error
  console.log(JSON.stringify({ rank: ranks.rank, error: error.message }))
  await ranks.close()
  process.exit()
})
const { accuracy } = await net.evaluate(train)
const weights = Object.values(await net.weights())
const hash = createHash('sha256')
for (const { data: values } of weights)
  hash.update(Buffer.from(values.buffer, values.byteOffset, values.byteLength))
console.log(
  JSON.stringify({
    rank: ranks.rank,
    size: ranks.size,
    sha256: hash.digest('hex'),
    steps: history.optimizer.steps,
    losses: history.epochs.map(({ loss }) => loss),
    stopReason: history.stopReason,
    testAccuracy: accuracy,
  }),
)
