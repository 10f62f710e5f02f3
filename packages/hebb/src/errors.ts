/**
 * The kind of error, for programs:
 * - `option`: an option is unknown, missing or out of range
 * - `shape`: shapes do not fit each other
 * - `data`: the data cannot be used
 * - `file`: a file is damaged or of the wrong kind
 * - `memory`: the host refused memory
 * - `diverged`: the loss is no longer finite; the network keeps the last finite weights
 * - `disposed`: a network or data set was used after `dispose()`
 * - `engine`: the engine could not be started
 * - `engineLost`: the engine died; the next call starts a new one
 */
export type ErrorCode =
  | 'option'
  | 'shape'
  | 'data'
  | 'file'
  | 'memory'
  | 'diverged'
  | 'disposed'
  | 'engine'
  | 'engineLost'

/** Hebb's only error class: a `code` for programs, and a `message` that says what to do. */
export class HebbError extends Error {
  static override get name() {
    return 'HebbError'
  }
  override readonly name = 'HebbError'
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

/**
 * Whether an error is the user's to correct; any other error means that the engine is lost. The name is compared, because
 * the workers' file has its own copy of the class.
 */
export function isUserError(error: unknown): error is HebbError {
  return (error as Error | undefined)?.name === 'HebbError'
}

/**
 * For errors that are thrown later, when the stack no longer shows the caller: the returned function rethrows an error
 * with the present stack, from the caller of `callee` on, appended to its own.
 */
// biome-ignore lint/complexity/noBannedTypes: any function, or class.
export function calledFrom(callee: Function): (error: unknown) => never {
  const called: { stack?: string } = {}
  // Not every browser has this function.
  Error.captureStackTrace?.(called, callee)
  const frames = called.stack?.split('\n').slice(1) ?? []
  return (error) => {
    if (isUserError(error)) error.stack = [error.stack, ...frames].join('\n')
    throw error
  }
}

/** Any value as short text for an error's message; never throws. */
export function shown(value: unknown): string {
  const short = (text: string) => (text.length > 80 ? `${text.slice(0, 80)}…` : text)
  if (typeof value === 'function') return 'a function'
  try {
    const plain = typeof value === 'string' || (typeof value === 'object' && value !== null)
    return short((plain ? JSON.stringify(value) : undefined) ?? String(value))
  } catch {
    // A cycle, or a getter that throws.
    return Object.prototype.toString.call(value)
  }
}

/** JSON for the engine; `who` begins the message if a value has no JSON. */
export function toJson(who: string, value: unknown): string {
  try {
    // JSON would omit functions and symbols silently.
    return JSON.stringify(value, (key, one) => {
      if (!['function', 'symbol'].includes(typeof one)) return one
      throw Error(`${key}: ${typeof one}`)
    })
  } catch (error) {
    throw new HebbError('option', `${who}: an option is not JSON: ${(error as Error).message}`)
  }
}
