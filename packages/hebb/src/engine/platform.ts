// Where Node and browsers differ: starting workers, being one, and reading files.

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

interface NodeThreads {
  Worker: new (url: URL, options: { execArgv: string[] }) => NodeWorker
  parentPort: NodeParent | null
}

interface NodeFiles {
  promises: {
    readFile(path: string | URL): Promise<Uint8Array<ArrayBuffer>>
    writeFile(path: string | URL, bytes: Uint8Array): Promise<void>
  }
}

/** A module of Node's own, without an import that bundlers would follow; undefined in a browser. */
export function builtin<T>(name: string): T | undefined {
  if (typeof process === 'undefined' || !process.versions?.node) return undefined
  return process.getBuiltinModule(name) as T
}

/** Node's files; undefined in a browser. */
export function files(): NodeFiles['promises'] | undefined {
  return builtin<NodeFiles>('node:fs')?.promises
}

/** Starts a worker; `lost` hears that it has died, however that came about. */
export function startWorker(receive: (message: unknown) => void, lost: (why: string) => void): Port {
  const threads = builtin<NodeThreads>('node:worker_threads')
  if (threads) {
    // The URL in two steps: bundlers shall follow the browsers' one below only. No flags are handed on:
    // some, as --input-type, are refused for a worker's file.
    const entry = './worker.js'
    const worker = new threads.Worker(new URL(entry, import.meta.url), { execArgv: [] })
    worker.on('message', receive)
    worker.on('messageerror', (error: Error) => lost(error.message))
    worker.on('error', (error: unknown) => lost(error instanceof Error ? error.message : String(error)))
    worker.on('exit', (code: number) => lost(`it exited with code ${code}`))
    return {
      post: (message, transfer) => worker.postMessage(message, transfer),
      terminate: () => worker.terminate(),
      hold: (alive) => (alive ? worker.ref() : worker.unref()),
    }
  }
  const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })
  worker.onmessage = ({ data }) => receive(data)
  worker.onerror = (event) => lost(event.message || 'its file could not be loaded')
  worker.onmessageerror = () => lost('a message could not be read')
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
