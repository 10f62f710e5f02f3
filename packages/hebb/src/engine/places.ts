// Where the package's own files are: beside this one, unless a bundler or the program puts them elsewhere.
import { HebbError } from '../errors'
import { builtin } from './platform'

/** The remedy if they are not there. */
export const PLACES =
  'make hebb external (Next.js: serverExternalPackages), or name copies of its files with init({ worker, wasm })'

/**
 * The URL of one of the package's files: `given`, or the result of `beside`. A relative path is relative to the page, in
 * Node to the working directory.
 */
export function placeOf(given: string | URL | undefined, beside: () => URL): URL {
  const base = globalThis.location?.href
  try {
    // webpack may return an object with the path as its href instead of a URL.
    if (given === undefined) return new URL(beside().href, base)
    const node = builtin<typeof import('node:url')>('node:url')
    // One letter before the colon is a Windows drive.
    if (node && !/^\w\w+:/.test(String(given))) return node.pathToFileURL(String(given))
    return new URL(given, base)
  } catch {
    // import.meta.url is undefined, or a blob: URL, to which nothing is relative.
    const why = given ? `${given} is not a URL` : 'a CommonJS bundle cannot know its location'
    throw new HebbError('engine', `${why}: bundle as ES modules, ${PLACES}`)
  }
}
