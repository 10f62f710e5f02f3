import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { HebbError } from 'hebb'
import { serve } from './pages'
import type { Report } from './report'

const PACKAGE = 'hebb-playground'

/** The folder of the pages: a package of its own, which lies with the reader's packages or beside this one. */
function pages(): string {
  for (const from of [join(process.cwd(), 'here'), import.meta.url]) {
    try {
      const folder = join(dirname(createRequire(from).resolve(`${PACKAGE}/package.json`)), 'dist')
      if (existsSync(join(folder, 'index.html'))) return folder
    } catch {
      // Not there.
    }
  }
  throw new HebbError('option', `the playground is a package of its own: npm install ${PACKAGE}`)
}

/** Serves the playground on this machine until Ctrl-C. */
export async function playground({ port }: { port: number }): Promise<Report> {
  const { server, url } = await serve(pages(), port)
  process.once('SIGINT', () => {
    server.close()
    server.closeAllConnections()
  })
  return { json: { url }, text: `The playground is at ${url}\nCtrl-C ends it.` }
}
