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

/** Writes a figure into the folder of the option `--svg`, if given. */
export async function writeSvg(folder: string | undefined, name: string, figure: Figure): Promise<void> {
  if (folder === undefined) return
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${name}.svg`), await figure.toSvg())
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
