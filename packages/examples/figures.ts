// What the examples draw.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ChartOptions, chart, type Figure, type Series } from 'hebb/plot'

/** The points of a curve. */
export function curve(f: (x: number) => number, [low, high]: readonly [number, number], count = 240) {
  return Array.from({ length: count }, (_, i) => {
    const x = low + ((high - low) * i) / (count - 1)
    return [x, f(x)] as const
  })
}

/** Writes a file into the folder of the option `--svg`, if given. */
export function writeFile(folder: string | undefined, name: string, svg: () => string): void {
  if (folder === undefined) return
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${name}.svg`), svg())
}

/** Writes a figure likewise. */
export async function writeSvg(folder: string | undefined, name: string, figure: Figure): Promise<void> {
  if (folder === undefined) return
  const svg = await figure.toSvg()
  writeFile(folder, name, () => svg)
}

/** Figures of the same size as one with a title that shows each for so many seconds; where people want no motion, only the last. */
export function movingSvg(title: string, figures: readonly string[], seconds: number): string {
  const [first] = figures as [string]
  const [start] = /^<svg [^>]*>/.exec(first)!
  const [style] = /<style>\.hebb-figure[\s\S]*?<\/style>/.exec(first)!
  // The last one stays longer.
  const all = seconds * (figures.length + 3)
  const times = figures.map((_, i) => {
    const [from, to] = [i, i + 1 === figures.length ? i + 4 : i + 1].map((n) =>
      ((100 * n * seconds) / all).toFixed(2),
    )
    return `@keyframes f${i}{0%,${from}%{visibility:hidden}${from}%,${to}%{visibility:visible}${to}%,100%{visibility:hidden}}`
  })
  const inner = figures.map((svg, i) =>
    svg
      .replace(/<style>[\s\S]*?<\/style>|<title>[\s\S]*?<\/title>/g, '')
      .replace('<svg ', `<svg style="animation:f${i} ${all}s step-end infinite" `),
  )
  const still = `@media(prefers-reduced-motion:reduce){svg svg{animation:none!important;visibility:hidden}svg svg:last-of-type{visibility:visible}}`
  return `${start}<title>${title}</title>${style}<style>${times.join('')}${still}</style>${inner.join('')}</svg>\n`
}

/** Draws a chart in the terminal and, by `writeSvg`, into a file. */
export type Draw = (name: string, series: readonly Series[], options: ChartOptions) => Promise<void>

export function drawer(folder: string | undefined, say: (text: string) => unknown): Draw {
  return async (name, series, options) => {
    const figure = chart(series, options)
    say(`${figure.toText()}\n`)
    await writeSvg(folder, name, figure)
  }
}
