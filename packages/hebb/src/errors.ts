/**
 * What went wrong, as a word for programs:
 * - `option`: an option is unknown, missing or out of range
 * - `shape`: shapes do not fit each other
 * - `data`: the data cannot be used
 * - `file`: a file is damaged or of the wrong kind
 * - `memory`: memory was refused
 * - `diverged`: training left the finite numbers; the weights are the last good ones
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

/** The one error class of Hebb: a `code` for programs, a `message` that says what to do. */
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
 * Whether an error is the caller's to mend; any other means that the engine cannot be trusted any more. By its name, for
 * the engine's file has a class of its own.
 */
export function isUserError(error: unknown): error is HebbError {
  return (error as Error | undefined)?.name === 'HebbError'
}

/**
 * For errors that come later, when the stack no longer leads to whom they concern: rethrows one with the stack of now
 * behind its own, from the caller of `callee` on.
 */
// biome-ignore lint/complexity/noBannedTypes: any function, or class.
export function calledFrom(callee: Function): (error: unknown) => never {
  const called: { stack?: string } = {}
  // Not every browser has it.
  Error.captureStackTrace?.(called, callee)
  const frames = called.stack?.split('\n').slice(1) ?? []
  return (error) => {
    if (isUserError(error)) error.stack = [error.stack, ...frames].join('\n')
    throw error
  }
}

/** Any value in an error's message: short, and whatever it is without an error of its own. */
export function shown(value: unknown): string {
  const short = (text: string) => (text.length > 80 ? `${text.slice(0, 80)}…` : text)
  if (typeof value === 'function') return 'a function'
  try {
    const plain = typeof value === 'string' || (typeof value === 'object' && value !== null)
    return short((plain ? JSON.stringify(value) : undefined) ?? String(value))
  } catch {
    // A circle, or a getter that throws.
    return Object.prototype.toString.call(value)
  }
}

/** JSON for the engine; `who` begins the message where a value has none. */
export function toJson(who: string, value: unknown): string {
  try {
    // JSON leaves out functions and symbols, as if they had not been given.
    return JSON.stringify(value, (key, one) => {
      if (!['function', 'symbol'].includes(typeof one)) return one
      throw Error(`${key}: ${typeof one}`)
    })
  } catch (error) {
    throw new HebbError('option', `${who}: an option is no JSON: ${(error as Error).message}`)
  }
}
