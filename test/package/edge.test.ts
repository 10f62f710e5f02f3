// Hosts such as edge functions: they compile WebAssembly before the program starts, and have no worker and no shared memory.
import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { NAMES, XOR } from '../helpers/packed'
import { root } from '../helpers/root'

/** What a program prints, after the modules of some artifacts were compiled. */
function run(program: string): string {
  const setUp = `
    import { readFileSync } from 'node:fs'
    const compiled = (name) =>
      new WebAssembly.Module(readFileSync(new URL(import.meta.resolve('hebb/hebb-' + name + '.wasm'))))
    const [edgeModule, threaded] = ['edge', 'simd128'].map(compiled)
    const { ${NAMES}, edge } = { ...(await import('hebb')), ...(await import('hebb/edge')) }`
  const args = ['--input-type=module', '-e', setUp + program]
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
  return `${stdout}${stderr}`.trim()
}

/** Takes from Node what such a host lacks. */
const POOR = `
  for (const name of ['Worker', 'SharedArrayBuffer', 'MessageChannel', 'setImmediate']) delete globalThis[name]
  process.getBuiltinModule = undefined
  WebAssembly.compile = WebAssembly.instantiate = () => { throw new Error('forbidden') }`

test('networks train and predict in one thread, by a module that the host compiled', () => {
  const program = `
    ${POOR}
    const { threads, isolated, reason } = await init(edge(edgeModule))
    ${XOR}
    console.log(JSON.stringify({ threads, isolated, reason, answers }))`
  expect(JSON.parse(run(program))).toEqual({ threads: 1, isolated: false, reason: '', answers: '0 1 1 0' })
})

test('after a loss the next engine starts anew, while the code of the lost one goes on by itself', () => {
  const program = `
    ${POOR}
    const { shutdown } = await import('hebb')
    const train = async () => { ${XOR} return answers }
    for (const kind of ['first', 'second']) {
      await init(edge(edgeModule))
      const net = await network([1], [dense({ units: 1 })])
      const data = await datasets.fromArrays(new Array(50_000).fill([1]), new Float32Array(50_000))
      const started = Promise.withResolvers()
      const run = net.fit(data, { batchSize: 1, epochs: 1000, onBatch: started.resolve })
      const lost = run.catch(({ code }) => code)
      await started.promise
      await shutdown()
      console.log(kind, await lost, await init(edge(edgeModule)).then(train))
      await shutdown()
    }
    process.exit()`
  expect(run(program).split('\n')).toEqual(['first', 'second'].map((kind) => `${kind} engineLost 0 1 1 0`))
})

test('init takes a compiled module for threads too', () => {
  const program = `
    const { threads, reason } = await init({ wasm: threaded, simd: 'simd128', threads: 2 })
    ${XOR}
    console.log(threads, reason, answers)`
  expect(run(program)).toBe('2  0 1 1 0')
})

test('another module is refused', () => {
  const program = `
    for (const wrong of [threaded, new Uint8Array(8), 'hebb-edge.wasm', undefined])
      try { edge(wrong) } catch ({ code, message }) { console.log(code, message) }`
  const message = 'option edge: it needs the compiled WebAssembly.Module of hebb/hebb-edge.wasm'
  expect(run(program).split('\n')).toEqual(Array(4).fill(message))
})
