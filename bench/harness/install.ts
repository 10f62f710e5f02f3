// Installs what the rivals need on first use. It affects neither the package nor its lock file.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { executablePath } from '../../test/helpers/launch.ts'

const bench = join(import.meta.dirname, '..')
const engines = join(bench, 'engines')

/** Runs a program; throws if it fails. */
function run(command: string, args: readonly string[]): void {
  const { error, status } = spawnSync(command, args, { cwd: engines, stdio: ['ignore', 2, 2] })
  if (error || status !== 0) {
    throw new Error(`${[command, ...args].join(' ')}: ${error?.message ?? `exit code ${status}`}`)
  }
}

/** Memoises a function: a second call returns, or throws, the same as the first. */
export function once<T>(work: () => T): () => T {
  let outcome: { value: T } | { error: unknown } | undefined
  return () => {
    try {
      outcome ??= { value: work() }
    } catch (error) {
      outcome = { error }
    }
    if ('error' in outcome) throw outcome.error
    return outcome.value
  }
}

function step(what: string): void {
  process.stderr.write(`bench: ${what}\n`)
}

/** The rivals from npm, without their install scripts: ONNX Runtime's would fetch CUDA. */
export const npm = once(() => {
  if (existsSync(join(engines, 'node_modules', '.package-lock.json'))) return
  step("installing npm's rivals into bench/engines")
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'])
})

/** The Python for the rivals: HEBB_BENCH_PYTHON, or a virtual environment that is created here. */
export const python = once((): string => {
  if (process.env.HEBB_BENCH_PYTHON) return process.env.HEBB_BENCH_PYTHON
  const venv = join(bench, '.venv')
  const program = join(venv, 'bin', 'python')
  if (existsSync(program) && spawnSync(program, ['-c', 'import torch, numpy']).status === 0) return program
  step('installing PyTorch and NumPy into bench/.venv (gigabytes, once)')
  run('python3', ['-m', 'venv', venv])
  run(program, ['-m', 'pip', 'install', '-q', '-r', 'requirements.txt'])
  return program
})

/** The built program of a Rust engine. */
export function cargo(name: string): string {
  const program = `bench-${name}`
  step(`building ${program}`)
  run('cargo', ['build', '--quiet', '--release', '--locked', '--package', program])
  return join(engines, 'target', 'release', program)
}

/** The browser; installed if missing. */
export const browser = once((): string => {
  if (existsSync(executablePath)) return executablePath
  const script = join(bench, '..', 'scripts', 'browsers.mjs')
  run(process.execPath, ['-e', `import(${JSON.stringify(script)}).then(({ chromium }) => chromium())`])
  return executablePath
})
