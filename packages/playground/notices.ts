// A Vite plugin: adds to the pages' NOTICES.md, in which Vite names the packages in their JavaScript, what else they contain.
import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

const HEBB = join(import.meta.dirname, '..', 'hebb', 'NOTICES.md')
const MNIST = 'The digits in mnist/ are those of MNIST (Y. LeCun, C. Cortes and C. J. C. Burges).'

export function notices(fileName: string): Plugin {
  return {
    name: 'notices',
    apply: 'build',
    writeBundle({ dir }) {
      appendFileSync(join(dir!, fileName), `\n${MNIST}\n\n${readFileSync(HEBB, 'utf8')}`)
    },
  }
}
