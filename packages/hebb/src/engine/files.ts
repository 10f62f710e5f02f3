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
