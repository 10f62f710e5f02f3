// [FILES…] [--share 0.05] [--seed 1] [--json]: tries mutants of these files or folders, by default those of `USUAL`. A mutant
// is a small mistake in the code; if no test fails, the tests have missed it. Slow, therefore not part of CI.
import { appendFileSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { fail, files, root, say } from '../shell.mjs'
import { tryCore } from './core.mjs'
import { tryPackage } from './package.mjs'

/** The files to try if none are named. */
const USUAL = [
  ...['training', 'data', 'interop', 'optimizers'].map((name) => `packages/hebb/src/${name}`),
  ...['metrics', 'evaluate', 'save', 'load'].map((name) => `packages/hebb/src/network/${name}.ts`),
  ...['fit', 'updates', 'progress', 'gradient_change'].map((name) => `crates/hebb/src/training/${name}.rs`),
  'crates/hebb/src/metrics.rs',
  'crates/hebb/src/runtime/update.rs',
  'crates/hebb/src/optimizers',
  'crates/hebb/src/data',
]

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    share: { type: 'string', default: '0.05' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
})
const [share, seed] = [Number(options.share), Number(options.seed)]
if (!(share > 0 && share <= 1))
  fail('--share is the part of all mutants that is tried, above 0 and at most 1')
if (!Number.isSafeInteger(seed) || seed < 0) fail('--seed is a whole number, at least 0')
const wanted = (positionals.length > 0 ? positionals : USUAL).flatMap((path) => {
  const file = resolve(root, path)
  if (!existsSync(file)) fail(`there is no file ${path}`)
  return files(file)
})

const results = []
// Append each result as it comes, so that an interrupted run leaves a sample too.
const log = join(root, 'target', 'mutants', 'results.jsonl')
mkdirSync(dirname(log), { recursive: true })
rmSync(log, { force: true })
const tell = (mutant) => {
  results.push(mutant)
  if (results.length % 50 === 0) say(`${results.length} mutants tried`)
  appendFileSync(log, `${JSON.stringify(mutant)}\n`)
  if (options.json || mutant.status === 'killed' || mutant.status === 'hangs') return
  const { file, line, mutator, original, replacement, status } = mutant
  const short = (text) => text.replace(/\s+/g, ' ').slice(0, 100)
  console.log(`${status} ${file}:${line} ${mutator}: ${short(original)} → ${short(replacement)}`)
}
const typescript = wanted.filter((file) => file.endsWith('.ts'))
const rust = wanted.filter((file) => file.endsWith('.rs') && !/\/tests?(\.rs$|\/)/.test(file))
if (typescript.length > 0) await tryPackage(typescript, { share, seed }, tell)
if (rust.length > 0)
  await tryCore(
    rust.map((file) => relative(root, file)),
    { share, seed },
    tell,
  )

const count = (...statuses) => results.filter(({ status }) => statuses.includes(status)).length
const killed = count('killed', 'hangs')
const score = results.length > 0 ? killed / results.length : 1
if (options.json) console.log(JSON.stringify({ share, seed, score, mutants: results }))
else {
  console.log(
    `${results.length} mutants: ${killed} killed, ${count('survived')} survived, ${count('unreached')} reached by no test; score ${(100 * score).toFixed(1)} %`,
  )
}
