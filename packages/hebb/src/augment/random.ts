import { philox } from '../data/random'
import type { Random } from './transform'

/** The stream of distortions, beside those of the core (`Stream` in crates/hebb-kernels/src/random.rs). */
const DISTORTIONS = 5

/** The random numbers of one sample in one epoch: xorshift (Marsaglia 2003) from four words of Philox. */
export function randomOf(seed: number, epoch: number, sample: number): Random {
  let [x, y, z, w] = philox([sample, 0, DISTORTIONS, epoch], [seed, 0]) as [number, number, number, number]
  return () => {
    const t = x ^ (x << 11)
    ;[x, y, z] = [y, z, w]
    w = (w ^ (w >>> 19) ^ t ^ (t >>> 8)) >>> 0
    return w / 2 ** 32
  }
}
