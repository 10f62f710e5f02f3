// Mutants of the core, by cargo-mutants: it rebuilds the core's tests for each, in a copy of the workspace.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fail, output, root, run, say } from '../shell.mjs'
import { drawn } from './sample.mjs'

const VERSION = '27.1.0'
const tools = join(root, 'target', 'tools')
const folder = join(root, 'target', 'mutants')

/** The core is not optimised: a build then takes a second. Its kernels, which no mutant changes, are. */
const env = {
  ...process.env,
  PATH: `${join(tools, 'bin')}:${process.env.PATH}`,
  CARGO_TARGET_DIR: join(folder, 'cargo'),
  CARGO_INCREMENTAL: '1',
  CARGO_PROFILE_TEST_OPT_LEVEL: '0',
  CARGO_PROFILE_TEST_DEBUG: '0',
}
const KERNELS = ['--config', 'profile.test.package.hebb-kernels.opt-level=2']
/** Tests of other files that take long. */
const SKIPPED = ['every_kernel', 'simd::', 'scalar_kernels', 'accuracy', 'hopfield::']

const STATUS = { CaughtMutant: 'killed', MissedMutant: 'survived', Timeout: 'hangs' }

/** A mutant in the form of the package's mutants; `span` counts from 1. */
function described({ name, file, span: { start, end }, replacement, genre }) {
  const lines = readFileSync(join(root, file), 'utf8')
    .split('\n')
    .slice(start.line - 1, end.line)
  lines.push(lines.pop().slice(0, end.column - 1))
  lines[0] = lines[0].slice(start.column - 1)
  return { name, file, line: start.line, mutator: genre, original: lines.join('\n'), replacement }
}

/** Tries the mutants of some files of the core; calls `tell` for each, except those that do not compile. */
export async function tryCore(files, { share, seed }, tell) {
  if (!output(join(tools, 'bin', 'cargo-mutants'), ['mutants', '--version'])?.endsWith(VERSION)) {
    say(`building cargo-mutants ${VERSION} (some minutes, once)`)
    run('cargo', ['install', '--quiet', '--locked', 'cargo-mutants', '--version', VERSION, '--root', tools])
  }
  mkdirSync(folder, { recursive: true })
  const where = ['mutants', '--package', 'hebb', ...files.flatMap((file) => ['--file', file])]
  const list = output('cargo', [...where, '--list', '--json'], { env, maxBuffer: 1 << 28 })
  if (list === undefined) fail('cargo-mutants could not list the mutants')
  const mutants = JSON.parse(list).map(described)
  const chosen = drawn(mutants, share, seed)
  say(`${mutants.length} mutants of the core, ${chosen.length} drawn`)
  if (chosen.length === 0) return
  const only = chosen.flatMap(({ name }) => ['--re', `^${name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}$`])
  const how = ['--no-shuffle', '--jobs', '1', '--minimum-test-timeout', '60', '--output', folder]
  how.push(...KERNELS.map((argument) => `--cargo-arg=${argument}`))
  const tests = ['--', '--lib', '--', ...SKIPPED.flatMap((name) => ['--skip', name])]
  spawnSync('cargo', [...where, ...only, ...how, ...tests], { cwd: root, env, stdio: ['ignore', 2, 2] })
  const { outcomes } = JSON.parse(readFileSync(join(folder, 'mutants.out', 'outcomes.json'), 'utf8'))
  const known = new Map(chosen.map((mutant) => [mutant.name, mutant]))
  for (const { scenario, summary } of outcomes) {
    if (scenario === 'Baseline' && summary !== 'Success') fail('the tests fail without a mutant')
    const { name: _, ...mutant } = known.get(scenario.Mutant?.name) ?? {}
    if (mutant.file && STATUS[summary]) tell({ ...mutant, status: STATUS[summary] })
  }
}
