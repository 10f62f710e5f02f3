// A Vite plugin: `import formula from './formula.tex'` is the HTML of its formulas, one per paragraph, made by KaTeX while
// the page is built. Nothing is typeset in the reader's browser.
import { readFileSync } from 'node:fs'
import katex from 'katex'
import type { Plugin } from 'vite'

export function formulas(): Plugin {
  return {
    name: 'formulas',
    load(id) {
      const [path] = id.split('?')
      if (path!.endsWith('.tex')) {
        const html = readFileSync(path!, 'utf8')
          .split(/\n\s*\n/)
          .filter((paragraph) => paragraph.trim() !== '')
          .map((tex) => katex.renderToString(tex, { displayMode: true, strict: 'error' }))
        return `export default ${JSON.stringify(html.join(''))}`
      }
    },
    transform(code, id) {
      // KaTeX's style sheet names each font in three formats; browsers with WebAssembly threads read the first.
      if (id.split('?')[0]!.endsWith('katex.min.css')) {
        return code.replace(/,url\([^)]*\) format\("(woff|truetype)"\)/g, '')
      }
    },
  }
}
