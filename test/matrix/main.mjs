// The matrix: all rows, or those whose names contain one of the arguments, in which case the tables stay as they are. Its last
// line on stdout is its result, one JSON object.
import { BROWSERS } from './browsers.mjs'
import { bundlers } from './bundlers.mjs'
import { next } from './next.mjs'
import { pages } from './pages.mjs'
import { runtimes } from './runtimes.mjs'
import { write } from './table.mjs'
import { compilers, wrongTypes } from './types.mjs'

/** The bits of the outputs where multiplications and additions are rounded apart, and, by relaxed-simd, where they are fused. */
const BITS = { apart: '70d93e00', fused: '5563cf00' }

/** What is wrong with a result; undefined if nothing is. */
function wrong({ error, message, answers, accuracy, threads, simd, bits }, row) {
  if (error) return `${error}: ${message}`
  if (answers !== '0 1 1 0' || accuracy !== 1) return `learned ${answers} and ${accuracy}`
  if (threads !== row.threads) return `${threads} threads instead of ${row.threads}`
  if (bits !== BITS.apart && !(simd === 'relaxed' && bits === BITS.fused)) return `other bits: ${bits}`
}

/** Tries a row; the result has the number of threads, or what is wrong. */
async function attempt(row, tools) {
  try {
    const result = await row.run(tools)
    const failure = wrong(result, row)
    if (failure) return { failure }
    if (row.bare) {
      const { error, message = '' } = await row.bare(tools)
      if (error !== 'engine' || !message.includes(row.remedy))
        return { failure: `without ${row.remedy}: ${error} ${message}` }
    }
    return { threads: result.threads }
  } catch (error) {
    return { failure: error.message || String(error) }
  }
}

const wanted = process.argv.slice(2).map((word) => word.toLowerCase())
const isWanted = ({ name }) => wanted.length === 0 || wanted.some((word) => name.toLowerCase().includes(word))
const needed = Object.keys(BROWSERS).filter((name) => name === 'Chromium' || pages.some(isWanted))
const opened = {}
for (const name of needed) opened[name] = await BROWSERS[name]()
const results = []
let failures = 0
async function cell(row, browser, tools) {
  const from = performance.now()
  const result = await attempt(row, tools)
  const seconds = Math.round((performance.now() - from) / 1000)
  if (result.failure) failures++
  console.error(`${result.failure ?? 'right'}: ${row.name}${browser && `, ${browser}`} (${seconds} s)`)
  return result
}
/** Reports what has no result but its failure. */
function report(name, failure) {
  if (failure) failures++
  console.error(`${failure ?? 'right'}: ${name}`)
  return failure
}
for (const row of [...runtimes, ...bundlers, ...next].filter(isWanted))
  results.push({ ...row, ...(await cell(row, '', { chromium: opened.Chromium })) })
const inBrowsers = []
for (const row of pages.filter(isWanted)) {
  const cells = {}
  for (const [name, browser] of Object.entries(opened)) {
    const threads = row.threads[name] ?? row.threads
    cells[name] = await cell({ ...row, threads }, name, { browser })
  }
  inBrowsers.push({ ...row, cells })
}
const versions = Object.fromEntries(Object.entries(opened).map(([name, { version }]) => [name, version]))
for (const browser of Object.values(opened)) await browser.close()
const typed = []
for (const row of compilers.filter(isWanted)) typed.push({ ...row, failure: report(row.name, row.compile()) })
if (isWanted({ name: 'types' })) report('types', wrongTypes())
const count = (list) => list.filter(({ name }) => results.some((row) => row.name === name)).length
if (wanted.length === 0)
  write({
    runtimes: results.slice(0, count(runtimes)),
    bundlers: results.slice(count(runtimes)),
    pages: inBrowsers,
    typed,
    versions,
  })
console.log(
  JSON.stringify({
    passed: failures === 0,
    failures,
    cells: results.length + 3 * inBrowsers.length + typed.length,
    versions,
  }),
)
process.exitCode = failures === 0 ? 0 : 1
