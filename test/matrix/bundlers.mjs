// Rows of bundlers: a page that each builds, opened in Chromium.
import { writeFileSync } from 'node:fs'
import { app, ISOLATING, serve } from './app.mjs'
import { sveltekit } from './sveltekit.mjs'

const node = process.execPath
const INLINE = 'hebb/inline'

/** Checks the page of a folder. */
async function visit({ chromium }, folder) {
  const site = await serve(folder)
  try {
    return await chromium.check(site.url)
  } finally {
    site.close()
  }
}

const script = (file, type = 'module') =>
  `<!doctype html><link rel="icon" href="data:,"><script type="${type}" src="${file}"></script>`

/** A build by a program, which has the entry and makes dist/page.js. */
const byProgram = (name, packages, program, entry, type) => async (tools) => {
  const { at, run } = app(name, { packages, files: { 'build.mjs': program } })
  run(node, ['build.mjs', entry])
  writeFileSync(at('dist', 'index.html'), script('page.js', type))
  return visit(tools, at('dist'))
}

const WEBPACK = (library) => `import { createRequire } from 'node:module'
const tool = createRequire(import.meta.url)('${library}')
const output = { path: import.meta.dirname + '/dist', filename: 'page.js' }
const config = { mode: 'production', entry: './' + process.argv[2], output, performance: false }
;(tool.rspack ?? tool)(config, (error, stats) => {
  const wrong = error ?? (stats.hasErrors() || stats.hasWarnings() ? stats.toString('errors-warnings') : '')
  if (wrong) throw wrong
})`
const ROLLUP = `import { nodeResolve } from '@rollup/plugin-node-resolve'
import { rollup } from 'rollup'
const bundle = await rollup({ input: process.argv[2], plugins: [nodeResolve({ browser: true })] })
await bundle.write({ dir: 'dist', format: 'es', entryFileNames: 'page.js' })`
const ESBUILD = (format) => `import { build } from 'esbuild'
await build({ entryPoints: [process.argv[2]], outfile: 'dist/page.js', bundle: true, format: '${format}', logLevel: 'error' })`

const webpacks = { webpack: { webpack: '5.113.0' }, Rspack: { '@rspack/core': '2.3.4' } }
const rollups = { rollup: '4.68.8', '@rollup/plugin-node-resolve': '16.0.3' }
const esbuilds = { esbuild: '0.28.2' }
const rows = [
  ...Object.entries(webpacks).flatMap(([name, packages]) => {
    const [[library, version]] = Object.entries(packages)
    const page = (entry) => byProgram(name, packages, WEBPACK(library), entry, 'text/javascript')
    return [
      { name, version, run: page('page.mjs') },
      { name: `${name}, own worker`, version, run: page('pageWithWorker.mjs') },
    ]
  }),
  ...[
    ['Rollup', 'rollup', rollups, ROLLUP, 'module'],
    ['esbuild, ES modules', 'esbuild', esbuilds, ESBUILD('esm'), 'module'],
    ['esbuild, IIFE', 'esbuild-iife', esbuilds, ESBUILD('iife'), 'text/javascript'],
  ].map(([name, folder, packages, program, type]) => ({
    name,
    version: Object.values(packages)[0],
    run: byProgram(folder, packages, program, 'pageInlined.mjs', type),
    bare: byProgram(folder, packages, program, 'page.mjs', type),
    remedy: INLINE,
  })),
]

const PORT = 4118
const VITES = ['5.4.21', '6.4.6', '7.3.8', '8.4.0']
const FORMAT = "format: 'es'"
const EXCLUDE = "optimizeDeps: { exclude: ['hebb'] }"

function vite(version) {
  const config = (line) => `export default {
  server: { headers: ${JSON.stringify(ISOLATING)} },
  ${line}
}`
  const made = (line) =>
    app(`vite-${version}`, { packages: { vite: version }, files: { 'vite.config.mjs': config(line) } })
  const build = (line, page) => async (tools) => {
    const { at, bin, run } = made(line)
    writeFileSync(at('index.html'), script(`./${page}`))
    run(node, [bin('vite'), 'build'])
    return visit(tools, at('dist'))
  }
  const dev =
    (line) =>
    async ({ chromium }) => {
      const { bin, server } = made(line)
      const url = `http://127.0.0.1:${PORT}/`
      const args = [bin('vite'), '--host', '127.0.0.1', '--port', `${PORT}`, '--strictPort']
      const { close } = await server(node, args, url)
      try {
        return await chromium.check(url)
      } finally {
        await close()
      }
    }
  const name = `Vite ${version.split('.')[0]}`
  const old = Number.parseInt(version, 10) < 8
  return [
    { name, version, run: build('', 'page.mjs') },
    {
      name: `${name}, development`,
      version,
      run: dev(old ? EXCLUDE : ''),
      ...(old && { bare: dev(''), remedy: 'optimizeDeps.exclude' }),
    },
    {
      name: `${name}, own worker`,
      version,
      run: build(old ? `worker: { ${FORMAT} }` : '', 'pageWithWorker.mjs'),
      ...(old && { needed: `worker: { ${FORMAT} }` }),
    },
  ]
}

const PARCEL = '2.16.4'
async function parcel(tools) {
  const { at, bin, run } = app('parcel', { packages: { parcel: PARCEL } })
  run(node, [bin('parcel'), 'build', 'index.html', '--no-cache', '--dist-dir', 'dist'])
  return visit(tools, at('dist'))
}

const ASTRO = '7.3.5'
async function astro(tools) {
  const page = `<html><head><link rel="icon" href="data:,"></head><body><script>
  import { check } from '../../program.mjs'
  globalThis.check = check
</script></body></html>`
  const { at, bin, run } = app('astro', {
    packages: { astro: ASTRO },
    files: { 'src/pages/index.astro': page },
  })
  run(node, [bin('astro'), 'build'], { ASTRO_TELEMETRY_DISABLED: '1' })
  return visit(tools, at('dist'))
}

export const bundlers = [
  ...VITES.flatMap(vite),
  ...rows,
  { name: 'Parcel', version: PARCEL, run: parcel },
  { name: 'Astro', version: ASTRO, run: astro },
  sveltekit(visit),
].map((row) => ({ threads: 2, ...row }))
