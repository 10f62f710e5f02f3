// The engines by name: how to start each with a number of threads.
import { join } from 'node:path'
import { child, type Engine } from './child.ts'
import { cargo, npm, once, python } from './install.ts'
import { page } from './page.ts'

const engines = join(import.meta.dirname, '..', 'engines')

interface Recipe {
  /** It always has one thread. */
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

/** An adapter in Python, its BLAS with this number of threads or with its default. */
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

/** An adapter in a page of Chromium. */
const inPage = (
  folder: string,
  options: object,
  { isolated = true, install = () => {} } = {},
): Recipe['start'] => {
  return async (threads) => {
    install()
    return page(folder, { ...options, threads }, isolated)
  }
}

/** An adapter in Rust. */
const inRust = (name: string): Recipe['start'] => {
  const program = once(() => cargo(name))
  return async (threads) => child([program(), `${threads}`])
}

const RECIPES: Record<string, Recipe> = {
  'hebb-node': { start: inNode('hebb', { simd: 'simd128' }) },
  'hebb-node-relaxed': { start: inNode('hebb', { simd: 'relaxed' }) },
  'hebb-chromium': { start: inPage('hebb', { simd: 'relaxed' }) },
  'hebb-chromium-plain': { single: true, start: inPage('hebb', { simd: 'relaxed' }, { isolated: false }) },
  'hebb-native': { start: inRust('hebb-native') },
  'tfjs-wasm-node': { single: true, start: inNode('tfjs', { backend: 'wasm' }, npm) },
  'tfjs-wasm-chromium': { start: inPage('tfjs', { backend: 'wasm' }, { install: npm }) },
  'tfjs-cpu': { single: true, start: inNode('tfjs', { backend: 'cpu' }, npm) },
  'ort-web-node': { start: inNode('ort', { runtime: 'web' }, npm) },
  'ort-web-chromium': { start: inPage('ort', { runtime: 'web' }, { install: npm }) },
  'ort-node': { start: inNode('ort', { runtime: 'node' }, npm) },
  'jaxjs-chromium': { start: inPage('jaxjs', {}, { install: npm }) },
  brainjs: { single: true, start: inNode('brainjs', {}, npm) },
  pytorch: { start: inPython('pytorch') },
  numpy: { start: inPython('numpy') },
  'gemm-crate': { start: inRust('gemm-crate') },
  candle: { start: inRust('candle') },
}

export const ENGINES = Object.keys(RECIPES)

/** An engine with a number of threads: `pytorch 2`. */
export type Competitor = string

/** The competitors of the given engines and numbers of threads. */
export function competitors(names: readonly string[], threads: readonly number[]): Competitor[] {
  return names.flatMap((name) => (RECIPES[name]!.single ? [1] : threads).map((count) => `${name} ${count}`))
}

export function parts(competitor: Competitor): { engine: string; threads: number } {
  const [engine, threads] = competitor.split(' ') as [string, string]
  return { engine, threads: Number(threads) }
}

/** Starts a competitor; throws the reason if it is not available. */
export function start(competitor: Competitor): Promise<Engine> {
  const { engine, threads } = parts(competitor)
  return RECIPES[engine]!.start(threads)
}
