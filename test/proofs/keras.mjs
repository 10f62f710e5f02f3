// Networks of Keras, written as .keras and .h5, against what Keras computes.
// npm run proof -- keras [PYTHON with keras, torch and h5py]
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { differenceOf } from '../helpers/kerasCase.mjs'

const folder = mkdtempSync(join(tmpdir(), 'hebb-keras-'))
try {
  const script = new URL('../fixtures/keras/networks.py', import.meta.url).pathname
  execFileSync(process.argv[2] ?? process.env.HEBB_BENCH_PYTHON ?? 'python3', [script, folder], {
    stdio: ['ignore', 'inherit', 'ignore'],
  })
  const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'))
  let most = 0
  for (const [name, values] of Object.entries(expected))
    for (const kind of ['keras', 'h5']) {
      const difference = await differenceOf(join(folder, `${name}.${kind}`), values)
      most = Math.max(most, difference)
      console.log(`${name}.${kind}: ${difference.toExponential(1)}`)
      if (!(difference < 1e-5)) throw new Error(`${name}.${kind} differs by ${difference}`)
    }
  console.log(JSON.stringify({ ok: true, networks: Object.keys(expected).length, largestDifference: most }))
} finally {
  rmSync(folder, { recursive: true })
}
