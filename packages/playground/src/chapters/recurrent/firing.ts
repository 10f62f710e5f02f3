// What a hidden unit tells of the text.
import type { Look } from './look'

/** The state of a unit after each character. */
export const statesOf = ({ states, units, characters }: Look, unit: number) =>
  characters.map((_, t) => states[t * units + unit]!)

/** The mean state of a unit after each kind of character, the highest first. */
export function means(look: Look, unit: number): { character: string; mean: number }[] {
  const sums = new Map<string, { sum: number; count: number }>()
  for (const [t, state] of statesOf(look, unit).entries()) {
    const one = sums.get(look.characters[t]!) ?? { sum: 0, count: 0 }
    sums.set(look.characters[t]!, { sum: one.sum + state, count: one.count + 1 })
  }
  return Array.from(sums, ([character, { sum, count }]) => ({ character, mean: sum / count })).sort(
    (a, b) => b.mean - a.mean,
  )
}

/** The unit that tells a character best: after it the mean state is farthest above or below that after any other. */
export function unitFor(look: Look, character: string): number {
  const margins = Array.from({ length: look.units }, (_, unit) => {
    const ranked = means(look, unit)
    const own = ranked.find((one) => one.character === character)!.mean
    const others = ranked.filter((one) => one.character !== character).map(({ mean }) => mean)
    return Math.max(own - Math.max(...others), Math.min(...others) - own)
  })
  return margins.indexOf(Math.max(...margins))
}

/** A character as it is read by people. */
export const readable = (character: string) =>
  character === ' ' ? 'space' : character === '\n' ? 'line end' : character
