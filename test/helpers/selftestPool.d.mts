import type { Selftest } from './artifact'

/** Runs with an artifact of `packages/hebb/wasm` whose pool has so many threads beside the calling one; all end with it. */
export function withSelftest<T>(
  variant: string,
  threads: number,
  run: (selftest: Selftest) => T | Promise<T>,
): Promise<T>
