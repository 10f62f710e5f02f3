// The stored form of a measurement: the rate of every round, from which everything else is computed. There is a folder per
// kind of machine, because ratios differ between them, with a file per suite. It keeps the last three runs of each case: a
// target is met if two of three runs meet it.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { arch, availableParallelism, cpus } from 'node:os'
import { join } from 'node:path'
import type { Case } from '../suites/suite.ts'
import { type Competitor, parts } from './engines.ts'
import { DISTURBED } from './load.ts'
import { median } from './statistics.ts'

export const RESULTS = join(import.meta.dirname, '..', 'results')
const KEPT = 3

export interface Run {
  date: string
  /** Cores that other processes kept busy meanwhile, if known. */
  load?: number | undefined
  rates: Record<Competitor, number[]>
}

export interface Results {
  suite: string
  machine: Machine
  /** The version of each engine. */
  versions: Record<string, string>
  /** Each case's runs, the last run last. */
  cases: Record<string, Run[]>
  missing: Missing[]
}

export interface Missing {
  engine: string
  /** Undefined: all cases. */
  case?: string
  reason: string
}

export interface Machine {
  cpu: string
  cores: number
  arch: string
  node: string
}

export function machine(): Machine {
  return { cpu: processor(), cores: availableParallelism(), arch: arch(), node: process.version }
}

/** The CPU model, and on Linux what determines the speed of native code: the family and its widest vectors. */
function processor(): string {
  const model = cpus()[0]!.model.trim()
  let text = ''
  try {
    text = readFileSync('/proc/cpuinfo', 'utf8')
  } catch {}
  const [, family] = /^cpu family\s*: (\d+)/m.exec(text) ?? []
  const flags = /^flags\s*: (.*)/m.exec(text)?.[1]?.split(' ') ?? []
  const vectors = flags.includes('avx512f') ? 'AVX-512' : flags.includes('avx2') ? 'AVX2' : 'no AVX2'
  return family ? `${model} family ${family}, ${vectors}` : model
}

/** The name of a machine's folder. */
export const folder = ({ cpu, cores }: Machine): string =>
  `${cpu} ${cores} cores`.toLowerCase().replace(/[^a-z0-9]+/g, '-')

/** The folders of all machines. */
export const machines = (): string[] =>
  readdirSync(RESULTS, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))

/** The committed results of a suite, from the folder of this machine or of another one. */
export function read(suite: string, from: string = folder(machine())): Results | undefined {
  const path = join(RESULTS, from, `${suite}.json`)
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined
}

export function write(results: Results): void {
  // Lists of rates on one line each: a thousand lines instead of twenty thousand.
  const text = JSON.stringify(results, null, 1).replace(/\[[\d\s.,e+-]+\]/g, (list) =>
    list.replace(/\s+/g, ' '),
  )
  keep(results.machine, results.suite, text)
}

/** Writes a suite's file into a machine's folder. */
export function keep(machine: Machine, suite: string, text: string): void {
  const into = join(RESULTS, folder(machine))
  mkdirSync(into, { recursive: true })
  writeFileSync(join(into, `${suite}.json`), `${text}\n`)
}

/** The results without the cases that other processes disturbed, and the names of those. */
export function undisturbed(results: Results): { kept: Results; disturbed: string[] } {
  const entries = Object.entries(results.cases)
  const good = entries.filter(([, runs]) => runs.every(({ load = 0 }) => load <= DISTURBED))
  const disturbed = entries.filter((entry) => !good.includes(entry)).map(([name]) => name)
  return { kept: { ...results, cases: Object.fromEntries(good) }, disturbed }
}

/** Adds new results of a machine to old ones; the last runs of each case are kept. */
export function merge(old: Results | undefined, now: Results): Results {
  if (!old) return now
  const cases = { ...old.cases }
  for (const [name, runs] of Object.entries(now.cases)) {
    cases[name] = [...(cases[name] ?? []), ...runs].slice(-KEPT)
  }
  const again = new Set(now.missing.map(({ engine, case: name }) => `${engine} ${name}`))
  const measured = (gap: Missing) => (gap.case ? gap.case in now.cases : gap.engine in now.versions)
  const missing = old.missing.filter((gap) => !again.has(`${gap.engine} ${gap.case}`) && !measured(gap))
  return {
    ...now,
    versions: { ...old.versions, ...now.versions },
    cases,
    missing: [...missing, ...now.missing],
  }
}

/** The rates of a case's competitors, each from the last run that it took part in. */
export const latest = (runs: readonly Run[]): Run['rates'] =>
  Object.assign({}, ...runs.map(({ rates }) => rates))

/** When results were last added: the day, or with a larger `length` the time too. */
export const measuredOn = ({ cases }: Results, length = 10): string =>
  Object.values(cases)
    .flatMap((runs) => runs.map(({ date }) => date.slice(0, length)))
    .sort()
    .at(-1) ?? 'never'

/** A rate with its significant digits. */
export const rounded = (rate: number): number => Number(rate.toPrecision(5))

export interface Row {
  suite: string
  case: string
  engine: string
  threads: number
  medianMs: number
  minMs: number
  maxMs: number
  perSecond?: number
  gflops?: number
}

/** A run of a case as rows, for `--json`. */
export function rows(suite: string, { name, work, flops }: Case, run: Run): Row[] {
  const amount = 'batch' in work && work.kind !== 'conv' ? work.batch : 1
  return Object.entries(run.rates).map(([competitor, rates]) => {
    const ms = (rate: number) => (1000 * amount) / rate
    const rate = median(rates)
    return {
      suite,
      case: name,
      ...parts(competitor),
      medianMs: ms(rate),
      minMs: ms(Math.max(...rates)),
      maxMs: ms(Math.min(...rates)),
      ...(flops ? { gflops: (rate * flops) / 1e9 } : { perSecond: rate }),
    }
  })
}
