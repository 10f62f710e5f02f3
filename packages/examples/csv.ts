// Reads the examples' small tables.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The rows of a file in data/, each an object from column to text. */
export function readCsv(name: string): Record<string, string>[] {
  const text = readFileSync(join(import.meta.dirname, 'data', name), 'utf8')
  const [header, ...rows] = text.trim().split('\n')
  const names = header!.split(',')
  return rows.map((row) => Object.fromEntries(row.split(',').map((cell, i) => [names[i]!, cell])))
}
