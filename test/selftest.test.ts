// The kernels' own tests, the networks and optimizers of PyTorch's fixtures, inside both artifacts.
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { runSelftest } from './artifact'

const here = new URL('.', import.meta.url)
const fixtures = readdirSync(new URL('fixtures', here))
  .filter((name) => name.endsWith('.json'))
  .map((name) => readFileSync(new URL(`fixtures/${name}`, here), 'utf8'))

test.each(['simd128-selftest', 'relaxed-selftest', 'simd128-checked'])(
  '%s: every kernel equals its twin, every network PyTorch',
  async (variant) => {
    expect(fixtures.length).toBeGreaterThan(0)
    const folder = new URL(`../packages/hebb/wasm/${variant}/`, here)
    const glue = await import(new URL('hebb_wasm.js', folder).href)
    const module = await WebAssembly.compile(readFileSync(new URL('hebb_wasm_bg.wasm', folder)))
    expect(runSelftest(glue, module, fixtures)).toEqual([])
  },
)
