/** Equal neighbours in rows of cells as one stroke each: for each look, the path of all its cells. */
export function runs<T extends string | number>(
  columns: number,
  rows: number,
  look: (column: number, row: number) => T | undefined,
): Map<T, string> {
  const paths = new Map<T, string>()
  for (let row = 0; row < rows; row++) {
    for (let from = 0; from < columns; ) {
      const one = look(from, row)
      let to = from + 1
      while (to < columns && look(to, row) === one) to++
      if (one !== undefined) paths.set(one, `${paths.get(one) ?? ''}M${from} ${row + 0.5}h${to - from}`)
      from = to
    }
  }
  return paths
}

/** A value as a level from −3 to 3: 0 for what is near 0, the highest for more than half of the largest one. */
export function levelOf(value: number, most: number): number {
  return Math.max(-3, Math.min(3, Math.round((5 * value) / (most || 1)))) || 0
}

/** The largest size of finite values. */
export function largest(values: ArrayLike<number>): number {
  let most = 0
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]!)
    if (size > most && size < Number.POSITIVE_INFINITY) most = size
  }
  return most
}

const SHADES = ['=', '-', '·', ' ', '░', '▒', '▓']
/** The character of a level: blocks above 0, lines below. */
export function shade(level: number, paint: (text: string, colour: number) => string): string {
  const text = SHADES[level + 3]!
  return level === 0 ? text : paint(text, level > 0 ? 1 : 0)
}
