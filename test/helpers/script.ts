// Programs in a Node of their own.
import { execFileSync } from 'node:child_process'

/** What a program prints, run in a folder that finds `hebb`. It must end by itself. */
export function script(code: string): string {
  return execFileSync(process.execPath, ['--input-type=module', '-e', code], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
    timeout: 20_000,
  }).trim()
}
