// A sample of mutants that depends on their content, not on their position: other changes in a file do not change the sample.
import { createHash } from 'node:crypto'

/** A seeded sample of the mutants in a seeded order; `share` is its part of all, 1 for all. */
export function drawn(mutants, share, seed) {
  const seen = new Map()
  const numbered = mutants.map((mutant) => {
    const text = JSON.stringify([mutant.file, mutant.original, mutant.replacement])
    const count = seen.get(text) ?? 0
    seen.set(text, count + 1)
    const hash = createHash('sha256').update(`${seed} ${count} ${text}`).digest()
    return { mutant, number: hash.readUInt32LE() / 2 ** 32 }
  })
  return numbered
    .filter(({ number }) => number < share)
    .sort((a, b) => a.number - b.number)
    .map(({ mutant }) => mutant)
}
