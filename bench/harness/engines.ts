// The engines by name: how each is started with so many threads.
import { join } from 'node:path'
import { child, type Engine } from './child.ts'
import { npm, python } from './install.ts'

const engines = join(import.meta.dirname, '..', 'engines')

interface Recipe {
  /** It has one thread whatever it is told. */
  single?: true
  start(threads: number): Promise<Engine>
}

/** An adapter in a Node process. */
const inNode = (folder: string, options: object, install?: () => void): Recipe['start'] => {
  return async (threads) => {
    install?.()
    const given = JSON.stringify({ ...options, threads })
    return child([process.execPath, '--no-warnings', join(engines, 'serve.ts'), folder, given])
  }
}

/** An adapter in Python, its BLAS with so many threads and as it chooses to be. */
const inPython = (folder: string): Recipe['start'] => {
  return async (threads) => {
    const [n, unset] = [`${threads}`, undefined]
    const env = {
      OPENBLAS_NUM_THREADS: n,
      OMP_NUM_THREADS: n,
      OPENBLAS_CORETYPE: unset,
      OPENBLAS_L2_SIZE: unset,
    }
    return child([python(), join(engines, folder, 'adapter.py'), n], env)
  }
}

const RECIPES: Record<string, Recipe> = {
  'hebb-node': { start: inNode('hebb', { simd: 'simd128' }) },
  'hebb-node-relaxed': { start: inNode('hebb', { simd: 'relaxed' }) },
  'tfjs-wasm-node': { single: true, start: inNode('tfjs', { backend: 'wasm' }, npm) },
  'tfjs-cpu': { single: true, start: inNode('tfjs', { backend: 'cpu' }, npm) },
  'ort-web-node': { start: inNode('ort', { runtime: 'web' }, npm) },
  'ort-node': { start: inNode('ort', { runtime: 'node' }, npm) },
  pytorch: { start: inPython('pytorch') },
  numpy: { start: inPython('numpy') },
}

export const ENGINES = Object.keys(RECIPES)

/** An engine with so many threads: `pytorch 2`. */
export type Competitor = string

/** The competitors of the given engines and numbers of threads. */
export function competitors(names: readonly string[], threads: readonly number[]): Competitor[] {
  return names.flatMap((name) => (RECIPES[name]!.single ? [1] : threads).map((count) => `${name} ${count}`))
}

export function parts(competitor: Competitor): { engine: string; threads: number } {
  const [engine, threads] = competitor.split(' ') as [string, string]
  return { engine, threads: Number(threads) }
}

/** Starts a competitor; throws with the reason if it can't be had. */
export function start(competitor: Competitor): Promise<Engine> {
  const { engine, threads } = parts(competitor)
  return RECIPES[engine]!.start(threads)
}
