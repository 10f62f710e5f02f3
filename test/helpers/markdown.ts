// Code in Markdown, run as a reader would run it.
import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
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

let programs = 0

/** The output of code that runs in a folder that finds `hebb`, or in another one. */
export async function run(code: string, folder: string, cwd = folder): Promise<string> {
  programs += 1
  const file = join(folder, `${programs}.mts`)
  writeFileSync(file, code)
  const { stdout } = await promisify(execFile)(process.execPath, [file], { cwd, maxBuffer: 1 << 26 })
  return stdout
}
