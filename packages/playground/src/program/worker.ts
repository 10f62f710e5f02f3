// The thread of the reader's program: it runs one, and the page ends it.
import { runModule } from './module'

/** What the page learns from a program. */
export type Told =
  | { kind: 'line'; line: string }
  | { kind: 'exports'; exports: Record<string, unknown> }
  | { kind: 'error'; message: string }

/** A program that prints without end would fill the page's memory. */
const MOST_LINES = 1000
const LONGEST_LINE = 10_000

const tell = (told: Told) => postMessage(told)
let lines = 0

function print(line: string): void {
  lines++
  if (lines > MOST_LINES) throw new Error(`The page shows ${MOST_LINES} lines, and this program prints more.`)
  tell({ kind: 'line', line: line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)} …` : line })
}

addEventListener('message', async ({ data: code }: MessageEvent<string>) => {
  try {
    const exports = await runModule(code, print)
    for (const [name, value] of Object.entries(exports)) checkData(name, value)
    tell({ kind: 'exports', exports })
  } catch (error) {
    tell({ kind: 'error', message: (error as Error).message })
  }
})

/** The page gets a copy of what a program exports, and a function or a network has none. */
function checkData(name: string, value: unknown): void {
  try {
    structuredClone(value)
  } catch {
    throw new Error(`The page cannot take ${name}: export numbers, texts, and arrays or objects of them.`)
  }
}
