// The two engines: that of networks and data sets, and that of the classical models. Each has its own files, so that a program
// loads only what it uses, and starts when it is first used.
import type { ClassicMethods } from './classicProtocol'
import type { InitOptions, Places } from './engine'
import type { CoreMethods, KindName, NetworkMethods, Simd } from './protocol'

/** What differs between the engines. `M` are the requests that its core serves. */
export interface Kind<M extends CoreMethods> {
  name: KindName
  /** What is gone if it dies. */
  holds: string
  /** Whether small predictions go through a mailbox. */
  mailbox: boolean
  /** The places that the program names. */
  places(options: InitOptions): Places
  /** The places of the package's own files. Bundlers look for literal patterns, and copy the files. */
  worker(): URL
  wasm(simd: Simd): URL
  readonly methods?: M
}

export const NETWORKS: Kind<NetworkMethods> = {
  name: 'networks',
  holds: 'networks and data sets',
  mailbox: true,
  places: (options) => options,
  worker: () => new URL('./worker.js', import.meta.url),
  wasm: (simd) =>
    simd === 'relaxed'
      ? new URL('./hebb-relaxed.wasm', import.meta.url)
      : new URL('./hebb-simd128.wasm', import.meta.url),
}

export const CLASSIC: Kind<ClassicMethods> = {
  name: 'classic',
  holds: 'memories and minimisations',
  mailbox: false,
  places: ({ classic = {} }) => classic,
  worker: () => new URL('./classic-worker.js', import.meta.url),
  // It computes in 64 bits, in which relaxed-simd gains nothing.
  wasm: () => new URL('./hebb-classic.wasm', import.meta.url),
}
