// The text that the page begins with, and what it takes from its readers.

/** A nursery rhyme of the eighteenth century, which says everything again and again. */
export const TEXT = `This is the house that Jack built.
This is the malt that lay in the house that Jack built.
This is the rat that ate the malt that lay in the house that Jack built.
This is the cat that killed the rat that ate the malt that lay in the house that Jack built.
This is the dog that worried the cat that killed the rat that ate the malt that lay in the house that Jack built.
`

export const LEAST = 60
export const MOST = 2000

/** Why a text cannot be learned here; undefined if it can. */
export function wrongWith(text: string): string | undefined {
  const { length } = Array.from(text)
  if (length >= LEAST && length <= MOST) return undefined
  return `This text has ${length} characters; the page takes ${LEAST} to ${MOST.toLocaleString('en')}.`
}
