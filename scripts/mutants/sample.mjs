// A sample of mutants that depends on what they are, not on where: other changes of a file do not draw it anew.
import { createHash } from 'node:crypto'

/** The mutants that a seed draws, in an order that it draws too; `share` is the part of all, 1 for all. */
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
