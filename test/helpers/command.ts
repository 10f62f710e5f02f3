// The command `hebb`, as it is built.
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from './root'

/** The command's file. */
export const cli = join(root, 'packages', 'hebb', 'dist', 'cli.js')

/** What a command printed, and the code that it ended with. */
export function hebb(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8' })
  return { status, stdout, stderr }
}

/** The object that a command prints with `--json`; it must succeed. */
export function json(...args: string[]) {
  const { status, stdout, stderr } = hebb(...args, '--json')
  if (status !== 0) throw Error(`hebb ${args.join(' ')}: ${stderr}`)
  return JSON.parse(stdout)
}

/** Like {@link hebb}, for tests that run side by side. */
export const hebbBeside = (...args: string[]) => ended(spawn(process.execPath, [cli, ...args]), () => {})

/** Like {@link hebb}, but interrupted by Ctrl-C as soon as stderr has a text. */
export function interrupted(text: string, ...args: string[]) {
  const child = spawn(process.execPath, [cli, ...args])
  return ended(child, (before, now) => {
    if (!before.includes(text) && now.includes(text)) child.kill('SIGINT')
  })
}

/** What a command has printed when it has ended; `look` gets stderr before and after each part of it. */
async function ended(child: ChildProcessWithoutNullStreams, look: (before: string, now: string) => void) {
  const out = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (bytes) => {
      const before = out.stderr
      out[name] += bytes
      look(before, out.stderr)
    })
  const status = await new Promise((resolve) => child.on('close', resolve))
  return { status, ...out }
}
