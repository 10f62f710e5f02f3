// Results for people who look at a terminal or at Markdown.
import { parts } from '../harness/engines.ts'
import type { Results } from '../harness/results.ts'
import { median } from '../harness/statistics.ts'
import { holds, type Regression, type Verdict } from '../harness/targets.ts'
import type { Suite } from '../suites/suite.ts'

/** 12,345 or 12.3 or 0.123: three digits, or all before the point. */
export function figure(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3)
}

/** `pytorch, 2 threads` */
export function title(competitor: string): string {
  const { engine, threads } = parts(competitor)
  return `${engine}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`
}

/** The last run of each case: median (slowest–fastest round), one row a competitor, as Markdown. */
export function table(suite: Suite, { cases, missing, versions }: Results): string {
  const names = suite.cases.map(({ name }) => name).filter((name) => cases[name])
  const scale = (name: string) => (suite.cases.find((one) => one.name === name)!.flops ?? 1e9) / 1e9
  const rates = (name: string, competitor: string) =>
    cases[name]!.at(-1)!.rates[competitor]?.map((rate) => rate * scale(name))
  const rows = Object.keys(versions)
    .flatMap((engine) =>
      [...new Set(names.flatMap((name) => Object.keys(cases[name]!.at(-1)!.rates)))].filter(
        (key) => parts(key).engine === engine,
      ),
    )
    .map((competitor) => {
      const cells = names.map((name) => {
        const list = rates(name, competitor)
        if (!list) return '–'
        return `${figure(median(list))} (${figure(Math.min(...list))}–${figure(Math.max(...list))})`
      })
      return `| ${title(competitor)} | ${cells.join(' | ')} |`
    })
  return [
    `**${suite.name}**: ${suite.about}. ${suite.unit}, median (min–max)`,
    '',
    `| | ${names.join(' | ')} |`,
    `|---|${names.map(() => '---:').join('|')}|`,
    ...rows,
    ...(missing.length > 0 ? ['', ...gaps(missing)] : []),
  ].join('\n')
}

/** Who is missing, with the cases of one reason in one line. */
function gaps(missing: Results['missing']): string[] {
  const lines = new Map<string, string[]>()
  for (const { engine, case: name, reason } of missing) {
    const key = `${engine}: ${reason}`
    lines.set(key, [...(lines.get(key) ?? []), ...(name ? [name] : [])])
  }
  return [...lines].map(
    ([key, names]) => `- missing: ${key}${names.length > 0 ? ` (${names.join(', ')})` : ''}`,
  )
}

export function verdictLine({ case: name, engine, rival, least, ratios, met, stretch }: Verdict): string {
  const { median, p10, p90, pairs } = ratios.at(-1)!
  const word = holds({ ratios, met }) ? 'met' : 'not met'
  const times = `${median.toFixed(2)} × ${title(rival)} (10–90 % of ${pairs}: ${p10.toFixed(2)}–${p90.toFixed(2)})`
  return `${name}: ${title(engine)} is ${times}; ${stretch ? 'stretch' : 'target'} ${least} ${word}${ratios.length > 1 ? ` in ${met} of ${ratios.length} runs` : ''}`
}

export function regressionLine({ case: name, engine, rival, before, now }: Regression): string {
  return `worse than before: ${name}: ${title(engine)} was ${before.toFixed(2)} × ${title(rival)}, is ${now.toFixed(2)}`
}
