// Points of two classes as a table of comma-separated values.
import { datasets } from 'hebb'
import type { Point } from './points'

/** The most points that can still be dragged. */
export const MOST = 500

/** Reads a file with three columns: x₁, x₂ and a class of two, as a number or a word; with names in its first row or without. */
export async function readPoints(file: File): Promise<readonly Point[]> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  const [first = ''] = new TextDecoder().decode(bytes).split('\n')
  const cells = first.split(',')
  const header = cells.some((cell) => !Number.isFinite(Number(cell)))
  const target = cells.length - 1
  const { dataset, classes } = await datasets.fromCsv(bytes, { target, classes: true, header })
  try {
    const { samples, shape } = dataset
    if (shape[0] !== 2 || classes?.length !== 2 || samples > MOST) {
      throw new Error(
        `This table has ${samples} rows of ${shape[0]} numbers and ${classes?.length} classes; the page takes at most ${MOST} rows of 2 numbers and 2 classes.`,
      )
    }
    const all: Point[] = []
    for await (const { x, t } of datasets.batches(dataset, { batchSize: samples, shuffle: false })) {
      const place = (i: number) => Number(x.data[i]!.toPrecision(6))
      for (let i = 0; i < samples; i++) all.push([place(2 * i), place(2 * i + 1), (t as Uint32Array)[i]!])
    }
    return all
  } finally {
    dataset.dispose()
  }
}

/** Reads a file with two columns of numbers, with names in its first row or without. */
export async function readPairs(
  file: File,
  [least, most]: readonly [number, number],
  names: string,
): Promise<[number, number][]> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  const [first = ''] = new TextDecoder().decode(bytes).split('\n')
  const header = first.split(',').some((cell) => !Number.isFinite(Number(cell)))
  const { dataset } = await datasets.fromCsv(bytes, { target: 1, header })
  try {
    const { samples, shape } = dataset
    if (shape[0] !== 1 || samples > most || samples < least) {
      throw new Error(
        `This table has ${samples} rows of ${shape[0]! + 1} columns; the page takes ${least} to ${most} rows of ${names}.`,
      )
    }
    const all: [number, number][] = []
    for await (const { x, t } of datasets.batches(dataset, { batchSize: samples, shuffle: false })) {
      const second = (t as { data: ArrayLike<number> }).data
      for (let i = 0; i < samples; i++) all.push([x.data[i]!, second[i]!])
    }
    return all
  } finally {
    dataset.dispose()
  }
}

/** The points as the content of such a file. */
export function writePoints(points: readonly Point[]): string {
  return ['x1,x2,class', ...points.map((point) => point.join(','))].join('\n')
}

/** Points that a program exports, checked. */
export function checkPoints(rows: unknown): readonly Point[] {
  const fits = Array.isArray(rows) && rows.length > 0 && rows.length <= MOST
  if (!fits) throw new Error(`Export 1 to ${MOST} points, as rows [x1, x2, class].`)
  const wrong = rows.findIndex((row) => !isNumbers(row, 3) || (row[2] !== 0 && row[2] !== 1))
  if (wrong < 0) return rows
  throw new Error(`Point ${wrong + 1} is not [x1, x2, class] with two numbers and the class 0 or 1.`)
}

/** Whether a value is an array of `count` finite numbers. */
export function isNumbers(row: unknown, count: number): row is number[] {
  return Array.isArray(row) && row.length === count && row.every(Number.isFinite)
}
