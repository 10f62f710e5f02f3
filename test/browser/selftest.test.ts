// The selftest in Chromium.
import { expect, test } from 'vitest'
import * as relaxed from '../../packages/hebb/wasm/relaxed-selftest/hebb_wasm.js'
import relaxedUrl from '../../packages/hebb/wasm/relaxed-selftest/hebb_wasm_bg.wasm?url'
import * as simd128 from '../../packages/hebb/wasm/simd128-selftest/hebb_wasm.js'
import simd128Url from '../../packages/hebb/wasm/simd128-selftest/hebb_wasm_bg.wasm?url'
import { runSelftest } from '../helpers/artifact'

const fixtures = import.meta.glob<string>('../fixtures/*.json', {
  query: '?raw',
  import: 'default',
  eager: true,
})

test.each([
  ['simd128', simd128, simd128Url],
  ['relaxed', relaxed, relaxedUrl],
] as const)('%s: every kernel equals its twin, every network PyTorch', async (_, glue, url) => {
  const module = await WebAssembly.compileStreaming(fetch(url))
  expect(Object.keys(fixtures).length).toBeGreaterThan(0)
  glue.initSync({ module })
  glue.startThreads(1)
  expect(runSelftest(glue, Object.values(fixtures))).toEqual([])
})
