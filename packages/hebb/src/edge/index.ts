// For hosts that compile WebAssembly before the program starts, and have neither workers nor shared memory: edge functions.
import type { InitOptions } from '../engine/engine'
import { type CoreScope, HERE } from '../engine/protocol'
import { HebbError } from '../errors'
import { makeCore } from './makeCore'

// Where an engine in the calling thread looks for its core before it imports a file; each that starts gets a new one.
const scope = globalThis as CoreScope
scope[HERE] = {
  ...scope[HERE],
  networks: {
    get Core() {
      return makeCore()
    },
    evaluate() {},
  },
}

/** What {@link edge} gives `init`. */
export type EdgeOptions = Required<Pick<InitOptions, 'simd' | 'wasm' | 'thread' | 'threads'>>

/** The build has marked the module whose memory is not shared. */
const isUnshared = (module: WebAssembly.Module) =>
  WebAssembly.Module.customSections(module, 'unshared').length > 0

/**
 * The options of `init` for a host without workers and shared memory, such as Cloudflare Workers: the engine computes in the
 * calling thread, with one thread, by code that this module contains. `wasm` is `hebb/hebb-edge.wasm` as the host imports it, a
 * compiled module. For predictions and small trainings of networks: nothing else of the program runs while it computes.
 *
 * @example
 * import { init, loadNetwork } from 'hebb'
 * import { edge } from 'hebb/edge'
 * import wasm from 'hebb/hebb-edge.wasm'
 * await init(edge(wasm))
 * @throws HebbError `option`
 */
export function edge(wasm: WebAssembly.Module): EdgeOptions {
  if (!(wasm instanceof WebAssembly.Module && isUnshared(wasm)))
    throw new HebbError('option', 'edge: it needs the compiled WebAssembly.Module of hebb/hebb-edge.wasm')
  return { simd: 'simd128', wasm, thread: 'here', threads: 1 }
}
