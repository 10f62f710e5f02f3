// A suite as a chart: for each case a bar per engine, with its ratio to Hebb's. SVG, for light and dark pages.
import { type Competitor, parts } from '../harness/engines.ts'
import { latest, type Results } from '../harness/results.ts'
import { median } from '../harness/statistics.ts'
import type { Suite } from '../suites/suite.ts'
import { figure, inUnits, measured, title } from './text.ts'

const [WIDTH, NAMES, BAR, ROW, HEAD] = [720, 210, 340, 20, 34]

/** The reference bar for the ratios. */
const BASE: Competitor = 'hebb-node-relaxed 2'

const STYLE = `text { font: 12px system-ui, sans-serif; fill: #24292f } .head { font-weight: 600 }
.own { fill: #d9622b } .other { fill: #8c96a3 } .range { stroke: #24292f; stroke-width: 1 } .ground { fill: #ffffff }
@media (prefers-color-scheme: dark) { text { fill: #d8dee6 } .own { fill: #f08a4b } .other { fill: #6b7684 }
.range { stroke: #d8dee6 } .ground { fill: #14181d } }`

/** A chart of all cases, each engine with its largest measured number of threads. */
export function chart(suite: Suite, results: Results): string {
  const { cases, names } = measured(suite, results)
  const best = names.filter(
    (name) =>
      !names.some((n) => parts(n).engine === parts(name).engine && parts(n).threads > parts(name).threads),
  )
  const lines: string[] = []
  let y = 8
  for (const one of cases) {
    const rates = latest(results.cases[one.name]!)
    const bars = best
      .filter((name) => rates[name])
      .map((name) => {
        const list = inUnits(one, rates[name]!)
        return { name, value: median(list), least: Math.min(...list), most: Math.max(...list) }
      })
      .sort((a, b) => b.value - a.value)
    const scale = BAR / Math.max(...bars.map(({ most }) => most))
    const base = bars.find(({ name }) => name === BASE)?.value
    lines.push(`<text class="head" x="12" y="${y + 20}">${suite.name} ${one.name}, ${suite.unit}</text>`)
    y += HEAD
    for (const { name, value, least, most } of bars) {
      const [kind, middle] = [name.startsWith('hebb') ? 'own' : 'other', y + ROW / 2]
      const times = base ? `  ${(value / base).toFixed(2)} ×` : ''
      lines.push(
        `<text x="${NAMES}" y="${middle + 4}" text-anchor="end">${title(name)}</text>`,
        `<rect class="${kind}" x="${NAMES + 8}" y="${y + 3}" width="${round(value * scale)}" height="${ROW - 6}"/>`,
        `<path class="range" d="M${round(NAMES + 8 + least * scale)} ${middle}H${round(NAMES + 8 + most * scale)}"/>`,
        `<text x="${NAMES + BAR + 18}" y="${middle + 4}" xml:space="preserve">${figure(value)}${times}</text>`,
      )
      y += ROW
    }
    y += 10
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y}" viewBox="0 0 ${WIDTH} ${y}">`,
    `<style>${STYLE}</style>`,
    `<rect class="ground" width="${WIDTH}" height="${y}"/>`,
    ...lines,
    '</svg>\n',
  ].join('\n')
}

const round = (value: number): number => Math.round(value * 10) / 10
