// A worker of the bare kernels: the first one calls the kernels, the others join its thread pool.
import { type Conv, fill, type Gemm, operands, type Peak, probe, READ_VALUES } from '../../harness/work.ts'

/** The work that the bare kernels support. */
export type Kernel = Gemm | Conv | Peak

/** A message to a worker. Each gets `load` first; then the first one gets `pool`, `start` and work, the others `join`. */
export interface Message {
  load?: { folder: string; memory: WebAssembly.Memory | undefined }
  /** Creates the pool for this many threads. The reply is its address. */
  pool?: number
  /** Joins the pool with this address, for ever. */
  join?: number
  start?: { threads: number }
  prepare?: Kernel
  /** Runs the work this many times. */
  run?: number
}

/** The reply to each message. */
export interface Reply {
  value?: number[]
  error?: string
}

interface Glue {
  default(options: { module_or_path: URL | Uint8Array; memory?: WebAssembly.Memory }): Promise<unknown>
  initThreadPool(threads: number): Pool
  wbg_rayon_start_worker(pool: number): void
  startThreads(threads: number): void
  BenchGemm: new (m: number, k: number, n: number, a: Float32Array, b: Float32Array) => Bench
  BenchConv: new (
    pass: number,
    sizes: Uint32Array,
    x: Float32Array,
    w: Float32Array,
    dy: Float32Array,
  ) => Bench
  BenchRead: new (values: number) => { run(): number; free(): void }
  /** Returns the number of operations. */
  benchMadds(): number
}

interface Pool {
  receiver(): number
  build(): void
}

interface Bench {
  run(times: number): void
  product(): ArrayLike<number>
  free(): void
}

const port = typeof process === 'undefined' ? undefined : (await import('node:worker_threads')).parentPort
const send = (reply: Reply) => (port ?? (globalThis as unknown as Worker)).postMessage(reply)

let glue: Glue
let threadPool: Pool | undefined
let bench: Bench | undefined

async function answer({ load, pool, start, prepare, run }: Message): Promise<number[] | undefined> {
  if (load) {
    glue = await import(`${load.folder}hebb_wasm.js`)
    const url = new URL('hebb_wasm_bg.wasm', load.folder)
    const module_or_path = port ? (await import('node:fs')).readFileSync(url) : url
    await glue.default({ module_or_path, ...(load.memory && { memory: load.memory }) })
  }
  if (pool !== undefined) {
    threadPool = glue.initThreadPool(pool - 1)
    return [threadPool.receiver()]
  }
  if (start) {
    threadPool?.build()
    glue.startThreads(start.threads)
  }
  if (run) bench!.run(run)
  if (!prepare) return
  bench?.free()
  bench = make(prepare)
  bench.run(1)
  const values = bench.product()
  return prepare.kind === 'peak' ? Array.from(values) : probe(values)
}

function make(work: Kernel): Bench {
  if (work.kind === 'gemm') return product(work)
  return work.kind === 'conv' ? convolution(work) : peak(work)
}

function peak({ what }: Peak): Bench {
  const values = what === 'read' ? new glue.BenchRead(READ_VALUES) : undefined
  const once = () => values?.run() ?? glue.benchMadds()
  return {
    run(times) {
      for (let i = 0; i < times; i++) once()
    },
    // The number of bytes or operations.
    product: () => [values ? 4 * READ_VALUES : once()],
    free: () => values?.free(),
  }
}

function product({ m, k, n }: Gemm): Bench {
  return new glue.BenchGemm(m, k, n, fill(m * k, 1), fill(k * n, 2))
}

function convolution(conv: Conv): Bench {
  const { batch, channels, size, filters, kernel, stride, padding } = conv
  const sizes = Uint32Array.of(batch, channels, size, filters, kernel, stride, padding)
  const { x, w, dy } = operands(conv)
  return new glue.BenchConv(['forward', 'dX', 'dW'].indexOf(conv.part), sizes, x, w, dy)
}

async function receive(message: Message) {
  try {
    const value = await answer(message)
    send(value ? { value } : {})
    if (message.join !== undefined) glue.wbg_rayon_start_worker(message.join)
  } catch (error) {
    send({ error: String(error) })
  }
}

if (port) port.on('message', receive)
else globalThis.onmessage = ({ data }) => void receive(data)
