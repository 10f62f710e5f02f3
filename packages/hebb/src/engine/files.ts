// Reading files: by path in Node, by URL anywhere.
import { HebbError } from '../errors'
import { builtin } from './platform'

/** The unchanged bytes of a file; `name` is its name in messages. */
export async function readFile(place: string | URL, name: string): Promise<Uint8Array<ArrayBuffer>> {
  const files = builtin<typeof import('node:fs')>('node:fs')?.promises
  const refuse = (why: string): never => {
    throw new HebbError('file', `${name} ${why}`)
  }
  if (files && !/^(https?|data|blob):/.test(String(place))) {
    const path = /^file:/.test(String(place)) ? new URL(place) : place
    return files.readFile(path).catch((error: Error) => refuse(`could not be read: ${error.message}`))
  }
  const answer = await fetch(place).catch((error: Error) => refuse(`could not be fetched: ${error.message}`))
  if (!answer.ok) refuse(`was answered with ${answer.status}`)
  return new Uint8Array(await answer.arrayBuffer())
}

/**
 * As {@link readFile}, of a file that must have this SHA-256, or a SHA-256 that begins with this. A page on an address without
 * encryption cannot verify it.
 */
export async function readPinned(
  place: string | URL,
  name: string,
  sha256: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await readFile(place, name)
  if (!globalThis.crypto?.subtle) return bytes
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
  if (hex.startsWith(sha256)) return bytes
  throw new HebbError(
    'file',
    `${name} is damaged or another file: its SHA-256 is ${hex}, not ${sha256}${sha256.length < 64 ? '…' : ''}`,
  )
}
