import { HebbError } from '../errors'
import { checkKeys, isTexts, refuse } from '../options'
import { checkText, isNumbers } from './checks'
import { type Drawing, type Library, mark, verticalLabel } from './drawing'
import { type Figure, figure } from './figure'
import { tint } from './palette'
import { largest, levelOf, runs, shade } from './runs'

export interface StateMatrixOptions {
  title?: string
  /** A label for each time step, such as the token that was read. Default: its number. */
  steps?: readonly string[]
}

/**
 * The state of a recurrent layer over time, `[T, units]` as `net.activations(sample)` has it: a column for each time step, a row
 * for each unit; orange above 0, blue below.
 *
 * @throws HebbError `option`; `shape` if it is not `[T, units]`
 */
export function stateMatrix(
  states: { data: ArrayLike<number>; shape: readonly number[] },
  options: StateMatrixOptions = {},
): Figure {
  checkKeys('stateMatrix', options, ['title', 'steps'])
  const shape = isNumbers(states?.shape) ? Array.from(states.shape) : []
  const [steps, units] = shape.slice(-2) as [number, number]
  // An evaluation of one sample may have its dimension.
  const fits = shape.length === 2 || (shape.length === 3 && shape[0] === 1)
  if (!fits || !(steps > 0 && units > 0) || !isNumbers(states.data) || states.data.length !== steps * units)
    throw new HebbError('shape', `stateMatrix takes the states of one sample, [T, units], got [${shape}]`)
  const { title = '', steps: labels } = options
  if (labels !== undefined && (!isTexts(labels) || labels.length !== steps))
    refuse('stateMatrix', 'steps', `${steps} labels`, labels)
  return figure(new States(states.data, steps, units, checkText('stateMatrix', 'title', title), labels))
}

class States implements Drawing {
  readonly title: string
  readonly width: number
  readonly height: number
  readonly #cell: number
  readonly #level: (step: number, unit: number) => number
  readonly #size: { steps: number; units: number }
  readonly #labels: readonly string[] | undefined

  constructor(
    data: ArrayLike<number>,
    steps: number,
    units: number,
    title: string,
    labels: readonly string[] | undefined,
  ) {
    this.title = title
    this.#cell = Math.max(4, Math.min(16, Math.floor(600 / Math.max(steps, units))))
    this.width = Math.max(84 + this.#cell * steps, 24 + Math.ceil(6.8 * title.length))
    this.height = 104 + this.#cell * units
    const most = largest(data)
    this.#level = (step, unit) => levelOf(data[step * units + unit]!, most)
    this.#size = { steps, units }
    this.#labels = labels
  }

  options(plot: Library): ReturnType<Drawing['options']> {
    const { steps, units } = this.#size
    const labels = this.#labels
    const cells = mark((create, { x, y }) => {
      const place = `translate(${x(0)} ${y(0)}) scale(${this.#cell})`
      const group = create('g', { transform: place, fill: 'none' })
      const paths = runs(steps, units, (step, unit) => this.#level(step, unit) || undefined)
      group.append(...Array.from(paths, ([level, d]) => create('path', { ...tint(level), d })))
      return [group]
    })
    const every = labels ? Math.ceil(13 / this.#cell) : undefined
    return {
      marginLeft: 64,
      marginRight: this.width - 64 - this.#cell * steps,
      marginTop: 60,
      marginBottom: 44,
      x: {
        domain: [0, steps],
        label: 'time step',
        labelOffset: 36,
        ...(every
          ? {
              ticks: Array.from({ length: Math.ceil(steps / every) }, (_, i) => i * every + 0.5),
              tickFormat: (at: number) => labels![Math.floor(at)]!,
              tickSize: 0,
            }
          : { ticks: 6 }),
      },
      y: { domain: [0, units], range: [60, 60 + this.#cell * units], label: null, ticks: 6 },
      marks: [cells, plot.frame({ strokeOpacity: 0.5 }), verticalLabel('↓ unit')],
    }
  }

  text(_size: unknown, paint: (text: string, colour: number) => string): string {
    const { steps, units } = this.#size
    const row = (unit: number) =>
      Array.from({ length: steps }, (_, step) => shade(this.#level(step, unit), paint)).join('')
    const rows = Array.from({ length: units }, (_, unit) =>
      `${String(unit).padStart(4)} │${row(unit)}`.trimEnd(),
    )
    const labels = this.#labels?.map((label) => label[0] ?? ' ').join('')
    return [...(this.title ? [this.title] : []), ...rows, ...(labels ? [`     │${labels}`] : [])].join('\n')
  }
}
