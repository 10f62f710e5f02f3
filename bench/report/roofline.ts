// Each kernel compared with the roofline: its fraction of the machine's multiply–add rate and memory bandwidth on one
// thread. Bytes are operands read and results written once.
import { latest, type Results } from '../harness/results.ts'
import { median } from '../harness/statistics.ts'
import { type Conv, type Gemm, outputSize } from '../harness/work.ts'
import type { Suite } from '../suites/suite.ts'
import { figure } from './text.ts'

const ENGINES = ['hebb-node 1', 'hebb-node-relaxed 1', 'hebb-native 1']

/** The minimum number of bytes to move. */
export function bytes(work: Gemm | Conv): number {
  if (work.kind === 'gemm') return 4 * (work.m * work.k + work.k * work.n + work.m * work.n)
  const { batch, channels, size, filters, kernel } = work
  const [x, w] = [batch * channels * size ** 2, filters * channels * kernel ** 2]
  return 4 * (x + w + batch * filters * outputSize(work) ** 2)
}

/** The table, or nothing if the roof is unknown. */
export function roofline(
  peak: Results | undefined,
  measured: readonly { suite: Suite; results: Results }[],
): string {
  const roof = (what: string, engine: string) => {
    const rates = latest(peak?.cases[what] ?? [])[engine]
    return rates ? median(rates) / 1e9 : undefined
  }
  const engines = ENGINES.filter((engine) => roof('madds', engine) && roof('read', engine))
  if (engines.length === 0) return ''
  const share = (value: number, of: number) => `${figure(value)} (${Math.round((100 * value) / of)} %)`
  const rows = measured.flatMap(({ suite, results }) =>
    suite.cases.flatMap(({ name, work, flops }) => {
      const rates = latest(results.cases[name] ?? [])
      if (!flops || (work.kind !== 'gemm' && work.kind !== 'conv') || !engines.some((e) => rates[e]))
        return []
      const cells = engines.flatMap((engine) => {
        if (!rates[engine]) return ['–', '–']
        const rate = median(rates[engine]) / 1e9
        return [share(rate * flops, roof('madds', engine)!), share(rate * bytes(work), roof('read', engine)!)]
      })
      return [`| ${suite.name} ${name} | ${cells.join(' | ')} |`]
    }),
  )
  const roofs = engines.flatMap((engine) => ['madds', 'read'].map((what) => figure(roof(what, engine)!)))
  return [
    `| one thread | ${engines.flatMap((e) => [`${e.split(' ')[0]} GFLOP/s`, 'GB/s']).join(' | ')} |`,
    `|---|${roofs.map(() => '---:').join('|')}|`,
    `| the roof | ${roofs.join(' | ')} |`,
    ...rows,
  ].join('\n')
}
