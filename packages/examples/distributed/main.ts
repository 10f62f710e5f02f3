// LeNet-5 learns MNIST in several processes, which MPI connects: on this machine with `--ranks 2`, on others by a launcher,
// `mpirun -np 4 --bind-to none --hostfile hosts node packages/examples/distributed/main.ts`. The weights are the same bits for any
// number of ranks. With `--checkpoint run.safetensors` a job that ended early goes on, with another number of ranks too.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { parseArgs } from 'node:util'
import { averagePool2d, conv2d, datasets, dense, flatten, init, network, sgd, standardize } from 'hebb'
import { distributed } from 'hebb/distributed'

const { values } = parseArgs({
  options: {
    ranks: { type: 'string' },
    threads: { type: 'string' },
    launcher: { type: 'string', default: 'mpirun' },
    epochs: { type: 'string', default: '1' },
    samples: { type: 'string' },
    batch: { type: 'string', default: '64' },
    shards: { type: 'string', default: '8' },
    reduce: { type: 'string', default: 'ordered' },
    checkpoint: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})

if (values.ranks) {
  const { ranks, launcher, ...others } = values
  // Open MPI's own options: MPICH binds no rank, and starts as many as it is asked for.
  const open = spawnSync(launcher, ['--version'], { encoding: 'utf8' }).stdout?.includes('Open MPI')
  const more = open ? ['--allow-run-as-root', '--oversubscribe', '--bind-to', 'none'] : []
  const given = Object.entries(others).map(([name, value]) =>
    value === true ? `--${name}` : `--${name}=${value}`,
  )
  const args = [
    ...more,
    '-np',
    ranks,
    process.execPath,
    import.meta.filename,
    ...given.filter((one) => !one.endsWith('=false')),
  ]
  const { status, error } = spawnSync(launcher, args, { stdio: 'inherit' })
  if (error)
    console.error(`${launcher} could not be started: install Open MPI (Debian: openmpi-bin libopenmpi3)`)
  process.exit(status ?? 1)
}

if (values.threads) await init({ threads: Number(values.threads) })
const ranks = await distributed({
  shards: Number(values.shards),
  reduce: values.reduce as 'ordered' | 'fast',
})
const { train: all, test } = await datasets.mnist()
const count = Number(values.samples ?? all.samples)
const train = await all.subset(Uint32Array.from({ length: count }, (_, i) => i))
const net = await network(
  [1, 28, 28],
  [
    standardize({ mean: 0.1307, deviation: 0.3081 }),
    conv2d({ filters: 6, kernel: 5, padding: 2, activation: 'tanh' }),
    averagePool2d({ kernel: 2 }),
    conv2d({ filters: 16, kernel: 5, activation: 'tanh' }),
    averagePool2d({ kernel: 2 }),
    flatten(),
    dense({ units: 120, activation: 'tanh' }),
    dense({ units: 84, activation: 'tanh' }),
    dense({ units: 10, activation: 'softmax' }),
  ],
  { seed: 1 },
)
const history = await net.fit(train, {
  epochs: Number(values.epochs),
  batchSize: Number(values.batch),
  seed: 1,
  optimizer: sgd({ learningRate: 0.02, momentum: 0.9 }),
  distributed: ranks,
  progress: !values.json,
  ...(values.checkpoint && {
    checkpoint: { path: values.checkpoint, every: { batches: 20 } },
    resume: true,
  }),
})

// Each rank has the same weights, and could do this alone.
const { accuracy } = await net.evaluate(test)
const hash = createHash('sha256')
for (const { data } of Object.values(await net.weights())) {
  hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
}
if (ranks.rank === 0) {
  const { samplesPerSecond } = history.epochs.at(-1)!
  const weightsSha256 = hash.digest('hex')
  const steps = history.optimizer.steps
  if (values.json) {
    console.log(
      JSON.stringify({ ranks: ranks.size, steps, testAccuracy: accuracy, samplesPerSecond, weightsSha256 }),
    )
  } else {
    console.log(`${ranks.size} ranks, ${steps} steps, ${Math.round(samplesPerSecond)} samples/s`)
    console.log(`accuracy on the test images: ${accuracy}`)
    console.log(`SHA-256 of the weights: ${weightsSha256}`)
  }
}
await ranks.close()
