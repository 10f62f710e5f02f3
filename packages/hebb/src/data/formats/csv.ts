// A parser of comma-separated values (RFC 4180).
import { HebbError } from '../../errors'

/** One record, and the line in which it begins, from 1. */
export interface CsvRow {
  line: number
  cells: string[]
}

/** Line ends of any kind, and the blanks that may surround cells (except the delimiter). */
const LINE_END = /\r\n?|\n/g
const isBlank = (code: number) => code === 32 || code === 9 || code === 0xa0

/**
 * The records of a text; lines may end with CRLF, LF or CR. Empty and blank lines are omitted. Blanks around a quoted cell
 * do not belong to it.
 */
export function parseCsv(text: string, delimiter: string, name: string): CsvRow[] {
  const rows: CsvRow[] = []
  let cells: string[] = []
  let line = 1
  let start = 1
  // A byte order mark does not belong to the first name.
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0
  let lineStart = at

  const separator = delimiter.charCodeAt(0)
  /** The first index from `from` on without a blank. */
  const afterBlanks = (from: number) => {
    let end = from
    while (isBlank(text.charCodeAt(end)) && text.charCodeAt(end) !== separator) end++
    return end
  }
  const isEnd = (code: number) => code === separator || code === 10 || code === 13

  /** Reads a quoted cell; `at` is after the opening quote. */
  const quoted = (): string => {
    const opening = { line, column: at - lineStart }
    let value = ''
    for (;;) {
      const quote = text.indexOf('"', at)
      if (quote < 0) {
        throw new HebbError(
          'file',
          `${name}: the quote opened in line ${opening.line}, column ${opening.column} is never closed`,
        )
      }
      const part = text.slice(at, quote)
      for (const end of part.matchAll(LINE_END)) {
        line++
        lineStart = at + end.index + end[0].length
      }
      value += part
      at = quote + 1
      if (text[at] !== '"') break
      value += '"'
      at++
    }
    at = afterBlanks(at)
    if (at < text.length && !isEnd(text.charCodeAt(at))) {
      throw new HebbError(
        'file',
        `${name}: line ${line}, column ${at - lineStart + 1} has text after a closing quote: double the quotes inside a quoted cell`,
      )
    }
    return value
  }

  /** Reads an unquoted cell, which may contain quotes, as many programs write them. */
  const plain = (): string => {
    const from = at
    while (at < text.length && !isEnd(text.charCodeAt(at))) at++
    return text.slice(from, at)
  }

  while (at < text.length) {
    const begin = isBlank(text.charCodeAt(at)) ? afterBlanks(at) : at
    const wasQuoted = text[begin] === '"'
    if (wasQuoted) at = begin + 1
    cells.push(wasQuoted ? quoted() : plain())
    if (text[at] === delimiter) {
      at++
      // After a delimiter at the end of the text there is an empty cell.
      if (at < text.length) continue
      cells.push('')
    }
    if (cells.length > 1 || cells[0]!.trim() !== '' || wasQuoted) rows.push({ line: start, cells })
    cells = []
    at += text[at] === '\r' && text[at + 1] === '\n' ? 2 : 1
    line++
    start = line
    lineStart = at
  }
  return rows
}
