// Starting workers. Apart from what a worker itself imports: in a bundle it would start itself.
import { builtin, type NodeThreads } from './platform'

/** A worker as its starter sees it. */
export interface Port {
  post(message: unknown, transfer?: Transferable[]): void
  terminate(): void
  /** Whether the worker keeps a Node process alive. */
  hold(alive: boolean): void
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
