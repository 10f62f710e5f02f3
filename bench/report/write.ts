// Everything that is made of the results files: bench/results/README.md, its charts, and the head of the README.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Machine, measuredOn, type Results, read } from '../harness/results.ts'
import { verdicts } from '../harness/targets.ts'
import { OWN, SUITES } from '../suites/index.ts'
import { chart } from './chart.ts'
import { headline, withHeadline } from './headline.ts'
import { roofline } from './roofline.ts'
import { table, verdictTable } from './text.ts'

const folder = join(import.meta.dirname, '..', 'results')
const README = join(import.meta.dirname, '..', '..', 'README.md')

const ROOFLINE =
  "Each kernel's GFLOP/s and GB/s, operands read and results written once, as parts of what the machine can do: independent multiply–adds, and a sum over 128 MiB."

/** The report as Markdown. */
export function report(): string {
  const found = Object.values(SUITES).flatMap((suite) => {
    const results = read(suite.name)
    return results ? [{ suite, results }] : []
  })
  const sections = found.flatMap(({ suite, results }) => [
    `## ${suite.name}`,
    place(results.machine, measuredOn(results)),
    table(suite, results),
    `![${suite.name}](${suite.name}.svg)`,
  ])
  const roof = roofline(read('peak'), found)
  const own = Object.keys(OWN).filter((name) => existsSync(join(folder, `${name}.json`)))
  return [
    '# Results',
    'Written by `npm run bench -- --save` from the files beside it, which hold the rate of every round.',
    '## Targets',
    'Median of the ratios of paired rounds. A target holds when two of the last three runs meet it.',
    verdictTable(found.flatMap(({ results }) => verdicts(results))),
    ...sections,
    ...(roof ? ['## Roofline', ROOFLINE, roof] : []),
    ...own.flatMap((name) => [`## ${name}`, ownSection(name)]),
    '## Versions',
    versions(found.map(({ results }) => results)),
  ]
    .join('\n\n')
    .concat('\n')
}

function place({ cpu, cores, arch, node }: Machine, date: string): string {
  return `${cpu} (${arch}, ${cores} cores), Node ${node}, ${date}.`
}

/** What a suite of its own said. */
function ownSection(name: string): string {
  const { machine, date, lines } = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'))
  return [place(machine, date.slice(0, 10)), ['```', ...lines, '```'].join('\n')].join('\n\n')
}

function versions(all: readonly Results[]): string {
  const each = Object.entries(Object.assign({}, ...all.map((results) => results.versions)))
  return each.map(([engine, version]) => `- ${engine}: ${version}`).join('\n')
}

/** Writes all of it. */
export function writeReport(): void {
  writeFileSync(join(folder, 'README.md'), report())
  for (const suite of Object.values(SUITES)) {
    const results = read(suite.name)
    if (results) writeFileSync(join(folder, `${suite.name}.svg`), chart(suite, results))
  }
  writeFileSync(README, withHeadline(readFileSync(README, 'utf8'), headline(read)))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeReport()
