// The entry of every worker: the engine, or a thread of its pool.
import { Core, isCallers } from './core'
import { ownPort } from './platform'
import type { Reply, Request, Start } from './protocol'

const port = ownPort()
let core: Core | undefined

async function serve({ id, method, args }: Request) {
  const post = (reply: Reply, transfer?: Transferable[]) => port.post(reply, transfer)
  try {
    const value = await core!.call(method, args, (event) => post({ id, event }))
    post({ id, value }, transferable(value))
  } catch (error) {
    if (isCallers(error)) post({ id, error: { code: error.code, message: error.message } })
    else post({ lost: String(error) })
  }
}

/** The arrays in an answer, which change hands instead of being copied. */
function transferable(value: unknown): Transferable[] {
  const parts = ArrayBuffer.isView(value) ? [value] : Object.values((value ?? {}) as object)
  return parts.filter((part) => ArrayBuffer.isView(part)).map((part) => part.buffer as ArrayBuffer)
}

port.onMessage((message) => {
  if (core) return void serve(message as Request)
  const start = message as Start
  if (start.role === 'pool') return Core.lendThread(start)
  core = new Core(start)
  port.post({ id: 0, value: undefined } satisfies Reply)
})
