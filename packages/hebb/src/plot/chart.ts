import { HebbError } from '../errors'
import { checkFlag, checkKeys, checkWhole, refuse } from '../options'
import { type Limits, limitsOf, named, powers } from './axis'
import { characters } from './characters'
import { checkLimits, checkText, isPoints } from './checks'
import { type Drawing, type Library, mark, verticalLabel } from './drawing'
import { type Figure, figure } from './figure'
import { legend } from './legend'
import { COLOURS } from './palette'

/** Points, or a line through them. */
export interface Series {
  points: readonly (readonly [x: number, y: number])[]
  /** In the legend. Default: it has none there. */
  name?: string
  /** Whether a line joins the points. Default false. */
  line?: boolean
  /** Its character in terminals. Default: one of its own. */
  mark?: string
}

/** Numbers on a grid over the whole chart, shown where they are at least as high as each of some levels. */
export interface Field {
  /** For each cell the value at its center: row by row from below, each from the left. */
  values: ArrayLike<number>
  columns: number
  levels: readonly number[]
  /** Number of the colour. */
  colour: number
}

export interface ChartOptions {
  title?: string
  /** The limits of the axes. Default: those of the points. */
  x?: Limits
  y?: Limits
  /** Whether y is logarithmic. Default false. */
  log?: boolean
  /** Whether x is. Default false. */
  logX?: boolean
  xLabel?: string
  yLabel?: string
  /** In pixels. Default 680 × 420, and the legend below. */
  width?: number
  height?: number
}

const KEYS = ['title', 'x', 'y', 'log', 'logX', 'xLabel', 'yLabel', 'width', 'height'] as const
const MARKS = '*o+x#@%&=~^:'
/** Characters that are darker and darker. */
const HEIGHTS = ' .:-=%@'
const SYMBOLS = ['circle', 'square', 'triangle', 'diamond', 'star', 'cross'] as const

/** Lines and points in one frame, the first in front of a terminal's legend. */
export function chart(series: readonly Series[], options: ChartOptions = {}): Figure {
  checkKeys('chart', options, KEYS)
  return figure(new Chart('chart', series, [], options))
}

function checkSeries(who: string, series: unknown): asserts series is readonly Series[] {
  if (!Array.isArray(series)) refuse(who, 'series', 'a list of { points, name, line }', series)
  for (const one of [...series]) {
    const own = `${who}: a series`
    checkKeys(own, one ?? 0, ['points', 'name', 'line', 'mark'])
    if (!isPoints(one.points)) throw new HebbError('data', `${who}: points must be pairs of numbers [x, y]`)
    checkText(own, 'name', one.name)
    checkFlag(own, 'line', one.line ?? false)
    if (checkText(own, 'mark', one.mark ?? '*').length !== 1) refuse(own, 'mark', 'a character', one.mark)
  }
}

export class Chart implements Drawing {
  readonly title: string
  readonly width: number
  readonly height: number
  readonly #series: readonly Series[]
  readonly #fields: readonly Field[]
  readonly #axes: { x: Limits; y: Limits; log: boolean; logX: boolean; xLabel: string; yLabel: string }
  readonly #legend: ReturnType<typeof legend>

  constructor(who: string, series: readonly Series[], fields: readonly Field[], options: ChartOptions) {
    checkSeries(who, series)
    const log = checkFlag(who, 'log', options.log ?? false)
    const logX = checkFlag(who, 'logX', options.logX ?? false)
    const all = (at: 0 | 1) => series.flatMap(({ points }) => points.map((point) => point[at]))
    const margin = series.every(({ line }) => line) ? 0 : 0.04
    const x = options.x ?? limitsOf(all(0), logX, margin)
    const y = options.y ?? limitsOf(all(1), log, 0.04)
    const { title = '', xLabel = '', yLabel = '' } = options
    this.#axes = {
      x: checkLimits(who, 'x', x, logX),
      y: checkLimits(who, 'y', y, log),
      log,
      logX,
      xLabel: checkText(who, 'xLabel', xLabel),
      yLabel: checkText(who, 'yLabel', yLabel),
    }
    this.title = checkText(who, 'title', title)
    this.width = checkWhole(who, 'width', options.width ?? 680, 100, 10_000)
    this.#series = series
    this.#fields = fields
    this.#legend = legend(series, this.width)
    this.height = checkWhole(who, 'height', options.height ?? 420, 100, 10_000) + this.#legend.height
  }

  options(plot: Library): ReturnType<Drawing['options']> {
    const { x, y, log, logX, xLabel, yLabel } = this.#axes
    const axis = (limits: Limits, log: boolean) => ({
      type: log ? ('log' as const) : ('linear' as const),
      domain: [...limits],
      grid: true,
      ticks: log ? powers(limits) : 6,
      tickFormat: named,
    })
    const fields = this.#fields.map(({ values, columns, levels, colour }) =>
      plot.contour(values, {
        width: columns,
        height: values.length / columns,
        x1: x[0],
        x2: x[1],
        y1: y[0],
        y2: y[1],
        // Plot's own thresholds leave the lowest level out if nothing lies below it.
        thresholds: [...levels],
        fill: COLOURS[colour % COLOURS.length]!,
        fillOpacity: levels.length > 1 ? 0.9 / levels.length : 0.18,
        stroke: COLOURS[colour % COLOURS.length]!,
        strokeOpacity: 0.6,
        clip: true,
      }),
    )
    const series = this.#series.map(({ points, line }, i) => {
      const colour = COLOURS[i % COLOURS.length]!
      const inside = points.filter(([a, b]) => (!logX || a > 0) && (!log || b > 0))
      if (!line)
        return plot.dot(inside, { symbol: SYMBOLS[i % SYMBOLS.length]!, fill: colour, r: 3.5, clip: true })
      // A repeated colour is dashed.
      const again = i >= COLOURS.length ? { strokeDasharray: '6 3' } : {}
      return plot.line(inside, { stroke: colour, strokeWidth: 2, clip: true, ...again })
    })
    return {
      marginLeft: 64,
      marginRight: 20,
      marginTop: yLabel ? 56 : 38,
      marginBottom: (xLabel ? 46 : 30) + this.#legend.height,
      x: { ...axis(x, logX), label: xLabel || null, labelOffset: 36 },
      y: { ...axis(y, log), label: null },
      marks: [
        ...fields,
        plot.frame({ strokeOpacity: 0.5 }),
        ...series,
        mark(this.#legend.draw(SYMBOLS)),
        ...(yLabel ? [verticalLabel(`↑ ${yLabel}`)] : []),
      ],
    }
  }

  text(size: { columns: number; rows: number }, paint: (text: string, colour: number) => string): string {
    const { x, y, xLabel, yLabel } = this.#axes
    const { columns, rows } = size
    const marks = this.#series.map(({ mark }, i) => mark ?? MARKS[i % MARKS.length]!)
    const curves = this.#series.map(({ points, line = false }, i) => ({
      points,
      line,
      mark: marks[i]!,
      colour: i,
    }))
    const label = (value: number) => named(Number(value.toPrecision(3))).padStart(9)
    const edge = (i: number) => (i === 0 ? label(y[1]) : i === rows - 1 ? label(y[0]) : ' '.repeat(9))
    const [low, high] = x.map((value) => named(Number(value.toPrecision(3)))) as [string, string]
    const names = this.#series.flatMap(({ name }, i) => (name ? [`${paint(marks[i]!, i)} ${name}`] : []))
    const indented = (text: string) => (text ? [`${' '.repeat(11)}${text}`] : [])
    const middle = xLabel.padStart(Math.floor((columns - low.length - high.length + xLabel.length) / 2))
    return [
      ...indented(this.title),
      ...indented(yLabel && `↑ ${yLabel}`),
      ...characters(curves, { ...this.#axes, columns, rows }, paint, this.#ground).map(
        (row, i) => `${edge(i)} │${row}`,
      ),
      `${' '.repeat(10)}└${'─'.repeat(columns)}`,
      ...indented(`${low}${middle.padEnd(columns - low.length - high.length)}${high}`),
      ...indented(names.join('   ')),
    ].join('\n')
  }

  /** What fields show at a place of a terminal: the number of the one that is there, or the height of the only one. */
  readonly #ground = (x: number, y: number): string => {
    const heights = this.#fields.map(({ values, columns, levels }) => {
      const rows = values.length / columns
      const [column, row] = [Math.floor(x * columns), Math.floor(y * rows)]
      const value = values[Math.min(row, rows - 1) * columns + Math.min(column, columns - 1)]!
      return levels.filter((level) => value >= level).length / levels.length
    })
    if (heights.length === 1) return HEIGHTS[Math.round(heights[0]! * (HEIGHTS.length - 1))]!
    const first = heights.findIndex((height) => height > 0)
    return first < 0 ? ' ' : String(first % 10)
  }
}
