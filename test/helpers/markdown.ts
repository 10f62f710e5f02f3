// Code in Markdown, run as a reader would run it.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root'

/** A block of code, and its output according to the text block after it. */
export interface Block {
  code: string
  output: string
}

/** The TypeScript blocks of a file. */
export function blocks(file: string): Block[] {
  const text = readFileSync(join(root, file), 'utf8')
  const found = text.matchAll(/^```ts\n(.*?)^```$(?:\s+^```text\n(.*?)^```$)?/gms)
  return [...found].map(([, code, output = '']) => ({ code: code!, output }))
}

/** The output of code that runs in a folder that finds `hebb`, or in another one. */
export function run(code: string, folder: string, cwd = folder): string {
  const file = join(folder, 'readme.mts')
  writeFileSync(file, code)
  return execFileSync(process.execPath, [file], { cwd, encoding: 'utf8', maxBuffer: 1 << 26 })
}
