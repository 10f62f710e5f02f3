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
  override readonly name = 'HebbError'
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
