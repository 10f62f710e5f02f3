// Rows of pages without a bundler, each in all browsers.
import { readFileSync, writeFileSync } from 'node:fs'
import { app, ISOLATING, serve } from './app.mjs'

const program = readFileSync(new URL('program.mjs', import.meta.url), 'utf8')
const plain = program.replace("'hebb'", "'./node_modules/hebb/dist/index.js'")

/** Asks a worker for the result, which it posts. */
const ask = (worker, port) => `globalThis.check = () => new Promise((resolve, reject) => {
  const worker = ${worker}
  worker.onerror = (event) => reject(new Error(event.message))
  worker${port}.onmessage = ({ data }) => resolve(data)
})`
const files = {
  'plain.mjs': plain,
  'page.mjs': `import { check } from './plain.mjs'
globalThis.check = check`,
  'frame.mjs': `globalThis.check = () => new Promise((resolve) => {
  const frame = document.createElement('iframe')
  frame.src = 'page.html'
  const look = () => {
    const { check } = frame.contentWindow
    check ? resolve(check()) : setTimeout(look, 50)
  }
  document.body.append(frame)
  look()
})`,
  'inner.mjs': `import { check } from './plain.mjs'
check().then((result) => parent.postMessage(result, '*'))`,
  'askWorker.mjs': ask("new Worker('worker.mjs', { type: 'module' })", ''),
  'worker.mjs': `import { check } from './plain.mjs'
check().then((result) => postMessage(result))`,
  'askShared.mjs': ask("new SharedWorker('shared.mjs', { type: 'module' })", '.port'),
  'shared.mjs': `import { check } from './plain.mjs'
onconnect = ({ ports: [port] }) => check().then((result) => port.postMessage(result))`,
  ...Object.fromEntries(
    ['page', 'frame', 'inner', 'foreign', 'delegated', 'askWorker', 'askShared', 'other'].map((name) => [
      `${name}.html`,
      `<!doctype html><link rel="icon" href="data:,"><body><script type="module" src="${name}.mjs"></script>`,
    ]),
  ),
}
/** A page with a frame of another origin. */
const foreign = (origin, allow) => `globalThis.check = () => new Promise((resolve) => {
  addEventListener('message', ({ data }) => resolve(data))
  const frame = document.createElement('iframe')
  frame.allow = '${allow}'
  frame.src = '${origin}inner.html'
  document.body.append(frame)
})`
const ALLOW = 'cross-origin-isolated'
const policy = (value) => ({ ...ISOLATING, 'Content-Security-Policy': value })

const KINDS = [
  { name: 'page, isolated', page: 'page', threads: 2 },
  { name: 'page, not isolated', page: 'page', headers: {}, threads: 1 },
  { name: 'frame, isolated', page: 'frame', threads: 2 },
  // Only Chromium wants it to be allowed.
  { name: 'frame of another origin', page: 'foreign', threads: { Chromium: 1, Firefox: 2, WebKitGTK: 2 } },
  { name: `frame of another origin, \`allow="${ALLOW}"\``, page: 'delegated', threads: 2 },
  { name: 'own worker, isolated', page: 'askWorker', threads: 2 },
  { name: 'own worker, not isolated', page: 'askWorker', headers: {}, threads: 1 },
  { name: 'SharedWorker', page: 'askShared', threads: 1 },
  { name: 'package on another origin', page: 'other', threads: 2 },
  { name: 'package on another origin, not isolated', page: 'other', headers: {}, threads: 1 },
  {
    name: "`script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'`",
    page: 'page',
    headers: policy(
      "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; img-src data:",
    ),
    threads: 2,
  },
]

export const pages = KINDS.map(({ name, page, headers = ISOLATING, threads }) => ({
  name,
  threads,
  async run({ browser }) {
    const { folder, at } = app('pages', { files })
    const other = await serve(folder, { ...ISOLATING, 'Access-Control-Allow-Origin': '*' })
    writeFileSync(
      at('other.mjs'),
      `import { check } from '${other.url}plain.mjs'
globalThis.check = check`,
    )
    writeFileSync(at('foreign.mjs'), foreign(other.url, ''))
    writeFileSync(at('delegated.mjs'), foreign(other.url, ALLOW))
    const site = await serve(folder, headers)
    try {
      return await browser.check(`${site.url}${page}.html`)
    } finally {
      site.close()
      other.close()
    }
  },
}))
