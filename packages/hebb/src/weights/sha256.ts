// SHA-256 of a file that comes in pieces. (Web Crypto wants all bytes at once.)
import { sha256 } from '@noble/hashes/sha2.js'
import { builtin } from '../engine/platform'

/** A hash in progress. */
export interface Hash {
  update(piece: Uint8Array): void
  /** The hash, as 64 hexadecimal digits. */
  digest(): string
}

/** Begins a hash: Node's own is native. */
export function startHash(): Hash {
  const native = builtin<typeof import('node:crypto')>('node:crypto')?.createHash('sha256')
  if (native) return { update: (piece) => void native.update(piece), digest: () => native.digest('hex') }
  const hash = sha256.create()
  const hex = (byte: number) => byte.toString(16).padStart(2, '0')
  return {
    update: (piece) => void hash.update(piece),
    digest: () => Array.from(hash.digest(), hex).join(''),
  }
}
