import { builtin } from '../../engine/platform'

/** What `get` makes of a `require` of the program, or of Hebb's own; undefined where none has it, or in a browser. */
export function fromProgram<T>(get: (require: NodeJS.Require) => T): T | undefined {
  const module = builtin<typeof import('node:module')>('node:module')
  if (!module) return undefined
  for (const start of [`${process.cwd()}/`, process.argv[1] ?? '', import.meta.url]) {
    try {
      return get(module.createRequire(start))
    } catch {
      // Not from there.
    }
  }
  return undefined
}
