// The kernels' own tests, and the networks and optimizers of PyTorch's fixtures, in the artifacts, on 1 to 33 threads.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { runSelftest } from '../helpers/artifact'
import { root } from '../helpers/root'

const fixtureFolder = join(root, 'test/fixtures')
const fixtures = readdirSync(fixtureFolder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => readFileSync(join(fixtureFolder, name), 'utf8'))

/** A pool thread, which runs for ever. */
const THREAD = `
  const { parentPort, workerData } = require('node:worker_threads')
  import(workerData.glue).then((glue) => {
    glue.initSync(workerData)
    parentPort.postMessage('joined')
    glue.wbg_rayon_start_worker(workerData.pool)
  })`

test.each(['simd128-selftest', 'relaxed-selftest', 'simd128-checked'])(
  '%s: every kernel equals its twin, every network PyTorch',
  async (variant) => {
    expect(fixtures.length).toBeGreaterThan(0)
    const folder = pathToFileURL(join(root, 'packages/hebb/wasm', variant, '/'))
    const url = new URL('hebb_wasm.js', folder).href
    const module = await WebAssembly.compile(readFileSync(new URL('hebb_wasm_bg.wasm', folder)))
    const memory = new WebAssembly.Memory({ initial: 64, maximum: 65536, shared: true })
    // The first instance initialises the memory: the others must follow it.
    const glue = await import(url)
    glue.initSync({ module, memory })
    const pool = glue.initThreadPool(32)
    const workerData = { glue: url, module, memory, pool: pool.receiver() }
    const threads = Array.from({ length: 32 }, () => new Worker(THREAD, { eval: true, workerData }))
    try {
      await Promise.all(threads.map((thread) => new Promise((joined) => thread.once('message', joined))))
      pool.build()
      // Otherwise the garbage collector frees it after the threads are gone, one of them holding the allocator's lock.
      pool.free()
      expect(runSelftest(glue, module, fixtures, { memory, threads: threads.length })).toEqual([])
    } finally {
      await Promise.all(threads.map((thread) => thread.terminate()))
    }
  },
  120_000,
)
