// A Vite plugin: completes the service worker with the names of the built files, and writes it beside the page.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

/** Fonts are kept in the one format that all browsers with WebAssembly threads read. */
const LEFT_OUT = /\.(map|woff|ttf)$/

export function service(): Plugin {
  const source = join(import.meta.dirname, 'src/offline/service.js')
  return {
    name: 'service',
    apply: 'build',
    enforce: 'post',
    generateBundle(_, bundle) {
      const files = Object.keys(bundle).filter((name) => !LEFT_OUT.test(name))
      const hash = createHash('sha256')
      for (const name of files.sort()) {
        const file = bundle[name]!
        hash.update(name).update(file.type === 'chunk' ? file.code : file.source)
      }
      const code = readFileSync(source, 'utf8')
        .replace('self.__FILES__', () => JSON.stringify(['./', ...files]))
        .replace('self.__VERSION__', () => JSON.stringify(hash.digest('hex').slice(0, 12)))
      this.emitFile({ type: 'asset', fileName: 'service.js', source: code })
    },
  }
}
