// Texts that are almost numbers, such as prices, percentages, decimal commas and dates. Without a check each would become a
// category.

/** Longer texts are not examined: numbers are short, and regular expressions may backtrack. */
const MAX_CHARACTERS = 40

const GROUPED = /^[+-]?\d{1,3}([,.'’_\s])\d{3}(?:\1\d{3})*(?:([.,])\d*)?$/
const COMMA = /^[+-]?\d*,\d+(?:e[+-]?\d+)?$/i
const DATE = /^(?:\d{4}[-/.]\d\d?[-/.]\d\d?|\d\d?[-/.]\d\d?[-/.]\d{2,4})(?!\d)|^\d\d?:\d\d(?!\d)/
/** A sign; a currency; a number; a unit. */
const MEASURE =
  /^([+-]?)(\p{Sc}|[A-Z]{3}(?![A-Z]))?\s*([+-]?[\d.,][\d.,'’_\s]*(?:[eE][+-]?\d+)?)([%‰°]|\p{Sc}|°?\p{L}{1,4}[²³]?)?$/u

/** The remedy for a text that is almost a number; undefined if it is not. */
export function remedyOf(cell: string): string | undefined {
  if (cell.length > MAX_CHARACTERS || !/\d/.test(cell)) return undefined
  if (/^[+-]?0[xob][\da-f]+$/i.test(cell)) return 'write it in decimal digits'
  if (/^[−–]/.test(cell)) return 'write its minus as "-"'
  if (/^\(.*\)$|\d-$/.test(cell)) return 'write its minus in front'
  if (DATE.test(cell)) return 'make numbers of dates and times'
  const [, sign, before, text, after] = MEASURE.exec(cell) ?? []
  if (text === undefined) return undefined
  const number = sign + text.trim()
  const options = separators(number)
  if (options.length === 0 && !/^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(number)) return undefined
  const affixes = [before, after].filter(Boolean).map((affix) => `'${affix}'`)
  if (affixes.length > 0) options.push(`strip: [${affixes.join(', ')}]`)
  return options.length > 0 ? `say ${options.join(', ')}` : undefined
}

/** The options for a number with groups of digits or a decimal comma. */
function separators(number: string): string[] {
  const [, group, point] = GROUPED.exec(number) ?? []
  if (group && group !== point) {
    const several = number.split(group).length > 2
    const thousands = `thousands: ${group === "'" ? `"'"` : /\s/.test(group) ? "' '" : `'${group}'`}`
    if (point === ',') return [thousands, "decimal: ','"]
    if (group === ',' && !point && !several) return [`${thousands} (or decimal: ',')`]
    // 1.234 is a number as it stands.
    if (group !== '.' || several) return [thousands]
  }
  return COMMA.test(number) ? ["decimal: ','"] : []
}

/** The first text that is almost a number, and the remedies, if more than half of the texts are almost numbers. */
export function almostNumbers(texts: readonly string[]): { at: number; remedy: string } | undefined {
  let remedies = texts.map(remedyOf)
  // Letters are a unit only if they are the same everywhere: "5 kg" and "7 kg", but not "1st" and "2nd".
  const isUnit = (remedy: string | undefined) => remedy !== undefined && /strip: .*\p{L}/u.test(remedy)
  const units = new Set(remedies.filter(isUnit))
  if (units.size > 1) remedies = remedies.map((remedy) => (isUnit(remedy) ? undefined : remedy))
  const known = remedies.filter((remedy) => remedy !== undefined)
  if (2 * known.length <= texts.length) return undefined
  const different = [...new Set(known)].slice(0, 3)
  return { at: remedies.indexOf(known[0]), remedy: different.join(', or ') }
}
