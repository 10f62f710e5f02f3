// All tests: cargo natively, vitest in Node, vitest in Chromium. The last line has the total counts.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium, firefox } from './browsers.mjs'
import { build } from './build.mjs'
import { sanitize } from './sanitize.mjs'
import { node, root, say } from './shell.mjs'

/** Runs every test, with `sanitizers` some of the core's under them too; prints the counts, returns whether all passed. */
export async function test({ sanitizers = false } = {}) {
  await build({ tests: true, selftest: true, checked: true })
  const results = [cargo(), vitest('node'), vitest('chromium')]
  if (sanitizers)
    results.push({ name: 'sanitizers', ...sanitize({ short: true, ways: ['address', 'thread'] }) })
  const sum = (key) => results.reduce((total, one) => total + one[key], 0)
  for (const { name, passed, failed } of results) say(`${name}: ${passed} passed, ${failed} failed`)
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`)
  return sum('failed') === 0
}

function cargo() {
  say('testing the core natively')
  const done = spawnSync('cargo', ['test', '--workspace', '--features', 'hebb/selftest'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 2],
    maxBuffer: 1 << 28,
  })
  process.stderr.write(done.stdout)
  return count(
    'cargo',
    done.status,
    [...done.stdout.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed/gm)].map((m) => [
      Number(m[1]),
      Number(m[2]),
    ]),
  )
}

/** After this many minutes a runner counts as failed: a hanging thread must not lose the other results. */
const LIMIT = 30

function vitest(project) {
  say(`testing the package in ${project}`)
  const report = join(mkdtempSync(join(tmpdir(), 'hebb-')), 'report.json')
  const args = [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]
  const done = spawnSync(node(), args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, CHROMIUM: chromium(), FIREFOX: firefox() },
    timeout: LIMIT * 60_000,
    killSignal: 'SIGKILL',
  })
  let counts = []
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'))
    counts = [[numPassedTests, numFailedTests]]
  } catch {
    say(
      `vitest left no report for ${project}${done.signal ? `: it had not ended after ${LIMIT} minutes` : ''}`,
    )
  }
  return count(project, done.status, counts)
}

/** A runner that failed without a failed test, or ran no test, counts as one failure. */
function count(name, status, counts) {
  const passed = counts.reduce((sum, [n]) => sum + n, 0)
  const failed = counts.reduce((sum, [, n]) => sum + n, 0)
  return { name, passed, failed: failed === 0 && (status !== 0 || passed === 0) ? 1 : failed }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = (await test()) ? 0 : 1
