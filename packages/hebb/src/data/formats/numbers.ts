// Reads numbers in the notation of a file.
import { refuse } from '../../options'

export interface NumberFormat {
  /** The decimal separator: `.` or `,`. Default `.`. */
  decimal?: '.' | ','
  /**
   * The character between groups of digits: with `','` the cell `1,234.5` is 1234.5. A blank also matches thin and
   * non-breaking blanks. Default: none.
   */
  thousands?: string
  /** Texts to remove from both ends of a number: with `['$', '%']` the cell `45%` is 45. Default: none. */
  strip?: readonly string[]
}

/** Returns the number in a cell, if there is one. */
export type ReadNumber = (cell: string) => number | undefined

/** A function that reads numbers in a format, in time linear in the length of the cell. */
export function numberReader(
  who: string,
  { decimal = '.', thousands, strip = [] }: NumberFormat,
): ReadNumber {
  if (decimal !== '.' && decimal !== ',') refuse(who, 'decimal', "'.' or ','", decimal)
  const oneCharacter = typeof thousands === 'string' && /^[^a-z\d+-]$/i.test(thousands)
  if (thousands !== undefined && (!oneCharacter || thousands === decimal)) {
    refuse(who, 'thousands', 'one character, no sign, letter, digit or decimal', thousands)
  }
  if (!Array.isArray(strip) || !strip.every((text) => typeof text === 'string' && text !== '')) {
    refuse(who, 'strip', 'a list of texts', strip)
  }
  const groups = thousands ? groupsOf(thousands) : undefined
  const point = `\\${decimal}`
  const plain = new RegExp(`^[+-]?(?:\\d+(?:${point}\\d*)?|${point}\\d+)(?:e[+-]?\\d+)?$`, 'i')
  return (cell) => {
    let text = strip.length > 0 ? stripped(cell, strip) : cell
    const digits = groups?.pattern.exec(text)?.[0]
    if (digits) text = digits.replace(groups!.separator, '') + text.slice(digits.length)
    if (!plain.test(text)) return undefined
    return Number(decimal === '.' ? text : text.replace(',', '.'))
  }
}

/** The patterns of groups of two or three digits (the last of three) at the start of a number, and of their separator. */
function groupsOf(thousands: string): { pattern: RegExp; separator: RegExp } {
  const one = thousands === ' ' ? '\\s' : `[\\${thousands}]`
  const pattern = new RegExp(`^[+-]?\\d{1,3}(?:${one}\\d{2,3})*${one}\\d{3}(?!\\d)`)
  return { pattern, separator: new RegExp(one, 'g') }
}

/** A text without the given texts at its ends; the sign may be before or after them. */
function stripped(cell: string, strip: readonly string[]): string {
  const sign = /^[+-]/.exec(cell)?.[0] ?? ''
  let text = cell.slice(sign.length)
  for (const part of strip) {
    if (text.startsWith(part)) text = text.slice(part.length).trimStart()
    if (text.endsWith(part)) text = text.slice(0, -part.length).trimEnd()
  }
  return sign + text
}
