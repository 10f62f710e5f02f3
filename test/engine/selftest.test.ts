// The kernels' own tests, and the networks and optimizers of PyTorch's fixtures, in the artifacts, on 1 to 33 threads.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runSelftest } from '../helpers/artifact'
import { root } from '../helpers/root'
import { withSelftest } from '../helpers/selftestPool.mjs'

const fixtureFolder = join(root, 'test/fixtures')
const fixtures = readdirSync(fixtureFolder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => readFileSync(join(fixtureFolder, name), 'utf8'))

test.each(['simd128-selftest', 'relaxed-selftest', 'simd128-checked'])(
  '%s: every kernel equals its twin, every network PyTorch',
  async (variant) => {
    expect(fixtures.length).toBeGreaterThan(0)
    expect(await withSelftest(variant, 32, (selftest) => runSelftest(selftest, fixtures))).toEqual([])
  },
)
