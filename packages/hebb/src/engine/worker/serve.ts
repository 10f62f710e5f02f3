// What every worker does: it serves requests as an engine, or computes as a thread of its pool. With `thread: 'here'` the
// calling thread imports a worker's file and takes only the core's class.
import { isUserError } from '../../errors'
import { Answerer } from '../mailbox'
import { ownPort } from '../platform'
import {
  type CoreScope,
  HERE,
  type KindName,
  type LocalCore,
  type Reply,
  type Request,
  type StartMessage,
  VERSION,
} from '../protocol'
import { type Glue, type Instance, joinPool } from './instance'

/** This file's code as a function; the build makes it one. */
declare const evaluate: () => void

interface Port {
  post: (reply: Reply, transfer?: Transferable[]) => void
  onMessage: (receive: (message: unknown) => void) => void
}

const { post, onMessage }: Port = ownPort()
let core: (Instance & LocalCore) | undefined
let mailbox: Answerer | undefined

async function serve({ id, method, args }: Request) {
  try {
    const value = await core!.call(method, args, (event) => post({ id, event }))
    post({ id, value }, transferable(value))
  } catch (error) {
    refuse(id, error)
  }
}

function refuse(id: number, error: unknown) {
  if (isUserError(error)) post({ id, error: { code: error.code, message: error.message } })
  else post({ lost: String(error) })
}

/** Answers the request in the mailbox, if there is one. */
function serveMailbox() {
  const request = mailbox?.request
  if (!request) return
  const { id, network, x, carried } = request
  try {
    const value = core!.predictSync!(network, x, carried)
    if (!mailbox!.answer(value)) post({ id, value }, transferable(value))
  } catch (error) {
    mailbox!.answer()
    refuse(id, error)
  }
}

async function watch() {
  for (;;) {
    serveMailbox()
    await mailbox!.next()
  }
}

/** The arrays in an answer, which are transferred, not copied. */
function transferable(value: unknown): Transferable[] {
  const parts = ArrayBuffer.isView(value) ? [value] : Object.values((value ?? {}) as object)
  return parts.filter((part) => ArrayBuffer.isView(part)).map((part) => part.buffer as ArrayBuffer)
}

/** The entry of a workers' file: `Core` is the class of its core, and `glue` that of its artifact. */
export function start(kind: KindName, glue: Glue, Core: new (start: StartMessage) => Instance): void {
  const scope = globalThis as CoreScope
  if (HERE in scope) {
    scope[HERE]![kind] = { Core, evaluate }
    return
  }
  onMessage((message) => {
    if (core) {
      // A request in the mailbox is older than the message.
      serveMailbox()
      return void serve(message as Request)
    }
    const start = message as StartMessage
    if (start.version !== VERSION) {
      return post({
        lost: `the workers' file of ${kind} is of hebb ${VERSION}, not ${start.version}: copy it again`,
      })
    }
    const { id, pool, threads } = start
    if (pool !== undefined) return joinPool(glue, start, () => post({ id, value: undefined }))
    core = new Core(start)
    if (start.mailbox) {
      mailbox = new Answerer(start.mailbox)
      void watch()
    }
    post({ id, value: threads > 1 ? core.preparePool(threads) : undefined })
  })
}
