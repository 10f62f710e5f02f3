// npm run proof -- distributed [MPICH]: trainings in several processes. LeNet-5 on MNIST has the same bits for 1, 2, 3, 4 and 8 ranks,
// with Open MPI, and with MPICH, whose folder is given, by its own interface and by the standard ABI. A rank that is killed, throws,
// exits or hangs ends the job with an error, and it goes on from its checkpoint to the bits of an uninterrupted run, on another
// number of ranks. Two network namespaces are two hosts; when their link goes down both ends say so.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { canHaveHosts, withHosts } from '../helpers/hosts.ts'
import { commandOf, mpich, openMpi, runRanks, sharedTraining } from '../helpers/ranks.ts'
import { root } from '../helpers/root.ts'

const [folderOfMpich] = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'hebb-proof-'))
const openmpi = openMpi()
if (!openmpi) throw new Error('there is no Open MPI: npm run setup')
const launchers = { openmpi, ...(folderOfMpich && mpich(folderOfMpich)) }

const run = (launcher, ranks, program, limit = 600_000) => runRanks(launcher, ranks, program, {}, limit)
/** This proof's trainings: others may run on this machine. */
const shared = (options) => sharedTraining({ ...options, proof: folder })
const left = () =>
  execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
    .split('\n')
    .filter(
      (line) => line.startsWith(process.execPath) && line.includes('sharedTraining') && line.includes(folder),
    )
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

const failures = []
const check = (what, right, more = '') => {
  console.error(`${right ? 'right' : 'WRONG'}: ${what} ${more}`)
  if (!right) failures.push(what)
}

const example = join('packages', 'examples', 'distributed', 'main.ts')
const lenet = [example, '--json', '--samples=6407', '--batch=128', '--epochs=1', '--threads=1']

/** The bits of LeNet-5, of a network with dropout, and with accumulation, for any number of ranks. */
function bits() {
  const expected = run(undefined, 1, lenet).results[0]
  const small = [{ normalize: true }, { optimizer: 'adam', accumulate: 2 }]
    .map((more) => ({ epochs: 8, ...more }))
    .map((options) => ({
      options,
      expected: run(undefined, 1, shared(options)).results[0],
    }))
  for (const [name, launcher] of Object.entries(launchers)) {
    for (const ranks of [1, 2, 3, 4, 8]) {
      const [found] = run(launcher, ranks, lenet).results
      const same =
        found?.weightsSha256 === expected.weightsSha256 && found.testAccuracy === expected.testAccuracy
      check(`LeNet-5, ${ranks} ranks, ${name}`, same && found.steps >= 50, found?.samplesPerSecond)
      for (const { options, expected } of small) {
        const { results } = run(launcher, ranks, shared(options))
        const all = results.length === ranks && results.every(({ sha256 }) => sha256 === expected.sha256)
        check(`dropout ${JSON.stringify(options)}, ${ranks} ranks, ${name}`, all && expected.steps >= 28)
      }
    }
  }
  return expected.weightsSha256
}

/** How jobs end when a rank does, and that they go on. */
async function ends() {
  const whole = run(undefined, 1, shared({ epochs: 3 })).results[0]
  const ways = [
    { how: 'kill' },
    { how: 'throw' },
    { how: 'exit', code: 0 },
    { how: 'exit', code: 3 },
    { how: 'hang' },
    { how: 'late' },
  ]
  const timeoutMs = 5000
  for (const [name, launcher] of Object.entries(launchers)) {
    for (const [i, way] of ways.entries()) {
      for (const rank of [0, 1]) {
        const checkpoint = join(folder, `${name}-${i}-${rank}.safetensors`)
        const options = { epochs: 3, checkpoint, timeoutMs }
        const ended = run(launcher, 2, shared({ ...options, fail: { ...way, rank, at: 9 } }), 60_000)
        const what = `${JSON.stringify(way)} of rank ${rank}, ${name}`
        const limit = ['hang', 'late'].includes(way.how) ? timeoutMs / 1000 + 5 : 10
        check(
          `${what} ends the job`,
          ended.code !== 0 && ended.results.length === 0,
          `${ended.code}, ${ended.seconds.toFixed(1)} s`,
        )
        check(`${what} in time`, ended.seconds < limit + 3, ended.seconds.toFixed(1))
        // The launcher ends before the last rank is gone.
        await wait(2000)
        check(`${what} leaves no process`, left().length === 0, left().join())
        if (way.how === 'hang') check(`${what} is named`, ended.stderr.includes(`rank ${rank} has not come`))
        const again = run(launcher, 3, shared({ ...options, timeoutMs: 60_000 }))
        check(
          `${what}: it goes on`,
          again.results.length === 3 && again.results.every(({ sha256 }) => sha256 === whole.sha256),
        )
      }
    }
  }
}

/** Two hosts train to the same bits, and when the link between them goes down both ends say so. */
async function hosts() {
  const alone = run(undefined, 1, lenet).results[0]
  await withHosts(openmpi, async (hosts) => {
    const done = run(hosts.launcher, 2, lenet)
    const [found] = done.results
    check('LeNet-5 on two hosts', found?.weightsSha256 === alone.weightsSha256, done.stderr.slice(-500))
    const endless = shared({ epochs: 1_000_000, timeoutMs: 5000, says: 20 })
    const [command, ...args] = commandOf(hosts.launcher, 2, endless)
    const cut = spawn(command, args, { cwd: root })
    let said = ''
    for (const stream of [cut.stdout, cut.stderr]) {
      stream.on('data', (text) => {
        said += text
      })
    }
    // A start by TCP may take long: a rank says when it trains.
    const start = performance.now()
    while (!said.includes('trains') && performance.now() - start < 120_000) await wait(200)
    check(
      'two hosts train',
      hosts.programs() === 2,
      `after ${((performance.now() - start) / 1000).toFixed(1)} s`,
    )
    hosts.cut()
    const from = performance.now()
    while (hosts.programs() > 0 && performance.now() - from < 30_000) await wait(200)
    const seconds = (performance.now() - from) / 1000
    check(
      'a link that is down ends both ranks',
      hosts.programs() === 0 && seconds < 10 + 3,
      `${seconds.toFixed(1)} s: ${said.match(/waited.*/)?.[0]}`,
    )
    cut.kill('SIGKILL')
  })
}

const sha256 = bits()
await ends()
if (canHaveHosts) await hosts()
else console.error('left out: two hosts need root and ip')
rmSync(folder, { recursive: true })
console.log(JSON.stringify({ failures, sha256, launchers: Object.keys(launchers) }))
process.exitCode = failures.length === 0 ? 0 : 1
