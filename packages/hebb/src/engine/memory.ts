// The engine's shared memory, as large as this host allows.
import { HebbError } from '../errors'

const PAGE_BYTES = 65536
const GIB = 2 ** 30

/** The least that the module starts with. */
const INITIAL_PAGES = 64

/** Whether a module wants memory that is not shared, as `hebb-edge.wasm` does; the build has marked it. */
export const isUnshared = (module: WebAssembly.Module) =>
  WebAssembly.Module.customSections(module, 'unshared').length > 0

/** A memory that may grow to `most` bytes; by default to 4 GiB, or to 2 or 1 GiB if the host refuses more. */
export function createMemory(
  most: number | undefined,
  shared = true,
): { memory: WebAssembly.Memory; bytes: number } {
  for (const bytes of most === undefined ? [4 * GIB, 2 * GIB, GIB] : [most]) {
    try {
      const maximum = Math.floor(bytes / PAGE_BYTES)
      return { memory: new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum, shared }), bytes }
    } catch {
      // The host refuses: try less.
    }
  }
  throw new HebbError(
    'memory',
    `${most ?? GIB} bytes of address space were refused: ask for less with init({ maxMemory })`,
  )
}
