// Starts workers.
import { PLACES, type Place, placeOf } from './places'
import { builtin, type NodeThreads } from './platform'
import { type CoreScope, HERE, type KindName } from './protocol'

/** A worker as the thread that started it sees it. */
export interface Port {
  post(message: unknown, transfer?: Transferable[]): void
  terminate(): void
  /** Whether the worker keeps a Node process alive. */
  keepAlive(alive: boolean): void
}

/** The core's class for the calling thread, from a workers' file; a new one each time, for its WebAssembly starts only once. */
export async function loadCore(kind: KindName, file: Place) {
  const scope = globalThis as CoreScope
  scope[HERE] ??= {}
  const cores = scope[HERE]
  // `hebb/edge` has set it already.
  if (cores[kind]) cores[kind].evaluate()
  else
    await import(/* webpackIgnore: true */ /* turbopackIgnore: true */ /* @vite-ignore */ placeOf(file).href)
  return cores[kind]!.Core
}

/** Starts a worker from a file. `lost` is called if the worker dies for any reason. */
export function startWorker(
  file: Place,
  receive: (message: unknown) => void,
  lost: (why: string) => void,
): Port {
  const place = placeOf(file)
  const threads = builtin<NodeThreads>('node:worker_threads')
  const worker: Started = threads
    ? // Without this Node's flags: it refuses some, such as --input-type, for a worker's file.
      new threads.Worker(place, { execArgv: [] })
    : new Worker(ownOrigin(place), { type: 'module' })
  if ('on' in worker) {
    worker.on('message', receive)
    worker.on('messageerror', (error: Error) => lost(error.message))
    worker.on('error', (error: Error | undefined) => {
      const why = error?.message ?? String(error)
      lost(/^Cannot find/.test(why) ? `${why}: ${PLACES}` : why)
    })
    worker.on('exit', (code: number) => lost(`it exited with code ${code}`))
  } else {
    worker.onmessage = ({ data }) => receive(data)
    // The event has no message if the file could not be loaded.
    worker.onerror = (event) =>
      lost(event.message || `no JavaScript, or no COEP, at ${place.href}: ${PLACES}`)
    worker.onmessageerror = () => lost('a message could not be read')
  }
  return {
    post: (message, transfer = []) => worker.postMessage(message, transfer),
    terminate: () => worker.terminate(),
    keepAlive: (alive) => 'ref' in worker && (alive ? worker.ref() : worker.unref()),
  }
}

type Started = InstanceType<NodeThreads['Worker']> | Worker

/** A worker must come from the page's own origin: a script of that origin imports a file from another one, such as a CDN. */
function ownOrigin(place: URL): URL | string {
  // Bun before 1.2.6 has no location, and none of Node's workers.
  if (place.origin === (globalThis.location ?? place).origin) return place
  const script = new Blob([`import ${JSON.stringify(place.href)}`], { type: 'text/javascript' })
  return URL.createObjectURL(script)
}
