// Comma-separated values as RFC 4180 has them.
import { HebbError } from '../errors'

/** One record, and the line (from 1) that it begins in. */
export interface CsvRow {
  line: number
  cells: string[]
}

/** The records of a text; lines may end in CRLF, LF or CR, empty ones are left out. */
export function parseCsv(text: string, delimiter: string, name: string): CsvRow[] {
  const rows: CsvRow[] = []
  let cells: string[] = []
  let line = 1
  let start = 1
  // A byte order mark is no part of the first name.
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0
  let lineStart = at

  const separator = delimiter.charCodeAt(0)
  const isEnd = (from: number) => {
    const code = text.charCodeAt(from)
    return code === separator || code === 10 || code === 13 || from >= text.length
  }

  /** A quoted cell; `at` is behind its first quote. */
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
      for (let n = part.indexOf('\n'); n >= 0; n = part.indexOf('\n', n + 1)) {
        line++
        lineStart = at + n + 1
      }
      value += part
      at = quote + 1
      if (text[at] !== '"') break
      value += '"'
      at++
    }
    if (!isEnd(at)) {
      throw new HebbError(
        'file',
        `${name}: line ${line}, column ${at - lineStart + 1} has text behind a closing quote: double the quotes inside of a quoted cell`,
      )
    }
    return value
  }

  /** A cell without quotes: they may be inside of it, as many writers leave them. */
  const plain = (): string => {
    const from = at
    while (!isEnd(at)) at++
    return text.slice(from, at)
  }

  while (at < text.length) {
    const wasQuoted = text[at] === '"'
    if (wasQuoted) at++
    cells.push(wasQuoted ? quoted() : plain())
    if (text[at] === delimiter) {
      at++
      // A delimiter at the very end has an empty cell behind it.
      if (at < text.length) continue
      cells.push('')
    }
    if (cells.length > 1 || cells[0] !== '' || wasQuoted) rows.push({ line: start, cells })
    cells = []
    at += text[at] === '\r' && text[at + 1] === '\n' ? 2 : 1
    line++
    start = line
    lineStart = at
  }
  return rows
}
