// Downloads to the store: resumable, and kept under their final name only if they have the right hash.
import { HebbError } from '../errors'
import { type Fetched, fetchFrom, readAll } from './pieces'
import { startHash } from './sha256'
import type { Growing, Store } from './store'

/** The name of a file in the store. */
export const storedName = (hash: string) => `${hash}.safetensors`

/** The name of an unfinished one. */
const partName = (hash: string) => `${hash}.part`

/**
 * Downloads a file of this SHA-256 to the store, from where an earlier attempt ended. Returns false if the store refuses more
 * bytes. Bytes need no version: whatever the server has sent before, only the right ones have the hash.
 */
export async function download(
  url: URL,
  hash: string,
  store: Store,
  report: (loaded: number, total: number) => void,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const part = partName(hash)
  const old = await store.read(part)
  const fetched = await fetchFrom(url, old?.size ?? 0, signal)
  const sum = startHash()
  if (old && fetched.from > 0) for await (const piece of readAll(old.stream(), part)) sum.update(piece)
  if (!(await save(fetched, part, store, sum.update, report))) {
    // Where nothing can be written, nothing can be removed.
    await store.remove(part).catch(() => {})
    return false
  }
  const found = sum.digest()
  if (found !== hash) {
    await store.remove(part)
    throw new HebbError(
      'file',
      `${url} has the SHA-256 ${found}, not ${hash}: it is damaged, or another file`,
    )
  }
  await store.rename(part, storedName(hash))
  return true
}

/** Writes the pieces; returns whether there was room for all of them. What was written stays if the network fails. */
async function save(
  { from, size, pieces }: Fetched,
  part: string,
  store: Store,
  update: (piece: Uint8Array) => void,
  report: (loaded: number, total: number) => void,
): Promise<boolean> {
  let file: Growing | undefined
  let at = from
  let full = false
  const storing = async (work: Promise<unknown>) => {
    await work.catch((error: Error) => {
      full = true
      throw error
    })
  }
  try {
    await storing(store.grow(part, from).then((opened) => (file = opened)))
    for await (const piece of pieces) {
      update(piece)
      await storing(file!.append(piece))
      at += piece.length
      report(at, size)
    }
    await storing(file!.close())
    file = undefined
    return true
  } catch (error) {
    if (full) return false
    throw error
  } finally {
    await file?.close().catch(() => {})
  }
}
