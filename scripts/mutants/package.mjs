// Mutants of the package: tsup bundles the sources with all of them once; vitest runs the tests that reach a mutant with
// its switch on.
import { readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { root, say } from '../shell.mjs'
import { bundle, dist, folder, instrument } from './instrument.mjs'
import { Runner } from './process.mjs'
import { drawn } from './sample.mjs'

/** Excluded tests: they start programs, check the published package, or train for minutes. */
const OTHERS = [
  ...['browser', 'hostile', 'package', 'repository'].map((folder) => `${folder}/**`),
  ...['determinism', 'engine', 'selftest'].map((name) => `engine/${name}.test.ts`),
  ...['programs', 'types'].map((name) => `${name}.test.ts`),
]

/** Time limit for a mutant's tests: only the shortest run within it. A survivor may be one that the others would kill. */
const MOST_MS = 15_000

/** Which tests reach each mutant and how often, from one run of all tests without a mutant. */
async function coverage(runner) {
  const record = join(folder, 'coverage.jsonl')
  rmSync(record, { force: true })
  const { tests } = (await runner.ask({ record }, 3600)) ?? { tests: [] }
  if (tests.length === 0) throw new Error('the tests did not run without a mutant')
  for (const { name } of tests.filter(({ failed }) => failed)) say(`fails without a mutant: ${name}`)
  const known = new Map(tests.map((test) => [`${test.file} ${test.name}`, test]))
  const reached = new Map()
  const always = new Set()
  for (const line of readFileSync(record, 'utf8').trim().split('\n')) {
    const { file, static: fixed, perTest } = JSON.parse(line)
    for (const id of Object.keys(fixed)) always.add(id)
    for (const [name, hits] of Object.entries(perTest)) {
      const test = known.get(`${file} ${name}`)
      if (!test?.usable) continue
      for (const [id, count] of Object.entries(hits)) {
        const all = reached.get(id) ?? { tests: new Set(), hits: 0 }
        all.tests.add(test)
        all.hits += count
        reached.set(id, all)
      }
    }
  }
  return { tests, reached, always }
}

/** The tests to run for a mutant, by file, the shortest file first, within the time limit. */
function plan(tests) {
  const files = new Map()
  let total = 0
  for (const test of [...tests].sort((a, b) => a.milliseconds - b.milliseconds)) {
    if (total > 0 && total + test.milliseconds > MOST_MS) break
    total += test.milliseconds
    const file = files.get(test.file) ?? { names: [], milliseconds: 0 }
    file.names.push(test.name)
    file.milliseconds += test.milliseconds
    files.set(test.file, file)
  }
  const sorted = [...files].sort(([, a], [, b]) => a.milliseconds - b.milliseconds)
  return { tests: sorted.map(([file, { names }]) => [file, names]), milliseconds: total }
}

/** Tries mutants, each with the tests that reach it. */
class Trial {
  #runner
  #tests
  /** Tests that failed with a mutant, and pass without one when run with the same other tests. */
  #trusted = new Set()

  constructor(runner, tests) {
    this.#runner = runner
    this.#tests = tests
  }

  /** The result of the tests for a mutant that all of them together reach `hits` times. */
  async of(id, tests, hits) {
    for (;;) {
      const { tests: planned, milliseconds } = plan([...tests].filter(({ usable }) => usable))
      if (planned.length === 0) return { status: 'unreached' }
      const request = { mutant: id, hitLimit: 100 * hits + 10_000, tests: planned }
      const answer = await this.#runner.ask(request, 30 + milliseconds / 100)
      if (!answer) return { status: 'hangs' }
      if (!answer.file) return { status: 'survived' }
      const killer = `${relative(root, answer.file)}: ${answer.name}`
      // A timeout may be due to a busy machine.
      if (this.#trusted.has(killer) && !answer.late) return { status: 'killed', killer }
      const company = planned.filter(([file]) => file === answer.file)
      const alone = await this.#runner.ask({ tests: company }, 600)
      if (alone && !alone.file) {
        this.#trusted.add(killer)
        return { status: 'killed', killer }
      }
      say(`fails without a mutant, and is left out: ${killer}`)
      for (const test of this.#tests) {
        const fails = test.file === answer.file && (!alone?.name || test.name === alone.name)
        if (fails) test.usable = false
      }
    }
  }
}

/** Tries the mutants of some files of the package; calls `tell` for each. */
export async function tryPackage(files, { share, seed }, tell) {
  const { contents, mutants } = await instrument(files)
  bundle(contents)
  const chosen = drawn(mutants, share, seed)
  say(`${mutants.length} mutants of the package, ${chosen.length} drawn; running the tests without one`)
  const runner = new Runner({ dist, exclude: OTHERS.map((name) => `test/${name}`) })
  try {
    const { tests, reached, always } = await coverage(runner)
    const trial = new Trial(runner, tests)
    const testsOf = (id) => reached.get(id)?.tests ?? new Set()
    for (const mutant of chosen) {
      // Code that runs at module load has no tests of its own: use those of the rest of its file.
      const near = mutants.filter(
        ({ id, file }) => id === mutant.id || (always.has(mutant.id) && file === mutant.file),
      )
      const own = new Set(near.flatMap(({ id }) => [...testsOf(id)]))
      tell({ ...mutant, ...(await trial.of(mutant.id, own, reached.get(mutant.id)?.hits ?? 0)) })
    }
  } finally {
    runner.end()
  }
}
