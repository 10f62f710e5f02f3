// An application of Next.js, built for production by webpack and by Turbopack: its page trains, and its route on the server.
import { app, ISOLATING } from './app.mjs'

const PORT = 4117
const NEXT = '16.4.6'
const REACT = '19.3.1'
const REMEDY = "serverExternalPackages: ['hebb']"
const env = { NEXT_TELEMETRY_DISABLED: '1' }

const files = (line) => ({
  'next.config.mjs': `const headers = ${JSON.stringify(Object.entries(ISOLATING).map(([key, value]) => ({ key, value })))}
export default { headers: async () => [{ source: '/:path*', headers }], ${line} }`,
  'app/layout.jsx': 'export default ({ children }) => <html><body>{children}</body></html>',
  'app/page.jsx': `'use client'
import { useEffect } from 'react'
import { check } from '../program.mjs'
export default function Page() {
  useEffect(() => { globalThis.check = check }, [])
  return <p>ready</p>
}`,
  'app/api/route.js': `import { check } from '../../program.mjs'
export const dynamic = 'force-dynamic'
export const GET = async () => Response.json(await check())`,
})

/** What `use` gets of the running application. */
const built =
  (bundler, line, use) =>
  async ({ chromium }) => {
    const packages = { next: NEXT, react: REACT, 'react-dom': REACT }
    const { bin, run, server } = app('next', { packages, files: files(line) })
    run(process.execPath, [bin('next'), 'build', `--${bundler}`], env)
    const url = `http://127.0.0.1:${PORT}/`
    const { close } = await server(process.execPath, [bin('next'), 'start', '-p', `${PORT}`], url, env)
    try {
      return await use(url, chromium)
    } finally {
      await close()
    }
  }
const page = (url, chromium) => chromium.check(url)
const route = async (url) => (await fetch(`${url}api`)).json()

export const next = ['webpack', 'turbopack'].flatMap((bundler) => [
  { name: `Next.js, ${bundler}, page`, version: NEXT, threads: 2, run: built(bundler, '', page) },
  bundler === 'webpack'
    ? {
        name: `Next.js, ${bundler}, server`,
        version: NEXT,
        threads: 2,
        run: built(bundler, REMEDY, route),
        bare: built(bundler, '', route),
        remedy: 'serverExternalPackages',
      }
    : { name: `Next.js, ${bundler}, server`, version: NEXT, threads: 2, run: built(bundler, '', route) },
])
