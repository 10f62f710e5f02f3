// Programs in a separate Node process.
import { execFileSync } from 'node:child_process'

/** The output of a program that runs in a folder that finds `hebb`. It must exit by itself. */
export function script(code: string): string {
  return execFileSync(process.execPath, ['--input-type=module', '-e', code], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
    timeout: 150_000,
  }).trim()
}
