// Files that another file names: they lie beside it or below its folder.
import { HebbError } from '../../errors'
import type { Source } from './source'

/** Whether a name leads out of the folder, or is no file's. */
export const isOutside = (file: string) => /^[/\\]|^[a-z]+:|(^|[/\\])\.\.([/\\]|$)|\0/i.test(file)

/** Where the file is that a model names. */
export function beside(source: Source, file: string): Source {
  if (source instanceof Uint8Array)
    throw new HebbError(
      'option',
      `the model has weights in "${file}": give external: (name) => its bytes or path`,
    )
  if (source instanceof URL || /^(https?|file|blob|data):/.test(source)) return new URL(file, source)
  const end = Math.max(source.lastIndexOf('/'), source.lastIndexOf('\\')) + 1
  return source.slice(0, end) + file
}
