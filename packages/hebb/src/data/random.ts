// Random orders for samples that are not in the core's memory, the same as those of crates/hebb/src/random.rs.

/** The core's stream of shuffles: `Stream::Shuffle`. */
const SHUFFLE = 2

/** The high 32 bits of a product of two 32-bit numbers. */
function high(a: number, b: number): number {
  const [aLow, aHigh, bLow, bHigh] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16]
  // Each sum stays below 2⁵³.
  const middle = aHigh * bLow + Math.floor((aLow * bLow) / 0x10000)
  return (aHigh * bHigh + Math.floor((middle + aLow * bHigh) / 0x10000)) >>> 0
}

/** Four random words: Philox 4x32-10 (Salmon et al. 2011). */
export function philox(counter: readonly number[], key: readonly number[]): number[] {
  let [a, b, c, d] = counter as [number, number, number, number]
  let [left, right] = key as [number, number]
  for (let round = 0; round < 10; round++) {
    const next = [
      (high(c, 0xcd9e8d57) ^ b ^ left) >>> 0,
      Math.imul(c, 0xcd9e8d57) >>> 0,
      (high(a, 0xd2511f53) ^ d ^ right) >>> 0,
      Math.imul(a, 0xd2511f53) >>> 0,
    ] as const
    ;[a, b, c, d] = next
    left = (left + 0x9e3779b9) >>> 0
    right = (right + 0xbb67ae85) >>> 0
  }
  return [a, b, c, d]
}

/**
 * The random orders of a seed and an epoch, drawn from one sequence. The first is the order in which `fit` with this seed
 * uses `count` samples in this epoch.
 */
export function orders(seed: number, epoch: number): (count: number) => Uint32Array {
  let words: number[] = []
  let index = 0
  const bits = () => {
    if (words.length === 0) words = philox([index++, 0, SHUFFLE, epoch], [seed, 0])
    return words.pop()!
  }
  return (count) => {
    const order = Uint32Array.from({ length: count }, (_, i) => i)
    for (let i = count - 1; i > 0; i--) {
      const j = high(bits(), i + 1)
      ;[order[i], order[j]] = [order[j]!, order[i]!]
    }
    return order
  }
}
