// npm run proof -- distributed [MPICH]: trainings in several processes. LeNet-5 on MNIST has the same bits for 1, 2, 3, 4 and 8 ranks,
// with Open MPI, and with MPICH, whose folder is given, by its own interface and by the standard ABI. A rank that is killed, throws,
// exits or hangs ends the job with an error, and it goes on from its checkpoint to the bits of an uninterrupted run, on another
// number of ranks. Two network namespaces are two hosts; when their link goes down both ends say so.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../helpers/root.ts'

const [mpich] = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'hebb-proof-'))
const bare = ['--allow-run-as-root', '--oversubscribe', '--bind-to', 'none']
const launchers = { openmpi: { command: 'mpirun', args: bare, env: {} } }
if (mpich) {
  const command = join(mpich, 'bin', 'mpirun')
  launchers.mpich = { command, args: [], env: {} }
  launchers.abi = { command, args: [], env: { HEBB_MPI_LIB: join(mpich, 'lib', 'libmpi_abi.so.1') } }
}

/** Runs a program in so many ranks; without a launcher in one process. */
function run(launcher, ranks, program, limit = 600_000) {
  const node = [process.execPath, ...program]
  const [command, ...args] = launcher
    ? [launcher.command, ...launcher.args, '-np', `${ranks}`, ...node]
    : node
  const from = performance.now()
  const done = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    timeout: limit,
    killSignal: 'SIGKILL',
    env: { ...process.env, ...launcher?.env },
  })
  const lines = done.stdout.split('\n').filter((line) => line.startsWith('{'))
  return {
    code: done.status ?? done.signal,
    results: lines.map((line) => JSON.parse(line)),
    stderr: done.stderr,
    seconds: (performance.now() - from) / 1000,
  }
}

const failures = []
const check = (what, right, more = '') => {
  console.error(`${right ? 'right' : 'WRONG'}: ${what} ${more}`)
  if (!right) failures.push(what)
}

const example = join('packages', 'examples', 'distributed', 'main.ts')
const lenet = [example, '--json', '--samples=6407', '--batch=128', '--epochs=1', '--threads=1']
const shared = (options) => [join('test', 'helpers', 'sharedTraining.mjs'), JSON.stringify(options)]
const left = () =>
  execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => /^\S*node \S*sharedTraining/.test(line))

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
  ]
  const timeoutMs = 5000
  for (const [name, launcher] of Object.entries(launchers)) {
    for (const [i, way] of ways.entries()) {
      for (const rank of [0, 1]) {
        const checkpoint = join(folder, `${name}-${i}-${rank}.safetensors`)
        const options = { epochs: 3, checkpoint, timeoutMs }
        const ended = run(launcher, 2, shared({ ...options, fail: { ...way, rank, at: 9 } }), 60_000)
        const what = `${JSON.stringify(way)} of rank ${rank}, ${name}`
        const limit = way.how === 'hang' ? timeoutMs / 1000 + 5 : 10
        check(
          `${what} ends the job`,
          ended.code !== 0 && ended.results.length === 0,
          `${ended.code}, ${ended.seconds.toFixed(1)} s`,
        )
        check(`${what} in time`, ended.seconds < limit + 3, ended.seconds.toFixed(1))
        // The launcher ends before the last rank is gone.
        await new Promise((resolve) => setTimeout(resolve, 2000))
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

const ip = (...args) => execFileSync('ip', args)

/** Two hosts: namespaces with a link between them, in which `mpirun` starts its ranks by a shell in the other namespace. */
async function hosts() {
  const names = ['hebb0', 'hebb1']
  try {
    for (const name of names) ip('netns', 'add', name)
    ip('link', 'add', 'veth0', 'netns', 'hebb0', 'type', 'veth', 'peer', 'name', 'veth1', 'netns', 'hebb1')
    for (const [i, name] of names.entries()) {
      ip('-n', name, 'addr', 'add', `10.77.0.${i + 1}/24`, 'dev', `veth${i}`)
      ip('-n', name, 'link', 'set', `veth${i}`, 'up')
      ip('-n', name, 'link', 'set', 'lo', 'up')
    }
    const network = [
      '--mca',
      'btl',
      'tcp,self',
      '--mca',
      'btl_tcp_if_include',
      '10.77.0.0/24',
      '--mca',
      'oob_tcp_if_include',
      '10.77.0.0/24',
    ]
    const agent = ['--mca', 'plm_rsh_agent', join(root, 'test', 'helpers', 'namespace.sh')]
    const job = (program) => [
      'netns',
      'exec',
      'hebb0',
      'mpirun',
      ...bare,
      ...network,
      ...agent,
      '--host',
      '10.77.0.1:1,10.77.0.2:1',
      '-np',
      '2',
      process.execPath,
      ...program,
    ]
    const done = spawnSync('ip', job(lenet), { cwd: root, encoding: 'utf8', timeout: 300_000 })
    const line = done.stdout.split('\n').find((text) => text.startsWith('{'))
    const alone = run(undefined, 1, lenet).results[0]
    check(
      'LeNet-5 on two hosts',
      line !== undefined && JSON.parse(line).weightsSha256 === alone.weightsSha256,
      line ?? done.stderr.slice(-500),
    )
    const cut = spawn('ip', job(shared({ epochs: 2000, timeoutMs: 5000 })), { cwd: root })
    let said = ''
    cut.stderr.on('data', (text) => {
      said += text
    })
    await new Promise((resolve) => setTimeout(resolve, 8000))
    check('two hosts train', left().length >= 2)
    ip('-n', 'hebb1', 'link', 'set', 'veth1', 'down')
    const from = performance.now()
    while (left().length > 0 && performance.now() - from < 30_000)
      await new Promise((resolve) => setTimeout(resolve, 200))
    const seconds = (performance.now() - from) / 1000
    check(
      'a link that is down ends both ranks',
      left().length === 0 && seconds < 10 + 3,
      `${seconds.toFixed(1)} s: ${said.match(/waited.*/)?.[0]}`,
    )
    cut.kill('SIGKILL')
  } finally {
    for (const name of names) spawnSync('ip', ['netns', 'del', name])
  }
}

const sha256 = bits()
await ends()
if (process.getuid?.() === 0 && existsSync('/usr/sbin/ip')) await hosts()
else console.error('left out: two hosts need root and ip')
rmSync(folder, { recursive: true })
console.log(JSON.stringify({ failures, sha256, launchers: Object.keys(launchers) }))
process.exitCode = failures.length === 0 ? 0 : 1
