// Where the package's own files lie: beside this one, unless a bundler or the program puts them elsewhere.
import { HebbError } from '../errors'
import { builtin } from './platform'

/** What to do if they are not there. */
export const PLACES =
  'make hebb external (Next.js: serverExternalPackages), or name copies of its files with init({ worker, wasm })'

/**
 * The place of one of the package's files: `given`, or where `beside` finds it. A relative one is relative to the page, in
 * Node to the working directory.
 */
export function placeOf(given: string | URL | undefined, beside: () => URL): URL {
  const base = globalThis.location?.href
  try {
    // What webpack makes of it may be no URL, but an object with the path as its href.
    if (given === undefined) return new URL(beside().href, base)
    const node = builtin<typeof import('node:url')>('node:url')
    // A drive of Windows has one letter.
    if (node && !/^\w\w+:/.test(String(given))) return node.pathToFileURL(String(given))
    return new URL(given, base)
  } catch {
    // import.meta.url is undefined, or a blob:, which has no neighbours.
    const why = given ? `${given} is no place` : 'a CommonJS bundle cannot tell where it lies'
    throw new HebbError('engine', `${why}: bundle as ES modules, ${PLACES}`)
  }
}
