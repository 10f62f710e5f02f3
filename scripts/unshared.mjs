// Makes of a threaded WebAssembly module one whose memory is not shared, for hosts that have no shared memory: the same code, whose
// atomic instructions work on either; only waiting traps, and one thread never waits.

const CUSTOM = 0
const IMPORTS = 2
const MEMORY = 2
/** The bit of a memory's limits. */
const SHARED = 2
/** The custom section by which the package recognises such a module. */
const MARK = 'unshared'

/** The module with its imported memory unshared. */
export function unshared(module) {
  const bytes = Uint8Array.from(module)
  let at = 8
  /** An unsigned LEB128 number. */
  const number = () => {
    for (let [value, scale] = [0, 1]; ; scale *= 128) {
      const byte = bytes[at++]
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
  }
  const skipName = () => {
    const length = number()
    at += length
  }
  while (bytes[at] !== IMPORTS) {
    at++
    skipName()
  }
  at++
  number()
  for (let left = number(); left > 0; left--) {
    skipName()
    skipName()
    if (bytes[at++] === MEMORY) {
      if (!(bytes[at] & SHARED)) throw new Error('the memory is not shared')
      bytes[at] &= ~SHARED
      return Buffer.concat([bytes, Buffer.from([CUSTOM, MARK.length + 1, MARK.length]), Buffer.from(MARK)])
    }
    // Of the artifacts all others are functions.
    number()
  }
  throw new Error('no memory is imported')
}
