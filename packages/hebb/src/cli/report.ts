// What a command prints on stdout.

export interface Report {
  /** With `--json`: one object. */
  json: object
  /** Else. */
  text: string
}

const shown = (value: unknown) => (typeof value === 'number' ? `${Number(value.toPrecision(6))}` : `${value}`)

/** A line for each value that is defined. */
export function rows(values: Record<string, unknown>): string {
  const known = Object.entries(values).filter(([, value]) => value !== undefined)
  const width = Math.max(...known.map(([name]) => name.length))
  return known.map(([name, value]) => `${name.padEnd(width)}  ${shown(value)}`).join('\n')
}

/** A table as CSV. */
export function csv(table: readonly (readonly (string | number)[])[]): string {
  const cell = (value: string | number) =>
    /[",\n\r]/.test(`${value}`) ? `"${`${value}`.replaceAll('"', '""')}"` : shown(value)
  return table.map((row) => row.map(cell).join(',')).join('\n')
}
