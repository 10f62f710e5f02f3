// The service worker of a folder of static files, completed with their names; and a Vite plugin that writes that of the pages.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

/** Fonts are kept in the one format that all browsers with WebAssembly threads read; pages show no notices. */
const LEFT_OUT = /\.(map|woff|ttf|md)$/

/** The code of the worker that keeps `files`, names with their content; `name` is that of its store. */
export function serviceWorker(name: string, files: ReadonlyMap<string, string | Uint8Array>): string {
  const kept = [...files.keys()].filter((file) => !LEFT_OUT.test(file)).sort()
  const hash = createHash('sha256')
  for (const file of kept) hash.update(file).update(files.get(file)!)
  return readFileSync(join(import.meta.dirname, 'src/offline/service.js'), 'utf8')
    .replace('self.__NAME__', () => JSON.stringify(`hebb-${name}-`))
    .replace('self.__FILES__', () => JSON.stringify(['./', ...kept]))
    .replace('self.__VERSION__', () => JSON.stringify(hash.digest('hex').slice(0, 12)))
}

export function service(): Plugin {
  return {
    name: 'service',
    apply: 'build',
    enforce: 'post',
    generateBundle(_, bundle) {
      const files = Object.values(bundle).map(
        (file) => [file.fileName, file.type === 'chunk' ? file.code : file.source] as const,
      )
      const source = serviceWorker('playground', new Map(files))
      this.emitFile({ type: 'asset', fileName: 'service.js', source })
    },
  }
}
