// Starts programs in several ranks.
import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from './root.ts'

/** A launcher, the arguments before a program's, and what its library needs in the environment. */
export interface Launcher {
  command: string
  args: (ranks: number) => string[]
  env?: Record<string, string>
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

/** The MPICH in a folder, by its own interface and by the standard ABI. */
export function mpich(folder: string): { mpich: Launcher; abi: Launcher } {
  const command = join(folder, 'bin', 'mpirun')
  const args = (ranks: number) => ['-np', `${ranks}`]
  const env = { HEBB_MPI_LIB: join(folder, 'lib', 'libmpi_abi.so.1') }
  return { mpich: { command, args }, abi: { command, args, env } }
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

/** The command of a program in so many ranks, without a launcher in one process. */
export function commandOf(launcher: Launcher | undefined, ranks: number, program: string[]) {
  const node = [process.execPath, ...program]
  return launcher ? [launcher.command, ...launcher.args(ranks), ...node] : node
}

/** Runs a program in so many ranks, without a launcher in one process; `results` are the lines that are objects. */
export function runRanks<T>(
  launcher: Launcher | undefined,
  ranks: number,
  program: string[],
  env: Record<string, string> = {},
  timeout = 150_000,
) {
  const [command, ...args] = commandOf(launcher, ranks, program)
  const from = performance.now()
  const { status, signal, stdout, stderr } = spawnSync(command!, args, {
    cwd: root,
    encoding: 'utf8',
    timeout,
    killSignal: 'SIGKILL',
    env: { ...process.env, ...launcher?.env, ...env },
  })
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'))
  const results = lines.map((line): T => JSON.parse(line))
  return { code: status ?? signal, results, stdout, stderr, seconds: (performance.now() - from) / 1000 }
}

/** The program `sharedTraining.mjs` with its options. */
export function sharedTraining(options: object): string[] {
  return [join(root, 'test', 'helpers', 'sharedTraining.mjs'), JSON.stringify(options)]
}

/** Trains by it. */
export function trainRanks(launcher: Launcher | undefined, ranks: number, options: object, env = {}) {
  const { results, ...done } = runRanks<Trained>(launcher, ranks, sharedTraining(options), env)
  return { ...done, ranks: results }
}
