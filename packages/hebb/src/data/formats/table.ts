// CSV files as named columns of texts.
import { HebbError, shown } from '../../errors'
import { remedyOf } from './almost'
import { type CsvRow, parseCsv } from './csv'
import type { ReadNumber } from './numbers'
import type { Source } from './source'
import { bytesOf, nameOf } from './source'

/** The most bytes of an unpacked text: its cells take ten times as much memory. */
const MAX_TEXT_BYTES = 2 ** 28

/** A table: the names of its columns, and its rows. */
export interface Table {
  name: string
  names: string[]
  rows: CsvRow[]
}

/** The layout of the text of a table. */
export interface Layout {
  delimiter: string
  /** Whether the first row has the names; undefined without the option. */
  header: boolean | undefined
  read: ReadNumber
}

/** Reads a table. Every row has a cell for every name. */
export async function readTable(source: Source, layout: Layout): Promise<Table> {
  // A text has a line end, a path or URL has none.
  const isText = typeof source === 'string' && /[\n\r]/.test(source)
  const name = isText ? 'the CSV text' : nameOf(source, 'the CSV file')
  const text = isText ? (source as string) : decode(await bytesOf(source, name, MAX_TEXT_BYTES), name)
  const { delimiter, header = true } = layout
  const rows = parseCsv(text, delimiter, name)
  const refuse = (why: string): never => {
    throw new HebbError('file', `${name}${why}`)
  }
  const first = rows[0]
  if (!first || (header && rows.length === 1))
    return refuse(` has no rows${first ? ' below its header' : ''}`)
  const hint = otherDelimiter(rows, delimiter)
  if (hint && first.cells.length === 1) {
    throw new HebbError('option', `${name}: line ${first.line} has one cell${hint}`)
  }
  for (const { line, cells } of rows) {
    if (cells.length === first.cells.length) continue
    refuse(`: line ${line} has ${cells.length} cells, line ${first.line} has ${first.cells.length}${hint}`)
  }
  if (!header) return { name, names: first.cells.map((_, i) => `column${i}`), rows }
  const table = withoutNameless({ name, names: first.cells.map((cell) => cell.trim()), rows: rows.slice(1) })
  const seen = new Set<string>()
  for (const column of table.names) {
    const what = `two columns have the name ${shown(column)} in line ${first.line}`
    if (seen.has(column)) refuse(`: ${what}; if that line is data, say header: false`)
    seen.add(column)
  }
  if (layout.header === undefined && looksLikeData(table, layout.read)) {
    refuse(
      `: line ${first.line} looks like data (${listed(table.names.slice(0, 3))}): say header: false, or header: true if these are names`,
    )
  }
  return table
}

/** A table without the columns that have no name and are empty or count the rows, as some programs write them. */
function withoutNameless(table: Table): Table {
  const { names, rows } = table
  const counts = (column: number, from: number) =>
    rows.every(({ cells }, i) => cells[column]!.trim() === String(i + from))
  const kept = names.flatMap((name, i) => {
    const empty =
      name === '' && (rows.every(({ cells }) => cells[i]!.trim() === '') || counts(i, 0) || counts(i, 1))
    return empty ? [] : [i]
  })
  if (kept.length === names.length) return table
  const pick = (cells: readonly string[]) => kept.map((i) => cells[i]!)
  return { ...table, names: pick(names), rows: rows.map(({ line, cells }) => ({ line, cells: pick(cells) })) }
}

/** Whether names look like data: a fraction, or numbers whose other names all occur as texts in the rows below. */
function looksLikeData({ names, rows }: Table, read: ReadNumber): boolean {
  const numbers = names.map(read)
  if (numbers.some((number) => number !== undefined && !Number.isInteger(number))) return true
  const occurs = (column: number) => rows.some(({ cells }) => cells[column]!.trim() === names[column])
  const all = numbers.every((number, column) => number !== undefined || occurs(column))
  return all && numbers.some((number) => number !== undefined)
}

/** A question about another delimiter if all of the first rows contain it, else empty. */
function otherDelimiter(rows: readonly CsvRow[], delimiter: string): string {
  const texts = rows.slice(0, 100).map(({ cells }) => cells.join(delimiter).trim())
  const isIn = (candidate: string) => (text: string) =>
    candidate === ' ' ? text.split(/\s+/).length > 2 : text.includes(candidate)
  const other = [';', '\t', '|', ',', ' '].find((one) => one !== delimiter && texts.every(isIn(one)))
  if (!other || texts.every(remedyOf)) return ''
  return `; is the delimiter ${JSON.stringify(other)}?`
}

/** The first few of some names, for messages. */
export function listed(names: readonly string[]): string {
  const few = names.slice(0, 20).map((name) => shown(name))
  return `${few.join(', ')}${names.length > few.length ? `, … (${names.length} in all)` : ''}`
}

/** The numbers of columns that are given by name or by number from 0. */
export function columnsOf(table: Table, option: string, columns: readonly (string | number)[]): number[] {
  const numbers = new Map(table.names.map((name, i) => [name, i]))
  // The spread turns holes in the list into undefined.
  return [...columns].map((column) => {
    const index = typeof column === 'number' ? column : (numbers.get(column) ?? -1)
    if (table.names[index] !== undefined) return index
    throw new HebbError(
      'option',
      `datasets.fromCsv: ${option} names ${shown(column)}, the columns are ${listed(table.names)}`,
    )
  })
}

function decode(bytes: Uint8Array, name: string): string {
  const strict = () => new TextDecoder('utf-8', { fatal: true })
  try {
    return strict().decode(bytes)
  } catch {
    // Finds the line: in UTF-8 the byte of a line end never occurs inside a character.
    let line = 1
    for (let at = 0; at < bytes.length; line++) {
      const end = bytes.indexOf(10, at)
      const next = end < 0 ? bytes.length : end + 1
      try {
        strict().decode(bytes.subarray(at, next))
      } catch {
        break
      }
      at = next
    }
    throw new HebbError(
      'file',
      `${name} is not UTF-8 text in line ${line}: save it as UTF-8, or decode it and give its text`,
    )
  }
}
