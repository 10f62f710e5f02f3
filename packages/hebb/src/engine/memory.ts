// The engine's shared memory, as large as this host allows.
import { HebbError } from '../errors'

const PAGE_BYTES = 65536
const GIB = 2 ** 30

/** The least that the module starts with. */
const INITIAL_PAGES = 64

/**
 * Whether threads must not see the memory grow: on WebKit (emscripten 25905, iOS 26.2), and in Bun before 1.4, which has its engine, they
 * then read and write at wrong places. So there it has its full size before there are threads.
 */
export const isFixed = () => /AppleWebKit(?!.*Chrom)|Bun\/1\.[0-3]/.test(globalThis.navigator?.userAgent)

/** Takes what is left of a fixed memory, or the half, a quarter … of it if the host refuses. */
export function fill(memory: WebAssembly.Memory, most: number, reserve: (bytes: number) => boolean): void {
  // The allocator rounds up to a page.
  const left = most - memory.buffer.byteLength - PAGE_BYTES
  for (let bytes = left; bytes > PAGE_BYTES && !reserve(bytes); ) bytes /= 2
}

/**
 * A memory that may grow to `most` bytes; by default to 4 GiB, if it is fixed to 1 GiB, because address space on a telephone is
 * scarce, or to half as much three times over if the host refuses that.
 */
export function createMemory(
  most: number | undefined,
  fixed = false,
  shared = true,
): { memory: WebAssembly.Memory; bytes: number } {
  const largest = fixed ? GIB : 4 * GIB
  for (let bytes = most ?? largest; ; bytes /= 2) {
    try {
      const maximum = Math.floor(bytes / PAGE_BYTES)
      return { memory: new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum, shared }), bytes }
    } catch {
      if (most === undefined && bytes > largest / 8) continue
      throw new HebbError(
        'memory',
        `${bytes} bytes of address space were refused: ask for less with init({ maxMemory })`,
      )
    }
  }
}
