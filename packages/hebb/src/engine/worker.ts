// The entry of every worker: the engine, or a thread of its pool.
import { Core, describeError, type Method } from './core'
import { ownPort } from './platform'
import type { Reply, Request, Start } from './protocol'

const port = ownPort()
let core: Core | undefined

async function serve({ id, method, args }: Request) {
  try {
    const report = (event: unknown) => port.post({ id, event } satisfies Reply)
    const call = core![method as Method] as (...args: readonly unknown[]) => unknown
    const value = await call.call(core, ...args, report)
    const arrays = value instanceof Float32Array || value instanceof Float64Array ? [value.buffer] : []
    port.post({ id, value } satisfies Reply, arrays as Transferable[])
  } catch (error) {
    // What WebAssembly itself throws is a trap: the instance is lost, and the supervisor must know.
    if (error instanceof WebAssembly.RuntimeError) throw error
    const { code, message } = describeError(error)
    port.post({ id, error: { code, message } } satisfies Reply)
  }
}

port.onMessage((message) => {
  if (core) return void serve(message as Request)
  const start = message as Start
  if (start.role === 'pool') return Core.pool(start)
  core = new Core(start)
  port.post({ id: 0, value: undefined } satisfies Reply)
})
