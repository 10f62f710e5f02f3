// Where Node and browsers differ: starting workers, and being one.

/** A worker as its starter sees it. */
export interface Port {
  post(message: unknown, transfer?: Transferable[]): void
  terminate(): void
  /** Whether the worker keeps a Node process alive. */
  hold(alive: boolean): void
}

interface NodeWorker {
  postMessage(message: unknown, transfer?: Transferable[]): void
  terminate(): void
  ref(): void
  unref(): void
  on(event: string, listener: (value: never) => void): void
}

interface NodeParent {
  postMessage(message: unknown, transfer?: Transferable[]): void
  on(event: 'message', listener: (message: unknown) => void): void
}

/** A module of Node's own, without an import that bundlers would follow; undefined in a browser. */
export function builtin<T>(name: string): T | undefined {
  if (typeof process === 'undefined' || !process.versions?.node) return undefined
  return process.getBuiltinModule(name) as T
}

type NodeThreads = { Worker: new (url: URL) => NodeWorker; parentPort: NodeParent | null }

/** Starts a worker; `lost` hears once that it has died, however that came about. */
export function startWorker(receive: (message: unknown) => void, lost: (why: string) => void): Port {
  const threads = builtin<NodeThreads>('node:worker_threads')
  if (threads) {
    const worker = new threads.Worker(new URL('./worker.js', import.meta.url))
    worker.on('message', receive)
    worker.on('error', (error: Error) => lost(error.message))
    worker.on('exit', (code: number) => lost(`it exited with code ${code}`))
    return {
      post: (message, transfer) => worker.postMessage(message, transfer),
      terminate: () => worker.terminate(),
      hold: (alive) => (alive ? worker.ref() : worker.unref()),
    }
  }
  const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })
  worker.onmessage = ({ data }) => receive(data)
  worker.onerror = (event) => lost(event.message || 'it could not be loaded')
  worker.onmessageerror = () => lost('a message to it could not be read')
  return {
    post: (message, transfer = []) => worker.postMessage(message, transfer),
    terminate: () => worker.terminate(),
    hold: () => {},
  }
}

/** The port of a worker to its starter, as the worker sees it. */
export function ownPort() {
  const parent = builtin<NodeThreads>('node:worker_threads')?.parentPort
  if (parent) {
    return {
      post: (message: unknown, transfer?: Transferable[]) => parent.postMessage(message, transfer),
      onMessage: (receive: (message: unknown) => void) => parent.on('message', receive),
    }
  }
  const scope = globalThis as unknown as Worker
  return {
    post: (message: unknown, transfer: Transferable[] = []) => scope.postMessage(message, transfer),
    onMessage: (receive: (message: unknown) => void) => {
      scope.onmessage = ({ data }) => receive(data)
    },
  }
}

/** How many threads the machine runs at once. */
export function parallelism(): number {
  const os = builtin<{ availableParallelism(): number }>('node:os')
  return os ? os.availableParallelism() : navigator.hardwareConcurrency || 1
}

/** Whether memory can be shared between threads here. */
export function isolated(): boolean {
  return typeof SharedArrayBuffer !== 'undefined' && (builtin('node:os') !== undefined || crossOriginIsolated)
}
