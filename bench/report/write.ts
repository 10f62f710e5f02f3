// All files generated from the results: a report with charts for each machine, bench/results/README.md for all machines,
// and the head of the README.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Machine, machines, measuredOn, RESULTS, type Results, read } from '../harness/results.ts'
import { TARGETS, verdicts } from '../harness/targets.ts'
import { OWN, SUITES } from '../suites/index.ts'
import type { Suite } from '../suites/suite.ts'
import { chart } from './chart.ts'
import { headline, withHeadline } from './headline.ts'
import { roofline } from './roofline.ts'
import { overviewTable, table, verdictTable } from './text.ts'

const README = join(import.meta.dirname, '..', '..', 'README.md')

const ROOFLINE =
  "Each kernel's GFLOP/s and GB/s, operands read and results written once, as parts of what the machine can do: independent multiply–adds, and a sum over 128 MiB."

const MISSING = [
  '- netsaur, which is for Deno: npm and PyPI do not have it, and `npm run bench` installs rivals from nowhere else.',
  '- jax-js takes no part in AlexNet, of which it computes an image in 7 s.',
].join('\n')

/** The suites with results of a machine. */
function measured(machine: string): { suite: Suite; results: Results }[] {
  return Object.values(SUITES).flatMap((suite) => {
    const results = read(suite.name, machine)
    return results ? [{ suite, results }] : []
  })
}

/** The targets on all machines, as Markdown. */
export function overview(): string {
  const all = machines().map((machine) => {
    const results = measured(machine).map(({ results }) => results)
    const [first] = results
    if (!first) throw new Error(`bench/results/${machine} has no results`)
    const link = `[${first.machine.cpu}, ${first.machine.cores} cores](${machine}/README.md)`
    return { link, verdicts: TARGETS.map((target) => results.flatMap((one) => verdicts(one, [target]))) }
  })
  return [
    '# Results',
    'Written by `npm run bench -- --save`, which keeps a folder for each kind of machine: what native rivals make of it differs.',
    '## Targets',
    'Median of the ratios of paired rounds to the fastest rival, of each of the last three runs. A target holds when two of them meet it.',
    overviewTable(
      TARGETS,
      all.map(({ link }) => link),
      all.map(({ verdicts }) => verdicts),
    ),
    '## Rivals that are missing',
    MISSING,
  ]
    .join('\n\n')
    .concat('\n')
}

/** The machine with the latest results. */
export function lastMachine(): string | undefined {
  const last = (machine: string) => measured(machine).map(({ results }) => measuredOn(results, 19))
  const all = machines().map((machine) => ({ machine, at: last(machine).sort().at(-1) ?? '' }))
  return all.sort((a, b) => (a.at < b.at ? 1 : -1))[0]?.machine
}

/** A machine's report as Markdown. */
export function report(machine: string): string {
  const found = measured(machine)
  const folder = join(RESULTS, machine)
  const [first] = found
  const sections = found.flatMap(({ suite, results }) => [
    `## ${suite.name}`,
    place(results.machine, measuredOn(results)),
    table(suite, results),
    `![${suite.name}](${suite.name}.svg)`,
  ])
  const roof = roofline(read('peak', machine), found)
  const own = Object.keys(OWN).filter((name) => existsSync(join(folder, `${name}.json`)))
  return [
    `# Results: ${first?.results.machine.cpu}, ${first?.results.machine.cores} cores`,
    'Written by `npm run bench -- --save` from the files beside it, which hold the rate of every round.',
    '## Targets',
    'Median of the ratios of paired rounds. A target holds when two of the last three runs meet it.',
    verdictTable(found.flatMap(({ results }) => verdicts(results))),
    ...sections,
    ...(roof ? ['## Roofline', ROOFLINE, roof] : []),
    ...own.flatMap((name) => [`## ${name}`, ownSection(join(folder, `${name}.json`))]),
    '## Versions',
    versions(found.map(({ results }) => results)),
  ]
    .join('\n\n')
    .concat('\n')
}

function place({ cpu, cores, arch, node }: Machine, date: string): string {
  return `${cpu} (${arch}, ${cores} cores), Node ${node}, ${date}.`
}

/** The output of a suite that measures Hebb alone. */
function ownSection(file: string): string {
  const { machine, date, lines } = JSON.parse(readFileSync(file, 'utf8'))
  return [place(machine, date.slice(0, 10)), ['```', ...lines, '```'].join('\n')].join('\n\n')
}

function versions(all: readonly Results[]): string {
  const each = Object.entries(Object.assign({}, ...all.map((results) => results.versions)))
  return each.map(([engine, version]) => `- ${engine}: ${version}`).join('\n')
}

/** Every generated file, by path. */
function files(): Map<string, string> {
  const all = new Map<string, string>()
  for (const machine of machines()) {
    const folder = join(RESULTS, machine)
    all.set(join(folder, 'README.md'), report(machine))
    for (const { suite, results } of measured(machine)) {
      all.set(join(folder, `${suite.name}.svg`), chart(suite, results))
    }
  }
  all.set(join(RESULTS, 'README.md'), overview())
  const last = lastMachine()
  const head = headline((suite) => read(suite, last))
  all.set(README, withHeadline(readFileSync(README, 'utf8'), head))
  return all
}

/** Writes all generated files. */
export function writeReport(): void {
  for (const [path, text] of files()) writeFileSync(path, text)
}

/** The files that differ from what the results give. */
function stale(): string[] {
  return [...files()].flatMap(([path, text]) =>
    existsSync(path) && readFileSync(path, 'utf8') === text ? [] : [path],
  )
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv[2] !== '--check') writeReport()
  else {
    const wrong = stale()
    for (const path of wrong) process.stderr.write(`${path} is not what the results files give\n`)
    if (wrong.length > 0) process.stderr.write('write them anew: node bench/report/write.ts\n')
    process.exitCode = wrong.length > 0 ? 1 : 0
  }
}
