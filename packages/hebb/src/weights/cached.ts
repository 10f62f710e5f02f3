import { openStore } from './store'

/** A file of weights on this machine. */
export interface CachedWeights {
  sha256: string
  bytes: number
  /** Whether all of it is here: a broken download is continued by the next attempt. */
  complete: boolean
}

const NAME = /^([0-9a-f]{64})\.(safetensors|part)$/

/**
 * The downloads that are kept on this machine: in Node in the user's folder of caches (`HEBB_CACHE` names another), in a page
 * in the private file system of its origin.
 */
export async function cachedWeights(): Promise<CachedWeights[]> {
  const files = (await (await openStore())?.list()) ?? []
  return files.flatMap(({ name, bytes }) => {
    const [, sha256, kind] = NAME.exec(name) ?? []
    return sha256 ? [{ sha256, bytes, complete: kind === 'safetensors' }] : []
  })
}

/** Deletes the download with this SHA-256, or all of them. */
export async function deleteCachedWeights(sha256?: string): Promise<void> {
  const store = await openStore()
  for (const { name } of (await store?.list()) ?? []) {
    const own = NAME.exec(name)?.[1]
    if (own && (sha256 === undefined || own === sha256.toLowerCase())) await store!.remove(name)
  }
}
