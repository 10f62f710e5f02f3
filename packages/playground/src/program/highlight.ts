// Colours for JavaScript: comments, texts, numbers and keywords are enough to read by.

export type Kind = 'comment' | 'text' | 'number' | 'keyword' | 'plain'

const TOKENS =
  /(?<comment>\/\/.*|\/\*[\s\S]*?\*\/)|(?<text>'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`)|(?<number>\b\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?\b)|(?<keyword>\b(?:await|break|const|continue|else|export|for|from|function|if|import|in|let|new|of|return|throw|true|false|undefined|while)\b)/g

/** The text in pieces of one colour each. */
export function highlight(code: string): { kind: Kind; text: string }[] {
  const pieces: { kind: Kind; text: string }[] = []
  let from = 0
  for (const match of code.matchAll(TOKENS)) {
    if (match.index > from) pieces.push({ kind: 'plain', text: code.slice(from, match.index) })
    const [kind] = Object.entries(match.groups!).find(([, text]) => text !== undefined)!
    pieces.push({ kind: kind as Kind, text: match[0] })
    from = match.index + match[0].length
  }
  if (from < code.length) pieces.push({ kind: 'plain', text: code.slice(from) })
  return pieces
}
