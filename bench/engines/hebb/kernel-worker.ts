// One worker of the bare kernels: the first multiplies, the others lend their threads.
import { fill, type Gemm, probe } from '../../harness/work.ts'

/** What a worker is told: first to load, then, if it is the first, to start and to work. */
export interface Message {
  load?: { folder: string; memory: WebAssembly.Memory | undefined; pool: boolean }
  start?: { threads: number }
  prepare?: Gemm
  /** So many times. */
  run?: number
}

/** What it answers to each. */
export interface Reply {
  value?: number[]
  error?: string
}

interface Glue {
  default(options: { module_or_path: URL | Uint8Array; memory?: WebAssembly.Memory }): Promise<unknown>
  startThreads(threads: number): void
  runThread(): never
  BenchGemm: new (m: number, k: number, n: number, a: Float32Array, b: Float32Array) => Bench
}

interface Bench {
  run(times: number): void
  product(): Float32Array
  free(): void
}

const port = typeof process === 'undefined' ? undefined : (await import('node:worker_threads')).parentPort
const send = (reply: Reply) => (port ?? (globalThis as unknown as Worker)).postMessage(reply)

let glue: Glue
let bench: Bench | undefined

async function answer({ load, start, prepare, run }: Message): Promise<number[] | undefined> {
  if (load) {
    glue = await import(`${load.folder}hebb_wasm.js`)
    const url = new URL('hebb_wasm_bg.wasm', load.folder)
    const module_or_path = port ? (await import('node:fs')).readFileSync(url) : url
    await glue.default({ module_or_path, ...(load.memory && { memory: load.memory }) })
  }
  if (start) glue.startThreads(start.threads)
  if (run) bench!.run(run)
  if (!prepare) return
  const { m, k, n } = prepare
  bench?.free()
  bench = new glue.BenchGemm(m, k, n, fill(m * k, 1), fill(k * n, 2))
  bench.run(1)
  return probe(bench.product())
}

async function receive(message: Message) {
  try {
    const value = await answer(message)
    send(value ? { value } : {})
    // For ever.
    if (message.load?.pool) glue.runThread()
  } catch (error) {
    send({ error: String(error) })
  }
}

if (port) port.on('message', receive)
else globalThis.onmessage = ({ data }) => void receive(data)
