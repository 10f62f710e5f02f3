// A selftest artifact in Node, with a pool of threads.
import { readFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'

const folder = new URL('../../packages/hebb/wasm/', import.meta.url)

/** A pool thread, which runs for ever. */
const THREAD = `
  const { parentPort, workerData } = require('node:worker_threads')
  import(workerData.glue).then((glue) => {
    glue.initSync(workerData)
    parentPort.postMessage('joined')
    glue.wbg_rayon_start_worker(workerData.pool)
  })`

export async function withSelftest(variant, threads, run) {
  const url = new URL(`${variant}/hebb_wasm.js`, folder).href
  const module = await WebAssembly.compile(readFileSync(new URL(`${variant}/hebb_wasm_bg.wasm`, folder)))
  const memory = new WebAssembly.Memory({ initial: 64, maximum: 65536, shared: true })
  // The first instance initialises the memory: the others must follow it.
  const glue = await import(url)
  glue.initSync({ module, memory })
  const pool = glue.initThreadPool(threads)
  const workerData = { glue: url, module, memory, pool: pool.receiver() }
  const workers = Array.from({ length: threads }, () => new Worker(THREAD, { eval: true, workerData }))
  try {
    await Promise.all(workers.map((worker) => new Promise((joined) => worker.once('message', joined))))
    pool.build()
    // Otherwise the garbage collector frees it after the threads are gone, one of them holding the allocator's lock.
    pool.free()
    glue.startThreads(1 + threads)
    return await run(glue)
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}
