// Node/browser differences: worker ports, CPU count, isolation.

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

export interface NodeThreads {
  Worker: new (url: URL, options: { execArgv: string[] }) => NodeWorker
  parentPort: NodeParent | null
}

/** A built-in module of Node, without an import that bundlers would follow; undefined in a browser. No name `process` alone: Parcel replaces it. */
export function builtin<T>(name: string): T | undefined {
  return globalThis.process?.getBuiltinModule?.(name) as T | undefined
}

/** A worker's port to the thread that started it. */
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

/** Whether this thread can start workers: Chrome's SharedWorker and service workers cannot. */
export function hasWorkers(): boolean {
  return builtin('node:worker_threads') !== undefined || typeof Worker !== 'undefined'
}

/** How many threads the machine runs in parallel. */
export function parallelism(): number {
  const os = builtin<{ availableParallelism(): number }>('node:os')
  return os ? os.availableParallelism() : navigator.hardwareConcurrency || 1
}

/** Whether threads can share memory here. */
export function isolated(): boolean {
  return (
    typeof SharedArrayBuffer !== 'undefined' &&
    (builtin('node:os') !== undefined || globalThis.crossOriginIsolated)
  )
}
