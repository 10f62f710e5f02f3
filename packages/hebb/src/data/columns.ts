// What the texts of a column become: numbers, or categories.
import { HebbError } from '../errors'
import type { Table } from './table'

/** Of more than so many different texts nobody wants a feature each by accident. */
const MOST_CATEGORIES = 256

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/** The number that a cell holds, if it holds one. */
export function numberOf(cell: string): number | undefined {
  return NUMBER.test(cell) ? Number(cell) : undefined
}

/** A column read: for each row its number or its category's, NaN where it is missing. */
export interface Column {
  name: string
  values: Float64Array
  /** The categories, sorted; undefined for a column of numbers. */
  categories: readonly string[] | undefined
}

/** Where a cell is, for messages. */
export function place(table: Table, row: number, column: number): string {
  return `${table.name}, line ${table.rows[row]!.line}, column "${table.names[column]}"`
}

/**
 * Reads a column. Without `wanted` it is of numbers if its cells are, of categories if none is; `wanted` makes it
 * one of categories: `true` of those it has, a list of exactly these.
 */
export function readColumn(
  table: Table,
  column: number,
  isMissing: (cell: string) => boolean,
  wanted?: true | readonly string[],
  most = MOST_CATEGORIES,
): Column {
  const name = table.names[column]!
  const cells = table.rows.map((row) => row.cells[column]!.trim())
  const present = cells.flatMap((cell, row) => (isMissing(cell) ? [] : [row]))
  const numbers = cells.map(numberOf)
  const insist = `say categories: { ${JSON.stringify(name)}: true }`
  const isNumber = (row: number) => numbers[row] !== undefined
  if (!wanted && present.every(isNumber)) {
    const values = new Float64Array(cells.length).fill(Number.NaN)
    for (const row of present) values[row] = numbers[row]!
    const huge = present.find((row) => !Number.isFinite(Math.fround(values[row]!)))
    if (huge === undefined) return { name, values, categories: undefined }
    throw new HebbError('data', `${place(table, huge, column)}: "${cells[huge]}" is beyond 32-bit floats`)
  }
  if (!wanted && present.some(isNumber)) {
    const odd = present.find((row) => !isNumber(row))!
    throw new HebbError(
      'data',
      `${place(table, odd, column)}: "${cells[odd]}" is no number, other cells of the column are: correct it, name it in missing, or ${insist}`,
    )
  }
  const categories = Array.isArray(wanted) ? wanted : sorted(present.map((row) => cells[row]!))
  if (!wanted && categories.length > most) {
    throw new HebbError(
      'data',
      `${table.name}: column "${name}" has ${categories.length} different texts, each of which would be a feature: leave it out with columns, or ${insist}`,
    )
  }
  const numberOfCategory = new Map(categories.map((category, i) => [category, i]))
  const values = Float64Array.from(cells, (cell, row) => {
    if (isMissing(cell)) return Number.NaN
    const known = numberOfCategory.get(cell)
    if (known !== undefined) return known
    throw new HebbError(
      'data',
      `${place(table, row, column)}: "${cell}" is none of ${categories.map((text) => `"${text}"`).join(', ')}`,
    )
  })
  return { name, values, categories }
}

/** Each text once: numbers by their size, before all others by their code units. */
function sorted(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort((a, b) => {
    const [x, y] = [numberOf(a), numberOf(b)]
    if (x !== undefined && y !== undefined && x !== y) return x - y
    if ((x === undefined) !== (y === undefined)) return x === undefined ? 1 : -1
    return a < b ? -1 : 1
  })
}

/** The features that a column becomes, with means for what is missing. */
export function featuresOf({ name, values, categories }: Column): { name: string; values: Float64Array }[] {
  const columns = categories
    ? categories.map((category, i) => ({
        name: `${name}=${category}`,
        values: values.map((value) => (Number.isNaN(value) ? value : Number(value === i))),
      }))
    : [{ name, values }]
  for (const { values } of columns) {
    const present = values.filter((value) => !Number.isNaN(value))
    if (present.length === 0) throw new HebbError('data', `column "${name}" has no values: leave it out`)
    if (present.length === values.length) continue
    const mean = present.reduce((a, b) => a + b, 0) / present.length
    for (const [row, value] of values.entries()) if (Number.isNaN(value)) values[row] = mean
  }
  return columns
}

/** Columns as the rows of one array. */
export function interleave(columns: readonly Float64Array[], rows: number): Float32Array {
  const all = new Float32Array(rows * columns.length)
  columns.forEach((values, i) => {
    for (let row = 0; row < rows; row++) all[row * columns.length + i] = values[row]!
  })
  return all
}
