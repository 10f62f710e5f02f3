import { HebbError } from '../errors'
import { checkKeys, isTexts, refuse } from '../options'
import { checkText } from './checks'
import type { Drawing, Library } from './drawing'
import { type Figure, figure } from './figure'
import { ABOVE, BELOW } from './palette'

export interface ConfusionMatrixOptions {
  title?: string
  /** The names of the classes. Default: their numbers. */
  classes?: readonly string[]
}

/**
 * How often each class was answered for each target: `confusion[target][answer]`, as `evaluate` with
 * `metrics: 'classification'` returns it. A row's colours are parts of its target's samples, blue on the diagonal, orange elsewhere.
 *
 * @throws HebbError `option`; `data` if it is not a square of counts
 */
export function confusionMatrix(
  confusion: readonly (readonly number[])[],
  options: ConfusionMatrixOptions = {},
): Figure {
  checkKeys('confusionMatrix', options, ['title', 'classes'])
  const size = Array.isArray(confusion) ? confusion.length : 0
  const isRow = (row: unknown) =>
    Array.isArray(row) &&
    row.length === size &&
    [...row].every((count) => Number.isFinite(count) && count >= 0)
  if (size === 0 || ![...confusion].every(isRow))
    throw new HebbError('data', 'confusionMatrix takes a square of counts, confusion[target][answer]')
  const { title = '', classes = confusion.map((_, i) => String(i)) } = options
  if (!isTexts(classes) || classes.length !== size)
    refuse('confusionMatrix', 'classes', `${size} names`, classes)
  return figure(new Matrix(confusion, classes, checkText('confusionMatrix', 'title', title)))
}

/** More counts than this side by side are too small to be read. */
const LEGIBLE = 30

class Matrix implements Drawing {
  readonly width: number
  readonly height: number
  readonly title: string
  readonly #confusion: readonly (readonly number[])[]
  readonly #classes: readonly string[]
  readonly #left: number
  readonly #below: number
  /** Names that do not fit side by side. */
  readonly #long: boolean

  constructor(confusion: readonly (readonly number[])[], classes: readonly string[], title: string) {
    this.#confusion = confusion
    this.#classes = classes
    this.title = title
    const long = Math.max(...classes.map(({ length }) => length)) > 3
    this.#long = long
    this.#left = 36 + 7.2 * Math.max(...classes.map(({ length }) => length))
    const side = confusion.length * Math.max(14, Math.min(56, 480 / confusion.length))
    this.width = Math.ceil(this.#left + side + 20)
    this.#below = long ? 24 + 0.35 * this.#left : 20
    this.height = Math.ceil(side + 80 + this.#below)
  }

  options(plot: Library): ReturnType<Drawing['options']> {
    const classes = [...this.#classes]
    const index = classes.map((_, i) => i)
    const cells = this.#confusion.flatMap((row, target) => {
      const all = row.reduce((a, b) => a + b, 0) || 1
      return row.map((count, answer) => ({ target, answer, count, part: count / all }))
    })
    const counted = cells.filter(({ count }) => count > 0)
    const axis = { type: 'band' as const, domain: index, tickFormat: (i: number) => classes[i]!, tickSize: 0 }
    return {
      marginLeft: this.#left,
      marginTop: 60,
      marginBottom: this.#below + 20,
      marginRight: 20,
      x: {
        ...axis,
        label: 'answer',
        labelOffset: this.#below + 14,
        ...(this.#long ? { tickRotate: -20 } : {}),
      },
      y: { ...axis, label: 'target' },
      marks: [
        plot.frame({ strokeOpacity: 0.5 }),
        ...[true, false].map((right) =>
          plot.cell(
            counted.filter(({ target, answer }) => (target === answer) === right),
            {
              x: 'answer',
              y: 'target',
              fill: right ? BELOW : ABOVE,
              // A rare mistake is seen, too.
              fillOpacity: ({ part }: { part: number }) => 0.12 + 0.48 * part,
              inset: 1,
            },
          ),
        ),
        ...(classes.length > LEGIBLE
          ? []
          : [plot.text(counted, { x: 'answer', y: 'target', text: 'count' })]),
      ],
      opacity: { type: 'identity' },
    }
  }

  text(): string {
    const table = [
      ['', ...this.#classes],
      ...this.#confusion.map((row, i) => [this.#classes[i]!, ...row.map(String)]),
    ]
    const wide = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)))
    const rows = table.map((row) =>
      row.map((cell, i) => (i === 0 ? cell.padEnd(wide[0]!) : cell.padStart(wide[i]!))),
    )
    const head = this.title ? [this.title] : []
    return [...head, 'target ↓, answer →', ...rows.map((row) => row.join('  '))].join('\n')
  }
}
