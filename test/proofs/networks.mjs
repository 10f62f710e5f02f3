// Networks of layers drawn at random, against PyTorch: outputs, losses, gradients and running statistics, in both artifacts, by
// both back ends of each, on 1 to 33 threads; and the weights after two epochs of `fit`.
// npm run proof -- networks PYTHON [MINUTES] [FIRST SEED]
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { trainingDifference } from '../helpers/drawnTraining.mjs'
import { withSelftest } from '../helpers/selftestPool.mjs'

const [python = 'python3', minutes = '10', first = '0'] = process.argv.slice(2)
const script = new URL('../fixtures/drawn_networks.py', import.meta.url).pathname
const BATCH = 50

/** PyTorch's results for the networks of some seeds. */
async function drawn(kind, seed) {
  const { stdout } = await promisify(execFile)(python, [script, kind, `${seed}`, `${BATCH}`], {
    maxBuffer: 2 ** 30,
  })
  return JSON.parse(stdout)
}
const both = (seed) => Promise.all([drawn('passes', seed), drawn('trainings', seed)])

const result = { passes: 0, trainings: 0, illConditioned: 0, layers: {}, failures: [] }
const check = (name, why) => {
  if (why === '') return
  result.failures.push(`${name}: ${why}`)
  console.error(result.failures.at(-1))
}
const limit = performance.now() + 60_000 * Number(minutes)
await withSelftest('simd128-checked', 32, (checked) =>
  withSelftest('relaxed-selftest', 32, async (relaxed) => {
    let seed = Number(first)
    // PyTorch computes the next ones meanwhile.
    let next = both(seed)
    while (performance.now() < limit) {
      const [passes, trainings] = await next
      seed += BATCH
      next = both(seed)
      for (const one of passes.cases) {
        const fixture = JSON.stringify([one])
        check('simd128', checked.selftestFixtures(fixture))
        check('relaxed', relaxed.selftestFixtures(fixture))
        for (const { type } of one.spec.layers) result.layers[type] = (result.layers[type] ?? 0) + 1
      }
      for (const one of trainings.cases) check(one.name, await trainingDifference(one))
      result.passes += passes.cases.length
      result.trainings += trainings.cases.length
      result.illConditioned += passes.left
      process.stderr.write(`${result.passes} passes, ${result.trainings} trainings\n`)
    }
    await next
  }),
)
const ok = result.failures.length === 0
console.log(JSON.stringify({ ok, ...result }))
process.exit(ok ? 0 : 1)
