// Files that `save` writes, in Node. Pages load no code that replaces files.
import { builtin } from '../engine/platform'
import { HebbError, shown } from '../errors'

/** Writes a file by {@link replaceFile} for a `save` of `what`; throws as HebbError. */
export async function saveFile(
  what: string,
  path: string | URL,
  bytes: () => Promise<Uint8Array>,
): Promise<void> {
  const url = builtin<typeof import('node:url')>('node:url')
  if (!url) {
    throw new HebbError('option', 'in a browser there are no files: use toBytes() and offer it as a download')
  }
  if (path === '' || (typeof path !== 'string' && !(path instanceof URL))) {
    throw new HebbError('option', `save takes the path of a file, got ${shown(path)}`)
  }
  const all = await bytes()
  try {
    const { replaceFile } = await import('./replace')
    await replaceFile(path instanceof URL ? url.fileURLToPath(path) : path, all)
  } catch (error) {
    throw new HebbError('file', `the ${what} could not be saved: ${(error as Error).message}`)
  }
}
