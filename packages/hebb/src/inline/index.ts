// The package's own files inside the JavaScript: for pages of a single file, and for bundlers that copy no files.
import { hasRelaxed } from '../engine/artifact'
import type { InitOptions } from '../engine/engine'
import { builtin } from '../engine/platform'
import type { Simd } from '../engine/protocol'
import { HebbError } from '../errors'
import { checkKeys, checkName } from '../options'
import { files } from './inlined'

export interface InlineOptions {
  /** As in `init`. Default: `relaxed` if the host has it, else `simd128`. */
  simd?: Simd
}

/** What {@link inline} gives `init`. */
export type InlinedFiles = Required<Pick<InitOptions, 'simd' | 'wasm' | 'worker' | 'classic' | 'images'>>

/**
 * The options of `init` that name the package's files: WebAssembly and workers, which are contained in this module (1.2 MB). So
 * nothing is read or fetched, wherever the bundle is; threads need cross-origin isolation as ever. A content security
 * policy must allow `worker-src blob:`.
 *
 * @example
 * import { init } from 'hebb'
 * import { inline } from 'hebb/inline'
 * await init({ ...(await inline()), threads: 4 })
 * @throws HebbError `option`; `engine` if this host cannot unpack them
 */
export async function inline(options: InlineOptions = {}): Promise<InlinedFiles> {
  checkKeys('inline', options, ['simd'])
  const own = hasRelaxed() ? 'relaxed' : 'simd128'
  const simd = checkName('inline', 'simd', options.simd ?? own, ['relaxed', 'simd128'])
  const [wasm, classic, images] = await Promise.all(
    [`hebb-${simd}`, 'hebb-classic', 'hebb-images'].map(unpack),
  )
  return {
    simd,
    wasm: wasm!,
    worker: await script('worker'),
    classic: { wasm: classic!, worker: await script('classic-worker') },
    images: images!,
  }
}

/** The bytes of one of the files, which are compressed by gzip and written in base64. */
async function unpack(name: string): Promise<ArrayBuffer> {
  const packed = Uint8Array.from(atob(files[name]!), (character) => character.charCodeAt(0))
  // Bun has it before it has DecompressionStream.
  const zlib = builtin<typeof import('node:zlib')>('node:zlib')
  if (zlib) return Uint8Array.from(zlib.gunzipSync(packed)).buffer
  if (typeof DecompressionStream === 'undefined')
    throw new HebbError(
      'engine',
      'hebb/inline needs a newer engine: it has no DecompressionStream (Bun: 1.2.6)',
    )
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer()
}

/**
 * The URL of a script of ours. Pages start workers from a blob, which has their origin; Node starts none from a blob, and Bun before 1.4
 * none from a URL of data.
 */
async function script(name: string): Promise<string> {
  const text = await unpack(name)
  const type = 'text/javascript'
  const takesData = builtin('node:os') && !/Bun\/1\.[0-3]\./.test(globalThis.navigator?.userAgent)
  if (takesData) return `data:${type},${encodeURIComponent(new TextDecoder().decode(text))}`
  return URL.createObjectURL(new Blob([text], { type }))
}
