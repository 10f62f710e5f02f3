// Rows of Deno: from node_modules, and by an `npm:` specifier from a registry.
import { copyFileSync, readFileSync, rmSync } from 'node:fs'
import { app, tarball } from './app.mjs'

const DENO = '2.9.6'
const PORT = 4122
const REGISTRY = `http://127.0.0.1:${PORT}/`
const READ = '--allow-read'
const packages = { deno: DENO }

/** A registry with the packed package and no other. */
const registry = `import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
const packed = readFileSync('hebb.tgz')
const manifest = JSON.parse(readFileSync('node_modules/hebb/package.json', 'utf8'))
const { name, version } = manifest
const integrity = 'sha512-' + createHash('sha512').update(packed).digest('base64')
const dist = { tarball: '${REGISTRY}hebb.tgz', integrity }
const known = { name, 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, dist } } }
createServer(({ url }, response) => {
  if (url === '/hebb.tgz') return response.end(packed)
  response.writeHead(url === '/hebb' ? 200 : 404).end(JSON.stringify(known))
}).listen(${PORT}, '127.0.0.1')`
const program = readFileSync(new URL('program.mjs', import.meta.url), 'utf8')
const files = {
  'registry.mjs': registry,
  'npm.mjs': `${program.replace("'hebb'", "'npm:hebb'")}
check().then((result) => console.log(JSON.stringify(result)))`,
}

const run = (args, file) => () => {
  const { at, result } = app('deno', { packages })
  return result(at('node_modules/deno/deno'), ['run', '--no-prompt', ...args, file])
}

const byNpm = (args) => async () => {
  const { at, result, server } = app('deno', { packages, files })
  copyFileSync(tarball(), at('hebb.tgz'))
  const cache = at('cache')
  rmSync(cache, { recursive: true, force: true })
  const env = { DENO_DIR: cache, DENO_NO_PACKAGE_JSON: '1', NPM_CONFIG_REGISTRY: REGISTRY }
  const { close } = await server(process.execPath, ['registry.mjs'], `${REGISTRY}hebb`)
  try {
    const options = ['run', '--no-prompt', '--no-lock', '--node-modules-dir=none', ...args, 'npm.mjs']
    return result(at('node_modules/deno/deno'), options, env)
  } finally {
    await close()
  }
}

export const deno = [
  { name: 'Deno', version: DENO, run: run([READ], 'main.mjs'), bare: run([], 'main.mjs'), remedy: READ },
  { name: 'Deno, `hebb/inline`', version: DENO, run: run([], 'inlined.mjs') },
  { name: 'Deno, `npm:hebb`', version: DENO, run: byNpm([READ]), bare: byNpm([]), remedy: READ },
]
