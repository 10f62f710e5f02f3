// Starts programs in several ranks.
import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from './root.ts'

/** A launcher, and the arguments before a program's. */
export interface Launcher {
  command: string
  args: (ranks: number) => string[]
}

const which = (name: string) => {
  try {
    return execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim()
  } catch {
    return undefined
  }
}

/** Open MPI on this machine, if there is any. */
export function openMpi(): Launcher | undefined {
  const command = which('mpirun.openmpi') ?? which('mpirun')
  const bare = ['--allow-run-as-root', '--oversubscribe', '--bind-to', 'none']
  return command ? { command, args: (ranks) => [...bare, '-np', `${ranks}`] } : undefined
}

/** What a rank of `sharedTraining.mjs` prints. */
export interface Trained {
  rank: number
  size: number
  sha256: string
  steps: number
  losses: number[]
  stopReason: string
  testAccuracy: number
  error?: string
}

/** Runs a program in so many ranks, without a launcher in one process. */
export function runRanks(
  launcher: Launcher | undefined,
  ranks: number,
  program: string[],
  env: Record<string, string> = {},
) {
  const node = [process.execPath, ...program]
  const [command, ...args] = launcher ? [launcher.command, ...launcher.args(ranks), ...node] : node
  const from = performance.now()
  const { status, signal, stdout, stderr } = spawnSync(command!, args, {
    cwd: root,
    encoding: 'utf8',
    timeout: 60_000,
    killSignal: 'SIGKILL',
    env: { ...process.env, ...env },
  })
  return { code: status ?? signal, stdout, stderr, seconds: (performance.now() - from) / 1000 }
}

/** Trains by `sharedTraining.mjs`. */
export function trainRanks(launcher: Launcher | undefined, ranks: number, options: object, env = {}) {
  const program = [join(root, 'test', 'helpers', 'sharedTraining.mjs'), JSON.stringify(options)]
  const done = runRanks(launcher, ranks, program, env)
  const lines = done.stdout.split('\n').filter((line) => line.startsWith('{'))
  return { ...done, ranks: lines.map((line): Trained => JSON.parse(line)) }
}
