import { bar, StatusLine } from '../engine/statusLine'
import type { Network } from '../network/network'
import { checkFlag, checkKeys, refuse } from '../options'
import { checkFree } from '../training/lock'
import { download, storedName } from './download'
import { fill, type Loading } from './fill'
import { addressOf, fetchFrom, openLocal, type WeightsSource } from './pieces'
import { startHash } from './sha256'
import { openStore } from './store'

export interface LoadWeightsOptions {
  /**
   * The SHA-256 that the file must have, as 64 hexadecimal digits. A download with it is kept on this machine for the next
   * time (see {@link cachedWeights}), and a broken one is continued.
   */
  sha256?: string
  /** The network's name of a tensor, by that in the file. Default: the same. */
  rename?: (name: string) => string
  /** Whether to show a progress bar. Default false. */
  progress?: boolean
  /** Called with the bytes that are loaded, and of the file (NaN if the server does not say). */
  onProgress?: (progress: { loaded: number; total: number }) => void
  /** Ends the loading with its reason. */
  signal?: AbortSignal
}

/** The options of {@link loadWeights}. */
export const LOADING = ['sha256', 'rename', 'progress', 'onProgress', 'signal'] as const

/**
 * Loads all weights of a network from a safetensors file (F32, F16, BF16 or F64), of which only a piece is in memory at a time:
 * a path (Node), a URL, a `File` or bytes. Names and shapes are checked before the values are read. If it fails later, the
 * network has some of the new weights. Resets the optimizer's state.
 *
 * @example await loadWeights(net, 'https://example.org/model.safetensors', { sha256: '9f2c…', progress: true })
 * @throws HebbError `file` if the file is damaged, is not there or has another SHA-256; `shape` if names or shapes are not the
 * network's; `data` if a value is not finite; `option`
 */
export async function loadWeights(
  net: Network,
  source: WeightsSource,
  options: LoadWeightsOptions = {},
): Promise<void> {
  checkKeys('loadWeights', options, LOADING)
  checkFree(net)
  const { line, ...loading } = readOptions(options)
  const url = addressOf(source)
  const name = source instanceof Uint8Array || source instanceof Blob ? 'the weights' : String(source)
  try {
    if (!url) await fill(net, await openLocal(source, name), loading)
    else if (loading.hash === undefined) await fill(net, await fetchFrom(url, 0, loading.signal), loading)
    else await throughStore(net, url, loading.hash, loading)
    net.remember('', 0)
  } finally {
    line?.end(`${name} loaded`)
  }
}

function readOptions(options: LoadWeightsOptions): Loading & { line: StatusLine | undefined } {
  const who = 'loadWeights'
  const { sha256, rename = (name) => name, onProgress, signal } = options
  if (sha256 !== undefined && !/^[0-9a-f]{64}$/i.test(sha256))
    refuse(who, 'sha256', '64 hexadecimal digits', sha256)
  if (typeof rename !== 'function') refuse(who, 'rename', 'a function', rename)
  if (onProgress !== undefined && typeof onProgress !== 'function')
    refuse(who, 'onProgress', 'a function', onProgress)
  const line = checkFlag(who, 'progress', options.progress ?? false) ? new StatusLine() : undefined
  const report = (loaded: number, total: number) => {
    signal?.throwIfAborted()
    line?.show(`${bar(loaded / total)} ${(loaded / 1e6).toFixed(0)} of ${(total / 1e6).toFixed(0)} MB`)
    onProgress?.({ loaded, total })
  }
  return { hash: sha256?.toLowerCase(), rename, signal, report, line }
}

/** Loads a file of a known hash from the store, downloading it first if it is not there, or no longer as it was. */
async function throughStore(net: Network, url: URL, hash: string, loading: Loading): Promise<void> {
  const store = await openStore()
  if (!store) return fill(net, await fetchFrom(url, 0, loading.signal), loading)
  const name = storedName(hash)
  const stored = await store.read(name)
  if (stored) {
    const usable = await streamStored(net, stored, loading)
    if (usable) return
    await store.remove(name)
  }
  const kept = await download(url, hash, store, loading.report, loading.signal)
  if (!kept) return fill(net, await fetchFrom(url, 0, loading.signal), loading)
  await fill(net, await openLocal((await store.read(name))!, name), loading)
}

/** Loads a stored file; returns false if it is not what was stored. */
async function streamStored(net: Network, stored: Blob, loading: Loading): Promise<boolean> {
  const file = await openLocal(stored, 'the stored file')
  const sum = startHash()
  for await (const piece of file.pieces) sum.update(piece)
  if (sum.digest() !== loading.hash) return false
  await fill(net, await openLocal(stored, 'the stored file'), { ...loading, hash: undefined })
  return true
}
