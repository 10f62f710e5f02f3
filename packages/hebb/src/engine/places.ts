// Where the package's own files are: beside this one, unless a bundler or the program puts them elsewhere.
import { HebbError } from '../errors'
import { builtin } from './platform'

/** The remedy if they are not there. */
export const PLACES =
  'make hebb external (Next.js: serverExternalPackages), or call init(await inline()) with inline of hebb/inline, or name ' +
  'copies of its files with init({ worker, wasm, images, classic: { worker, wasm } })'

/** A place that a program names, or that of one of the package's own files. */
export type Place = string | URL | (() => URL)

/** The URL of a place. A relative path is relative to the page, in Node to the working directory. */
export function placeOf(place: Place): URL {
  const base = globalThis.location?.href
  try {
    // webpack may return an object with the path as its href instead of a URL.
    if (typeof place === 'function') return new URL(place().href, base)
    const node = builtin<typeof import('node:url')>('node:url')
    // One letter before the colon is a Windows drive.
    if (node && !/^\w\w+:/.test(String(place))) return node.pathToFileURL(String(place))
    return new URL(place, base)
  } catch {
    // import.meta.url is undefined, or a blob: URL, to which nothing is relative.
    const why =
      typeof place === 'function' ? 'a CommonJS bundle cannot know its location' : `${place} is not a URL`
    throw new HebbError('engine', `${why}: bundle as ES modules, ${PLACES}`)
  }
}
