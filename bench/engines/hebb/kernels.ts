// The bare kernels, in separate workers like the engine's: the first of them is a thread of the pool too.
import type { Prepared } from '../../harness/adapter.ts'
import { multiplyAdds } from '../../harness/work.ts'
import type { Kernel, Message, Reply } from './kernel-worker.ts'

/** Multiply–adds per message: a message costs about 30 µs, in which the pool may fall asleep, unlike in a busy program. */
const STRETCH = 5e8

export interface Kernels {
  prepare(work: Kernel): Promise<Prepared>
}

/** Starts `threads` workers with the artifact that contains the benchmarks. */
export async function startKernels(simd: string, threads: number): Promise<Kernels> {
  const folder = new URL(`../../../packages/hebb/wasm/${simd}-selftest/`, import.meta.url).href
  // A single thread creates its own memory: a page that isn't isolated can't share any.
  const memory =
    threads > 1 ? new WebAssembly.Memory({ initial: 64, maximum: 65536, shared: true }) : undefined
  const workers = await Promise.all(Array.from({ length: threads }, startWorker))
  const [ask, ...others] = workers as [Ask, ...Ask[]]
  await Promise.all(workers.map((each) => each({ load: { folder, memory } })))
  if (threads > 1) {
    const [join] = (await ask({ pool: threads }))!
    await Promise.all(others.map((each) => each({ join: join! })))
  }
  await ask({ start: { threads } })
  return {
    async prepare(work) {
      const check = (await ask({ prepare: work }))!
      if (work.kind === 'peak') return { check: null, step: () => ask({ run: 1 }), amount: check[0]! }
      const amount = Math.ceil(STRETCH / multiplyAdds(work))
      return { check, step: () => ask({ run: amount }), amount }
    },
  }
}

/** Sends a message and waits for the reply. */
type Ask = (message: Message) => Promise<number[] | undefined>

async function startWorker(): Promise<Ask> {
  let settle: (reply: Reply) => void
  const url = new URL('./kernel-worker.ts', import.meta.url)
  let worker: { postMessage(message: Message): void }
  if (typeof process === 'undefined') {
    const inPage = new Worker(url, { type: 'module' })
    inPage.onmessage = ({ data }) => settle(data)
    inPage.onerror = ({ message }) => settle({ error: message })
    worker = inPage
  } else {
    const inNode = new (await import('node:worker_threads')).Worker(url)
    inNode.on('message', (reply) => settle(reply))
    inNode.on('error', (error) => settle({ error: String(error) }))
    worker = inNode
  }
  return (message) =>
    new Promise((resolve, reject) => {
      settle = ({ value, error }) => (error ? reject(new Error(error)) : resolve(value))
      worker.postMessage(message)
    })
}
