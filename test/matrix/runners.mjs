// Runners of tests, whose modules lie in contexts or workers of their own.
import { readFileSync } from 'node:fs'
import { app } from './app.mjs'

const JEST = '30.5.2'
const VITEST = '4.1.12'
const FLAG = '--experimental-vm-modules'

/** A test that leaves its result in a file. */
const test = (head) => `${head}
import { writeFileSync } from 'node:fs'
import { check } from './program.mjs'
test('trains', async () => writeFileSync('result.json', JSON.stringify(await check())), 60_000)`

function jest() {
  const files = {
    'check.test.mjs': test("import { test } from '@jest/globals'"),
    'jest.config.mjs': "export default { testMatch: ['**/*.test.mjs'], transform: {} }",
  }
  const { at, bin, run } = app('jest', { packages: { jest: JEST }, files })
  run(process.execPath, [FLAG, bin('jest')])
  return JSON.parse(readFileSync(at('result.json'), 'utf8'))
}

const vitest = (pool) => () => {
  const files = { 'check.test.mjs': test("import { test } from 'vitest'") }
  const { at, bin, run } = app('vitest', { packages: { vitest: VITEST }, files })
  run(process.execPath, [bin('vitest'), 'run', '--pool', pool])
  return JSON.parse(readFileSync(at('result.json'), 'utf8'))
}

export const runners = [
  ...['forks', 'threads'].map((pool) => ({
    name: `Vitest, ${pool}`,
    version: VITEST,
    threads: 2,
    run: vitest(pool),
  })),
  { name: 'Jest', version: JEST, threads: 2, run: jest, needed: `node ${FLAG}` },
]
