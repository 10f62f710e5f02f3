// Character plots for terminals.

export interface Layer {
  points: readonly (readonly [x: number, y: number])[]
  mark: string
  /** Name in the legend. Default: none. */
  name?: string
  /** Whether the points form a line, for plots that can draw one. Default false. */
  line?: boolean
}

export interface PlotOptions {
  x: readonly [low: number, high: number]
  y: readonly [low: number, high: number]
  /** Whether y is logarithmic. Default false. */
  log?: boolean
  /** Whether x is. Default false. */
  logX?: boolean
  width?: number
  height?: number
  title?: string
}

/** The position of a value between two limits: 0 at the low one, 1 at the high one. */
export function part(value: number, [low, high]: readonly [number, number], log = false): number {
  return log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low)
}

/** The points of all layers, later ones over earlier ones, in a frame with its limits. */
export function plot(layers: readonly Layer[], options: PlotOptions): string {
  const { x, y, log = false, logX = false, width = 60, height = 16, title = '' } = options
  const rows = Array.from({ length: height }, () => Array<string>(width).fill(' '))
  for (const { points, mark } of layers) {
    for (const [a, b] of points) {
      const row = rows[height - 1 - Math.round(part(b, y, log) * (height - 1))]
      const column = Math.round(part(a, x, logX) * (width - 1))
      if (row && column >= 0 && column < width) row[column] = mark
    }
  }
  const label = (value: number) => value.toPrecision(3).padStart(9)
  const edge = (i: number) => (i === 0 ? label(y[1]) : i === height - 1 ? label(y[0]) : ' '.repeat(9))
  const ends = `${x[0].toPrecision(3)}${x[1].toPrecision(3).padStart(width - x[0].toPrecision(3).length)}`
  const legend = layers.flatMap(({ mark, name }) => (name ? [`${mark} ${name}`] : []))
  return [
    ...(title ? [`${' '.repeat(11)}${title}`] : []),
    ...rows.map((row, i) => `${edge(i)} │${row.join('').trimEnd()}`),
    `${' '.repeat(10)}└${'─'.repeat(width)}`,
    `${' '.repeat(11)}${ends}`,
    ...(legend.length > 0 ? [`${' '.repeat(11)}${legend.join('   ')}`] : []),
  ].join('\n')
}

/** The points of a curve. */
export function curve(f: (x: number) => number, [low, high]: readonly [number, number], count = 240) {
  return Array.from({ length: count }, (_, i) => {
    const x = low + ((high - low) * i) / (count - 1)
    return [x, f(x)] as const
  })
}
