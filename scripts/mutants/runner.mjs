// A process that keeps one vitest and runs tests against the instrumented package on messages of its parent:
// { record } runs all tests and writes to that file which mutants each reaches; { mutant, hitLimit, tests } runs the named
// tests with that mutant, file by file, until one fails.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createVitest } from 'vitest/node'
import { root } from '../shell.mjs'

const { dist, exclude } = JSON.parse(process.argv[2])
const vitest = await createVitest(
  'test',
  {
    root,
    config: false,
    watch: false,
    include: ['test/**/*.test.ts'],
    exclude,
    setupFiles: [join(import.meta.dirname, 'record.mjs')],
    reporters: [{}],
    onConsoleLog: () => false,
    fileParallelism: false,
    bail: 0,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    server: { deps: { external: [/\/target\/mutants\/work\//] } },
  },
  { resolve: { alias: { hebb: join(dist, 'index.js') } }, logLevel: 'silent' },
)
const project = vitest.getRootProject()
const files = (await vitest.globTestSpecifications()).map(({ moduleId }) => moduleId)

/** A test's name in the form that patterns are matched against. */
const nameOf = (test) => test.fullName.replaceAll(' > ', ' ')

const escaped = (text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

/** Runs some tests of each file, or all; returns their results. */
async function run(tests, mutants) {
  vitest.provide('mutants', mutants)
  // Results of an earlier run would be mistaken for those of this one.
  vitest.state.filesMap.clear()
  const specifications = tests.map(([file, names]) =>
    project.createSpecification(
      file,
      names ? { testNamePattern: new RegExp(`^(?:${names.map(escaped).join('|')})$`) } : undefined,
    ),
  )
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications)
  return {
    done: testModules.flatMap((module) =>
      [...module.children.allTests()].map((test) => [module.moduleId, test]),
    ),
    broken: unhandledErrors.length + testModules.filter((module) => module.errors().length > 0).length,
  }
}

/** The titles of a file's tests that measure time: on a busy machine they fail without a mutant too. */
function timed(file) {
  const [, ...tests] = readFileSync(file, 'utf8').split(/^ *test(?:\.each\([\s\S]*?\))?\(/m)
  const measuring = tests.filter((text) => /performance\.now\(\) -|cpuUsage/.test(text))
  return measuring.map((text) => /(['"`])(.*?)\1/.exec(text)?.[2])
}

/** Describes a failure of one test or of a whole file. */
function told(file, test) {
  const late = test?.result().errors.some(({ message }) => message.includes('timed out in'))
  return { file, name: test && nameOf(test), late }
}

const requests = {
  async record({ record }) {
    const { done, broken } = await run(
      files.map((file) => [file]),
      { record },
    )
    const skipped = new Map(files.map((file) => [file, timed(file)]))
    const tests = done.map(([file, test]) => ({
      file,
      name: nameOf(test),
      usable: test.result().state === 'passed' && !skipped.get(file).includes(test.name),
      failed: test.result().state === 'failed',
      milliseconds: test.diagnostic()?.duration ?? 0,
    }))
    return { tests, broken }
  },

  async mutant({ tests, ...mutants }) {
    for (const one of tests) {
      const { done, broken } = await run([one], mutants)
      const failed = done.find(([, test]) => test.result().state === 'failed')
      if (failed || broken > 0) return told(one[0], failed?.[1])
    }
    return {}
  },
}

process.on('message', async (request) => {
  process.send(await (request.record ? requests.record(request) : requests.mutant(request)))
})
process.send('ready')
