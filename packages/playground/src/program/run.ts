// Runs the reader's program on a thread of its own with its own hebb: an endless loop must not stop the page.
import type { Told } from './worker'

/** A program that runs. */
export interface Running {
  /** Resolves to what the program exports when it ends; rejects with its error, which names the line where it can. */
  exports: Promise<Record<string, unknown>>
  /** Ends it now, wherever it is. */
  stop: () => void
}

/** Runs a program; `print` is called with each line that it prints. */
export function run(code: string, print: (line: string) => void): Running {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
  let fail = (_why: string) => {}
  const exports = new Promise<Record<string, unknown>>((resolve, reject) => {
    fail = (why) => reject(new Error(why))
    worker.onmessage = ({ data: told }: MessageEvent<Told>) => {
      if (told.kind === 'line') print(told.line)
      else if (told.kind === 'exports') resolve(told.exports)
      else fail(told.message)
    }
  })
  // An error outside of the module itself, such as one in a timer; it has no message if the thread could not begin.
  worker.onerror = (event) => {
    event.preventDefault()
    fail(event.message || 'The program could not be started.')
  }
  worker.postMessage(code)
  return {
    exports: exports.finally(() => worker.terminate()),
    stop: () => fail('You stopped the program.'),
  }
}
