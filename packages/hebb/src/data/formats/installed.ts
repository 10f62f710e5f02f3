import { builtin } from '../../engine/platform'

/** The result of `get` with the program's `require`, or with Hebb's own; undefined if both throw, and in a browser. */
export function fromProgram<T>(get: (require: NodeJS.Require) => T): T | undefined {
  const module = builtin<typeof import('node:module')>('node:module')
  if (!module) return undefined
  const { process } = globalThis
  for (const start of [`${process.cwd()}/`, process.argv[1] ?? '', import.meta.url]) {
    try {
      return get(module.createRequire(start))
    } catch {
      // It is not installed there.
    }
  }
  return undefined
}
