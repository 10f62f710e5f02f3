// npm run bench -- [SUITE…] [options]: measures suites and compares Hebb with its rivals.
import { parseArgs } from 'node:util'
import { compare, FULL, QUICK, startAll } from './harness/compare.ts'
import { competitors, ENGINES } from './harness/engines.ts'
import * as results from './harness/results.ts'
import { regressions, verdicts } from './harness/targets.ts'
import { regressionLine, table, verdictLine } from './report/text.ts'
import { writeReport } from './report/write.ts'
import { OWN, SUITES } from './suites/index.ts'
import type { Case, Suite } from './suites/suite.ts'

const NAMES = [...Object.keys(SUITES), ...Object.keys(OWN)]
const USAGE = `npm run bench -- [SUITE…] [options]
  suites           ${NAMES.join(', ')}; all unless said
  --engines a,b    only these of ${ENGINES.join(', ')}
  --threads 1,2    how many threads those have that can choose; with --quick 2 unless said
  --case a,b       only cases of these names, or with these in their names
  --rounds N       rounds of a run, ${FULL.rounds} unless said
  --quick          all within three minutes: few cases, few and short rounds
  --save           adds the run to this machine's folder in bench/results and writes tables and charts
  --check          exit code 1 where a ratio is worse than this machine's in bench/results
  --json           one JSON object on stdout, nothing else
`

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    engines: { type: 'string', default: ENGINES.join(',') },
    threads: { type: 'string' },
    case: { type: 'string', default: '' },
    rounds: { type: 'string' },
    quick: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const suites = positionals.length > 0 ? positionals : options.quick ? Object.keys(SUITES) : NAMES
const engines = options.engines.split(',')
const threads = (options.threads ?? (options.quick ? '2' : '1,2')).split(',').map(Number)
const pace = options.quick ? QUICK : FULL
if (options.rounds) pace.rounds = Number(options.rounds)

const unknown = [
  ...suites.filter((name) => !NAMES.includes(name)),
  ...engines.filter((e) => !ENGINES.includes(e)),
]
if (options.help || unknown.length > 0 || !threads.every((n) => n >= 1) || !(pace.rounds >= 1)) {
  if (unknown.length > 0) process.stderr.write(`bench: there is no ${unknown.join(', no ')}\n\n`)
  process.stderr.write(USAGE)
  process.exit(options.help ? 0 : 1)
}

const terminal = process.stderr.isTTY
const progress = (text: string) => process.stderr.write(terminal ? `\r\x1b[K${text}` : `${text}\n`)
const say = (text: string) => {
  if (terminal) process.stderr.write('\r\x1b[K')
  if (!options.json) console.log(text)
}

/** The cases that were asked for: with exactly this name, or else with it in their names. */
function chosen({ cases }: Suite): readonly Case[] {
  const pool = cases.filter(({ quick }) => quick || !options.quick)
  return pool.filter(({ name }) =>
    options.case
      .split(',')
      .some((text) => (pool.some((one) => one.name === text) ? name === text : name.includes(text))),
  )
}

const answer = { machine: results.machine(), results: [] as results.Row[], missing: [] as results.Missing[] }
let worse = 0

for (const name of suites.filter((name) => name in OWN)) {
  const report = await OWN[name]!({ threads: Math.max(...threads), quick: options.quick })
  answer.results.push(...report.results)
  say(`\n${name}\n${report.lines.join('\n')}`)
  const whole = { machine: answer.machine, date: new Date().toISOString(), ...report }
  if (options.save) results.keep(answer.machine, name, JSON.stringify(whole, null, 2))
}

const compared = suites.filter((name) => name in SUITES).map((name) => SUITES[name]!)
if (compared.length > 0) {
  const wanted = engines.filter((name) => compared.some(({ only }) => only?.(name) ?? true))
  const started = await startAll(competitors(wanted, threads), progress)
  for (const suite of compared) {
    const cases = chosen(suite)
    if (cases.length === 0) continue
    const now = await compare(
      suite,
      cases.map((c) => c.name),
      started,
      pace,
      progress,
    )
    const before = results.read(suite.name)
    const lost = before ? regressions(before, now) : []
    worse += lost.length
    for (const one of cases) answer.results.push(...results.rows(suite.name, one, now.cases[one.name]![0]!))
    answer.missing.push(...now.missing)
    say(`\n${table(suite, now)}`)
    for (const verdict of verdicts(now)) say(verdictLine(verdict))
    for (const one of lost) say(regressionLine(one))
    const { kept, disturbed } = results.undisturbed(now)
    if (disturbed.length > 0)
      say(`Others kept the machine busy meanwhile, so these are not saved: ${disturbed.join(', ')}`)
    if (options.save) results.write(results.merge(before, kept))
  }
  for (const engine of started.engines.values()) engine.end()
}
if (options.save) writeReport()
if (options.json) console.log(JSON.stringify(answer))
process.exit(options.check && worse > 0 ? 1 : 0)
