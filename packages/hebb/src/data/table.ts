// A CSV file as named columns of texts.
import { HebbError, shown } from '../errors'
import { parseCsv } from './csv'
import type { Source } from './source'
import { bytesOf, nameOf } from './source'

/** A table: names, and the rows that were kept. */
export interface Table {
  name: string
  names: string[]
  rows: { line: number; cells: string[] }[]
}

/** Reads a table; every row has a cell for every name. */
export async function readTable(source: Source, delimiter: string, header: boolean): Promise<Table> {
  // A text is known by its end of line, which no path or address has.
  const isText = typeof source === 'string' && /[\n\r]/.test(source)
  const name = isText ? 'the CSV text' : nameOf(source, 'the CSV file')
  const text = isText ? (source as string) : decode(await bytesOf(source, name), name)
  const rows = parseCsv(text, delimiter, name)
  const first = rows[0]
  if (!first || (header && rows.length === 1)) {
    throw new HebbError('file', `${name} has no rows${first ? ' below its header' : ''}`)
  }
  const names = header ? first.cells.map((cell) => cell.trim()) : first.cells.map((_, i) => `column${i}`)
  const twice = names.find((column, i) => names.indexOf(column) !== i)
  if (twice !== undefined) {
    throw new HebbError(
      'file',
      `${name}: two columns are called "${twice}" in line ${first.line}; if that line is data, say header: false`,
    )
  }
  for (const { line, cells } of rows) {
    if (cells.length === names.length) continue
    throw new HebbError(
      'file',
      `${name}: line ${line} has ${cells.length} cells, line ${first.line} has ${names.length}`,
    )
  }
  return { name, names, rows: header ? rows.slice(1) : rows }
}

/** The number of a column given by its name, or counted from 0. */
export function columnOf(table: Table, option: string, column: string | number): number {
  const index = typeof column === 'number' ? column : table.names.indexOf(column)
  if (table.names[index] !== undefined) return index
  const only = table.names.length === 1 ? table.names[0]! : ''
  const other = [';', '\t', '|', ','].find((candidate) => only.includes(candidate))
  const hint = other ? `; is the delimiter ${JSON.stringify(other)}?` : ''
  const known = table.names.map((name) => `"${name}"`).join(', ')
  throw new HebbError(
    'option',
    `datasets.fromCsv: ${option} names ${shown(column)}, the columns are ${known}${hint}`,
  )
}

function decode(bytes: Uint8Array, name: string): string {
  const strict = () => new TextDecoder('utf-8', { fatal: true })
  try {
    return strict().decode(bytes)
  } catch {
    // Which line? UTF-8 never has the byte of an end of line inside of a character.
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
