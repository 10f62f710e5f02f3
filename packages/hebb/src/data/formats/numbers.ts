// How numbers are written in a file, and how they are read.
import { refuse } from '../../options'

export interface NumberFormat {
  /** What separates the fraction of a number: `.` or `,`. Default `.`. */
  decimal?: '.' | ','
  /**
   * What separates groups of digits, one character: with `','` the cell `1,234.5` is 1234.5. A blank stands for thin
   * and unbreakable blanks too. Default: nothing does.
   */
  thousands?: string
  /** Texts that are taken off both ends of a number: with `['$', '%']` the cell `45%` is 45. Default: none. */
  strip?: readonly string[]
}

/** The number that a cell holds, if it holds one. */
export type ReadNumber = (cell: string) => number | undefined

/** A function that reads numbers of a format, in time linear in the cell's length. */
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

/** What finds groups of two or three digits at the begin of a number, the last of three, and what is between them. */
function groupsOf(thousands: string): { pattern: RegExp; separator: RegExp } {
  const one = thousands === ' ' ? '\\s' : `[\\${thousands}]`
  const pattern = new RegExp(`^[+-]?\\d{1,3}(?:${one}\\d{2,3})*${one}\\d{3}(?!\\d)`)
  return { pattern, separator: new RegExp(one, 'g') }
}

/** A text without others at its ends; its sign may stand before or after them. */
function stripped(cell: string, strip: readonly string[]): string {
  const sign = /^[+-]/.exec(cell)?.[0] ?? ''
  let text = cell.slice(sign.length)
  for (const part of strip) {
    if (text.startsWith(part)) text = text.slice(part.length).trimStart()
    if (text.endsWith(part)) text = text.slice(0, -part.length).trimEnd()
  }
  return sign + text
}
