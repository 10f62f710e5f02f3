// Results as text and tables, for a terminal and for Markdown.
import { type Competitor, ENGINES, parts } from '../harness/engines.ts'
import { latest, type Missing, type Results } from '../harness/results.ts'
import { median } from '../harness/statistics.ts'
import { holds, type Regression, type Target, type Verdict } from '../harness/targets.ts'
import type { Case, Suite } from '../suites/suite.ts'

/** A Markdown table as the formatter writes it: the first column left-aligned, numbers right-aligned. */
export function markdown(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(3, ...rows.map((row) => row[column]!.length)))
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const pad = (row: readonly string[]) =>
    line(row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))))
  const rule = line(widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)))
  return [pad(rows[0]!), rule, ...rows.slice(1).map(pad)].join('\n')
}

/** 12,345 or 12.3 or 0.123: three digits, or all digits before the decimal point. */
export function figure(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3)
}

/** `pytorch, 2 threads` */
export function title(competitor: Competitor): string {
  const { engine, threads } = parts(competitor)
  return `${engine}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`
}

/** A case's rates in the suite's unit. */
export const inUnits = ({ flops, bytes }: Case, rates: readonly number[]): number[] =>
  rates.map((rate) => (rate * (flops ?? bytes ?? 1e9)) / 1e9)

/** The measured cases, in the suite's order, and the engines of any of them, in the order of the engines. */
export function measured(suite: Suite, { cases }: Results): { cases: Case[]; names: Competitor[] } {
  const found = suite.cases.filter(({ name }) => cases[name])
  const names = new Set(found.flatMap(({ name }) => Object.keys(latest(cases[name]!))))
  const place = (name: Competitor) => ENGINES.indexOf(parts(name).engine)
  return { cases: found, names: [...names].sort((a, b) => place(a) - place(b)) }
}

/** Median (slowest–fastest round) of all cases, one row per competitor. */
export function table(suite: Suite, results: Results): string {
  const { cases, names } = measured(suite, results)
  const cell = (one: Case, name: Competitor) => {
    const rates = latest(results.cases[one.name]!)[name]
    if (!rates) return '–'
    const [middle, least, most] = [median(rates), Math.min(...rates), Math.max(...rates)]
    const [m, l, h] = inUnits(one, [middle, least, most]).map(figure)
    return `${m} (${l}–${h})`
  }
  return [
    `${suite.about}. ${suite.unit}: median (slowest–fastest round).`,
    '',
    `| ${suite.name} | ${cases.map(({ name }) => name).join(' | ')} |`,
    `|---|${cases.map(() => '---:').join('|')}|`,
    ...names.map((name) => `| ${title(name)} | ${cases.map((one) => cell(one, name)).join(' | ')} |`),
    ...gaps(results.missing),
  ].join('\n')
}

/** Missing engines, with all cases of one reason in one line. */
function gaps(missing: readonly Missing[]): string[] {
  const lines = new Map<string, string[]>()
  for (const { engine, case: name, reason } of missing) {
    const key = `${engine}: ${reason}`
    lines.set(key, [...(lines.get(key) ?? []), ...(name ? [name] : [])])
  }
  const listed = [...lines].map(
    ([key, cases]) => `- missing: ${key}${cases.length > 0 ? ` (${cases.join(', ')})` : ''}`,
  )
  return listed.length > 0 ? ['', ...listed] : []
}

/** `met in 2 of 3 runs` */
export function outcome({ ratios, met }: Verdict): string {
  const word = holds({ ratios, met }) ? 'met' : 'not met'
  return ratios.length === 1 ? word : `${word}: in ${met} of ${ratios.length} runs`
}

export function verdictLine(verdict: Verdict): string {
  const { case: name, engine, rival, least, ratios, stretch } = verdict
  const { median, p10, p90, pairs } = ratios.at(-1)!
  const range = `10–90 % of ${pairs}: ${p10.toFixed(2)}–${p90.toFixed(2)}`
  const target = `${stretch ? 'stretch' : 'target'} ${least} ${outcome(verdict)}`
  return `${name}: ${title(engine)} is ${median.toFixed(2)} × ${title(rival)} (${range}); ${target}`
}

/** `1.58, 1.69, 1.64` */
const medians = (ratios: Verdict['ratios']) => ratios.map(({ median }) => median.toFixed(2)).join(', ')

/** `2 (stretch)` */
const wanted = ({ least, stretch }: Pick<Target, 'least' | 'stretch'>) =>
  stretch ? `${least} (stretch)` : `${least}`

export function verdictTable(verdicts: readonly Verdict[]): string {
  return [
    '| case | engine | fastest rival | at least | median ratio of each run | 10–90 % of the last | |',
    '|---|---|---|---:|---:|---:|---|',
    ...verdicts.map((verdict) => {
      const { case: name, engine, rival, ratios } = verdict
      const { p10, p90 } = ratios.at(-1)!
      return `| ${name} | ${title(engine)} | ${title(rival)} | ${wanted(verdict)} | ${medians(ratios)} | ${p10.toFixed(2)}–${p90.toFixed(2)} | ${outcome(verdict)} |`
    }),
  ].join('\n')
}

/** The verdicts on all targets, `[machine][target]`, one column per machine. */
export function overviewTable(
  targets: readonly Target[],
  machines: readonly string[],
  verdicts: readonly (readonly (readonly Verdict[])[])[],
): string {
  const rows = targets.flatMap(({ rivals, ...target }, i) => {
    const names = new Set(verdicts.flatMap((all) => all[i]!.map((verdict) => verdict.case)))
    return [...names].map((name) => {
      const cells = verdicts.map((all) => {
        const verdict = all[i]!.find((one) => one.case === name)
        if (!verdict) return '–'
        return `${medians(verdict.ratios)}: ${holds(verdict) ? 'met' : 'not met'}`
      })
      const fastest = [...new Set(rivals.map((rival) => parts(rival).engine))].join(', ')
      return `| ${name} | ${title(target.engine)} | ${fastest} | ${wanted(target)} | ${cells.join(' | ')} |`
    })
  })
  return [
    `| case | engine | the fastest of | at least | ${machines.join(' | ')} |`,
    `|---|---|---|---:|${machines.map(() => '---|').join('')}`,
    ...rows,
  ].join('\n')
}

export function regressionLine({ case: name, engine, rival, before, now }: Regression): string {
  return `worse than before: ${name}: ${title(engine)} was ${before.toFixed(2)} × ${title(rival)}, is ${now.toFixed(2)}`
}
