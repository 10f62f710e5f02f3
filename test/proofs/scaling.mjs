// npm run proof -- scaling [ROUNDS]: what sharing a training costs on this machine, with Open MPI. LeNet-5 on MNIST with minibatches of
// 512, by one rank with two threads and by two ranks with one, in turns; and sums of shared vectors, as long as LeNet-5's gradient and as
// AlexNet's, in the order of the tree and in that of MPI_Allreduce. The machine should be quiet: ranks that wait use their cores.
import { join } from 'node:path'
import { openMpi, runRanks } from '../helpers/ranks.ts'

const rounds = Number(process.argv[2] ?? 5)
const mpi = openMpi()
if (!mpi) throw new Error('there is no Open MPI: npm run setup')

/** The objects that a program in so many ranks prints. */
function run(ranks, ...program) {
  const { code, results, stderr } = runRanks(mpi, ranks, program, {}, 600_000)
  if (code !== 0) throw new Error(`mpirun ended with ${code}: ${stderr}`)
  return results
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1]
const train = (ranks, threads) => {
  const example = join('packages', 'examples', 'distributed', 'main.ts')
  const [result] = run(ranks, example, '--json', '--batch=512', '--epochs=3', `--threads=${threads}`)
  console.error(`${ranks} ranks of ${threads} threads: ${Math.round(result.samplesPerSecond)} images/s`)
  return result
}
const turns = Array.from({ length: rounds }, () => ({ shared: train(2, 1), alone: train(1, 2) }))
const hashes = new Set(turns.flatMap(({ shared, alone }) => [shared.weightsSha256, alone.weightsSha256]))
const ratios = turns.map(({ shared, alone }) => shared.samplesPerSecond / alone.samplesPerSecond)
const sums = ['ordered', 'fast'].flatMap((reduce) =>
  run(2, join('test', 'helpers', 'reductionTimes.mjs'), reduce),
)
for (const { reduce, floats, microseconds } of sums)
  console.error(`${floats} floats, ${reduce}: ${microseconds} µs`)
const ratio = Math.round(1000 * median(ratios)) / 1000
console.log(JSON.stringify({ rounds, ratio, ratios, sameWeights: hashes.size === 1, sums }))
// The same bits, and at least 0.85 of the speed.
process.exitCode = hashes.size === 1 && ratio >= 0.85 ? 0 : 1
