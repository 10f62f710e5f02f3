// GitHub's notation for formulas, $…$, $`…`$ and blocks of `math`, set by KaTeX.
import katex from 'katex'

/** What this file uses of markdown-it. */
interface Markdown {
  inline: {
    ruler: {
      before(name: string, own: string, rule: (state: InlineState, silent: boolean) => boolean): void
    }
  }
  renderer: {
    rules: Record<string, ((tokens: Token[], index: number, ...rest: unknown[]) => string) | undefined>
  }
}
interface Token {
  info: string
  content: string
  meta: unknown
}
interface InlineState {
  src: string
  pos: number
  push(type: string, tag: string, nesting: 0): Token
}

const INLINE = /\$`([^`]+)`\$|\$(?!\s)((?:[^$\\\n]|\\.|\n(?!\n))+?)(?<!\s)\$(?!\d)/y

const set = (formula: string, displayMode: boolean) =>
  // Vue must not read braces in it.
  katex
    // Characters such as ½ are shown in the font of the text.
    .renderToString(formula, { displayMode, throwOnError: true, strict: 'ignore' })
    .replace('<span class="katex', '<span v-pre class="katex')

export function math(md: Markdown): void {
  md.inline.ruler.before('escape', 'math', (state, silent) => {
    INLINE.lastIndex = state.pos
    const found = state.src[state.pos] === '$' ? INLINE.exec(state.src) : null
    if (!found) return false
    // Not as its content: there braces would be attributes.
    if (!silent) state.push('math', 'math', 0).meta = found[1] ?? found[2]
    state.pos += found[0].length
    return true
  })
  md.renderer.rules.math = (tokens, index) => set(tokens[index]!.meta as string, false)
  const fence = md.renderer.rules.fence!
  md.renderer.rules.fence = (tokens, index, ...rest) =>
    tokens[index]!.info.trim() === 'math'
      ? `<p>${set(tokens[index]!.content, true)}</p>`
      : fence(tokens, index, ...rest)
}
