// The bare kernels, in workers of their own as the engine's are: the first of them is a thread of the pool too.
import type { Prepared } from '../../harness/adapter.ts'
import { multiplyAdds } from '../../harness/work.ts'
import type { Kernel, Message, Reply } from './kernel-worker.ts'

/** Multiply–adds of one message: it costs some 30 µs, and meanwhile the pool may fall asleep, as in no program that is at work. */
const STRETCH = 5e8

export interface Kernels {
  prepare(work: Kernel): Promise<Prepared>
}

/** Starts `threads` workers on the artifact that carries the benchmarks. */
export async function startKernels(simd: string, threads: number): Promise<Kernels> {
  const folder = new URL(`../../../packages/hebb/wasm/${simd}-selftest/`, import.meta.url).href
  // One thread makes its own: on a page that isn't isolated, no memory can be handed over.
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
