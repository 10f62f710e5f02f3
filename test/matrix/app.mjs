// Folders with the packed package and a few others, as users have them.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
export const root = join(here, '..', '..')
/** Outside of the repository, whose settings some bundlers would find. */
const folders = join(tmpdir(), 'hebb-matrix')

/** Headers with which a page may share memory. */
export const ISOLATING = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'cross-origin',
}

/** What all of them have: programs, and a page with that of a bundler. */
const COMMON = {
  'main.mjs': `import { check } from './program.mjs'
check().then((result) => console.log(JSON.stringify(result)))`,
  'inlined.mjs': `import { inline } from 'hebb/inline'
import { check } from './program.mjs'
inline().then(check).then((result) => console.log(JSON.stringify(result)))`,
  'page.mjs': `import { check } from './program.mjs'
globalThis.check = check`,
  'pageInlined.mjs': `import { inline } from 'hebb/inline'
import { check } from './program.mjs'
globalThis.check = async () => check(await inline())`,
  'worker.mjs': `import { check } from './program.mjs'
check().then((result) => postMessage(result))`,
  'pageWithWorker.mjs': `globalThis.check = () => new Promise((resolve, reject) => {
  const worker = new Worker(new URL('./worker.mjs', import.meta.url), { type: 'module' })
  worker.onerror = (event) => reject(new Error(event.message))
  worker.onmessage = ({ data }) => resolve(data)
})`,
  'index.html': `<!doctype html><link rel="icon" href="data:,"><script type="module" src="./page.mjs"></script>`,
}

let packed
/** The packed package. */
export function tarball() {
  mkdirSync(folders, { recursive: true })
  const args = ['pack', '--silent', '--pack-destination', folders]
  const cwd = join(root, 'packages', 'hebb')
  packed ??= join(folders, execFileSync('npm', args, { cwd, encoding: 'utf8' }).trim())
  return packed
}

/** A folder with packages of exact versions, which stay from run to run, and these files. */
export function app(name, { packages = {}, files = {} } = {}) {
  const folder = join(folders, name)
  const at = (...path) => join(folder, ...path)
  const manifest = JSON.stringify({ name: 'app', private: true, dependencies: packages })
  // Written when everything is installed.
  const stamp = at('installed.json')
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== manifest) {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    writeFileSync(at('package.json'), manifest)
    const quiet = ['--silent', '--no-audit', '--no-fund', '--no-package-lock']
    execFileSync('npm', ['install', ...quiet], { cwd: folder, stdio: ['ignore', 2, 2] })
    writeFileSync(stamp, manifest)
  }
  for (const stale of ['dist', '.next', '.parcel-cache', 'node_modules/.vite', 'node_modules/hebb'])
    rmSync(at(stale), { recursive: true, force: true })
  mkdirSync(at('node_modules', 'hebb'), { recursive: true })
  execFileSync('tar', ['-xzf', tarball(), '-C', at('node_modules', 'hebb'), '--strip-components', '1'])
  copyFileSync(join(here, 'program.mjs'), at('program.mjs'))
  for (const [path, text] of Object.entries({ ...COMMON, ...files })) {
    mkdirSync(dirname(at(path)), { recursive: true })
    writeFileSync(at(path), text)
  }
  const run = (program, args, env = {}) => {
    const options = { cwd: folder, encoding: 'utf8', env: { ...process.env, ...env }, timeout: 600_000 }
    const { status, stdout, stderr, error } = spawnSync(program, args, options)
    if (status !== 0) throw error ?? new Error(`${stdout}${stderr}`)
    return stdout
  }
  return {
    folder,
    at,
    /** A program of its packages, for Node. */
    bin: (name) => realpathSync(at('node_modules', '.bin', name)),
    /** The output of a program; throws what it wrote if it fails. */
    run,
    /** The result of a program that prints it last. */
    result: (program, args, env) => JSON.parse(run(program, args, env).trim().split('\n').at(-1)),
    /** A program that serves pages until it is closed; it is ready when the URL answers. */
    async server(program, args, url, env = {}) {
      const child = spawn(program, args, { cwd: folder, stdio: 'ignore', env: { ...process.env, ...env } })
      const ended = new Promise((resolve) => child.on('exit', resolve))
      const close = () => {
        child.kill()
        return ended
      }
      for (let tries = 0; tries < 150; tries++) {
        const answer = await fetch(url).catch(() => {})
        if (answer?.ok) return { close }
        await new Promise((resolve) => setTimeout(resolve, 200))
      }
      await close()
      throw new Error(`${args.join(' ')} did not serve ${url}`)
    },
  }
}

const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
}

/** Serves a folder with these headers, at an origin of its own. */
export async function serve(folder, headers = ISOLATING) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://x')
    try {
      const path = pathname.endsWith('/') ? `${pathname}index.html` : pathname
      const body = readFileSync(join(folder, path))
      response.writeHead(200, { 'Content-Type': TYPES[extname(path)] ?? 'text/plain', ...headers })
      response.end(body)
    } catch {
      response.writeHead(404, headers).end()
    }
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
