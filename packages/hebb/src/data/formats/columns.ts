// Converts the texts of a column to numbers or categories.
import { HebbError, shown } from '../../errors'
import { almostNumbers, remedyOf } from './almost'
import type { ReadNumber } from './numbers'
import { listed, type Table } from './table'

/** The most different texts of a column that become one feature each without the option `categories`. */
const MAX_CATEGORIES = 256

/** From this number of rows on, a column with a different text in every row names the rows. */
const MIN_ROW_NAMES = 5

/** The most values of a table: 4 GiB, as much as the engine's memory. */
const MAX_VALUES = 2 ** 30

export interface CellReader {
  isMissing: (cell: string) => boolean
  read: ReadNumber
}

/** A converted column: the number, or the number of the category, for each row; NaN if it is missing. */
export interface Column {
  name: string
  values: Float64Array
  /** The categories, sorted; undefined for a column of numbers. */
  categories: readonly string[] | undefined
}

/** The place of a cell, for messages. */
export function place(table: Table, row: number, column: number): string {
  return `${table.name}, line ${table.rows[row]!.line}, column ${shown(table.names[column])}`
}

/**
 * Reads a column of features or of targets (`isTarget`). Without `wanted` the column has numbers if all cells are numbers,
 * and categories if no cell is; with `wanted` it has categories: `true` means those that occur, a list exactly these.
 */
export function readColumn(
  table: Table,
  column: number,
  { isMissing, read }: CellReader,
  isTarget: boolean,
  wanted: true | readonly string[] | undefined,
): Column {
  const name = table.names[column]!
  const cells = table.rows.map((row) => row.cells[column]!.trim())
  const present = cells.flatMap((cell, row) => (isMissing(cell) ? [] : [row]))
  const refuse = (row: number, why: string): never => {
    throw new HebbError('data', `${place(table, row, column)}: ${shown(cells[row])} ${why}`)
  }
  const insist = isTarget ? 'say classes: true' : `say categories: { ${JSON.stringify(name)}: true }`
  if (!wanted) {
    const numbers = cells.map(read)
    const odd = present.find((row) => numbers[row] === undefined)
    if (odd === undefined) {
      const values = new Float64Array(cells.length).fill(Number.NaN)
      for (const row of present) values[row] = numbers[row]!
      checkPrecision(values, present, cells, refuse)
      return { name, values, categories: undefined }
    }
    if (present.some((row) => numbers[row] !== undefined)) {
      const remedy = remedyOf(cells[odd]!) ?? 'correct it, name it in missing'
      refuse(odd, `is not a number, but other cells of the column are: ${remedy}, or ${insist}`)
    }
    const almost = almostNumbers(present.map((row) => cells[row]!))
    if (almost) {
      refuse(present[almost.at]!, `is almost a number: ${almost.remedy}; or, if it is a text, ${insist}`)
    }
  }
  const categories = Array.isArray(wanted)
    ? wanted
    : sorted(
        present.map((row) => cells[row]!),
        read,
      )
  const named = present.length >= MIN_ROW_NAMES && categories.length === present.length
  if (!wanted && (named || (!isTarget && categories.length > MAX_CATEGORIES))) {
    const each = isTarget ? 'class: name another target' : 'feature: leave it out with columns'
    throw new HebbError(
      'data',
      `${table.name}: column ${shown(name)} has ${categories.length} different texts in ${present.length} rows, each of which would be a ${each}, or ${insist}`,
    )
  }
  const numberOfCategory = new Map(categories.map((category, i) => [category, i]))
  const values = Float64Array.from(cells, (cell, row) => {
    if (isMissing(cell)) return Number.NaN
    const known = numberOfCategory.get(cell)
    if (known !== undefined) return known
    return refuse(row, `is none of ${listed(categories)}`)
  })
  return { name, values, categories }
}

/** Throws if 32-bit floats, in which networks compute, cannot represent or distinguish the numbers. */
function checkPrecision(
  values: Float64Array,
  present: readonly number[],
  cells: readonly string[],
  refuse: (row: number, why: string) => never,
): void {
  let least = Number.POSITIVE_INFINITY
  let most = Number.NEGATIVE_INFINITY
  for (const row of present) {
    const value = values[row]!
    if (value < least) least = value
    if (value > most) most = value
  }
  const size = Math.max(-least, most)
  if (present.length > 0 && !Number.isFinite(Math.fround(size))) {
    const huge = present.find((row) => !Number.isFinite(Math.fround(values[row]!)))
    refuse(huge!, 'is beyond 32-bit floats')
  }
  // Fractions may become equal by rounding, unless few of the 2²⁴ steps remain between the least and the largest number.
  const isNarrow = most - least < size * 1e-4 && most - least > size * 1e-12
  if (size <= 2 ** 24 && !isNarrow) return
  const rows = new Map<number, number>()
  for (const row of present) {
    const rounded = Math.fround(values[row]!)
    const other = rows.get(rounded)
    if (other === undefined) {
      rows.set(rounded, row)
      continue
    }
    const areWhole = Number.isInteger(values[row]) && Number.isInteger(values[other])
    // Beyond 2⁵³ only the texts distinguish integers.
    const areDigits = [row, other].every((one) => /^-?\d{16,}$/.test(cells[one]!))
    const differ = values[row] !== values[other] || (areDigits && cells[row] !== cells[other])
    if (differ && (areWhole || isNarrow)) {
      const remedy = 'subtract an offset from the column, or leave it out'
      refuse(
        row,
        `and ${shown(cells[other])} are the same number in the 32-bit floats of a network: ${remedy}`,
      )
    }
  }
}

/** The different texts, sorted: numbers by size, then all others by code units. */
function sorted(texts: readonly string[], read: ReadNumber): string[] {
  return [...new Set(texts)].sort((a, b) => {
    const [x, y] = [read(a), read(b)]
    if (x !== undefined && y !== undefined && x !== y) return x - y
    if ((x === undefined) !== (y === undefined)) return x === undefined ? 1 : -1
    return a < b ? -1 : 1
  })
}

/**
 * The features as one array of rows: a column of numbers is one feature, a column of categories one feature per category.
 * A missing value becomes the mean of the column, for categories the frequency of each.
 */
export function toFeatures(
  columns: readonly Column[],
  rows: number,
): { names: string[]; data: Float32Array } {
  const names = columns.flatMap(({ name, categories }) =>
    categories ? categories.map((category) => `${name}=${category}`) : [name],
  )
  const width = names.length
  if (width * rows > MAX_VALUES) {
    throw new HebbError(
      'memory',
      `${rows} rows of ${width} features do not fit into memory: leave columns out`,
    )
  }
  const data = new Float32Array(width * rows)
  let from = 0
  for (const { name, values, categories } of columns) {
    const present = values.filter((value) => !Number.isNaN(value))
    if (present.length === 0) throw new HebbError('data', `column ${shown(name)} has no values: leave it out`)
    const means = categories ? categories.map(() => 0) : [present.reduce((a, b) => a + b) / present.length]
    if (categories) for (const value of present) means[value]! += 1 / present.length
    for (let row = 0, at = from; row < rows; row++, at += width) {
      const value = values[row]!
      if (Number.isNaN(value)) data.set(means, at)
      else if (categories) data[at + value] = 1
      else data[at] = value
    }
    from += means.length
  }
  return { names, data }
}
