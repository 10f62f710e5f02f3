// Comma-separated values as RFC 4180 has them.
import { HebbError } from '../../errors'

/** One record, and the line (from 1) that it begins in. */
export interface CsvRow {
  line: number
  cells: string[]
}

/** A line's end of any kind, and the blanks that cells may have around them (the delimiter excepted). */
const LINE_END = /\r\n?|\n/g
const isBlank = (code: number) => code === 32 || code === 9 || code === 0xa0

/**
 * The records of a text; lines may end in CRLF, LF or CR. Lines that are empty or blank are left out. Blanks around a
 * quoted cell are no part of it.
 */
export function parseCsv(text: string, delimiter: string, name: string): CsvRow[] {
  const rows: CsvRow[] = []
  let cells: string[] = []
  let line = 1
  let start = 1
  // A byte order mark is no part of the first name.
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0
  let lineStart = at

  const separator = delimiter.charCodeAt(0)
  /** The first place from `from` on that is no blank. */
  const afterBlanks = (from: number) => {
    let end = from
    while (isBlank(text.charCodeAt(end)) && text.charCodeAt(end) !== separator) end++
    return end
  }
  const isEnd = (code: number) => code === separator || code === 10 || code === 13

  /** A quoted cell; `at` is after its first quote. */
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

  /** A cell without quotes around it: they may be inside it, as many writers leave them. */
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
      // A delimiter at the very end has an empty cell after it.
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
