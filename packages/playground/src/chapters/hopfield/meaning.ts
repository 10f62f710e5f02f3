// What a state is, in words.
import type { Recalled } from 'hebb'
import * as model from './model'

export function meaning({ reason, pattern, spurious }: Recalled): string {
  if (reason === 'cycle') return 'No end: the state alternates between two pictures.'
  if (reason === 'steps') return 'It has not come to rest.'
  if (pattern !== undefined) return `It recalls ${model.nameOf(pattern)}.`
  if (spurious?.kind === 'reversed')
    return `It recalls the reverse of ${model.nameOf(spurious.patterns[0]!)}, which nobody stored.`
  if (spurious?.kind === 'mixture') {
    const parts = spurious.patterns.map(
      (i, k) => `${spurious.signs[k]! < 0 ? 'the reverse of ' : ''}${model.nameOf(i)}`,
    )
    return `It recalls a mixture nobody stored: the majority of ${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}.`
  }
  return 'It comes to rest in a state that is none of the pictures.'
}

/** Whether a state that nobody stored, nor its reverse, is stable. */
export const isMixture = ({ reason, spurious }: Recalled) =>
  reason === 'fixedPoint' && spurious !== undefined && spurious.kind !== 'reversed'

/** The same in two words. */
export function short(result: Recalled): string {
  const { reason, pattern, spurious } = result
  if (reason !== 'fixedPoint') return reason === 'cycle' ? 'no end' : 'no rest'
  if (pattern !== undefined) return model.nameOf(pattern)
  if (spurious?.kind === 'reversed') return `reverse of ${model.nameOf(spurious.patterns[0]!)}`
  return spurious?.kind === 'mixture' ? 'a mixture' : 'unknown'
}
