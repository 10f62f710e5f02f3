// Pages with the package from another origin, and environments that cannot start workers.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import webpack from 'webpack'
import { args, executablePath, isolating } from '../helpers/launch'
import { closeAll, serve, TRAIN, unpacked } from '../helpers/packed'

const { folder, remove } = unpacked()
const at = (...path: string[]) => join(folder, ...path)
/** Scripts of another origin that an isolated page may load. */
const shared = { ...isolating, 'Access-Control-Allow-Origin': '*' }
const learned = { answers: '0 1 1 0' }
let browser: Browser
let page: string
let cdn: string

beforeAll(async () => {
  writeFileSync(at('index.html'), '<!doctype html><link rel="icon" href="data:,">')
  writeFileSync(at('train.mjs'), TRAIN)
  // Without a bundler, with an import map.
  writeFileSync(at('plain.mjs'), TRAIN.replace("'hebb'", "'./node_modules/hebb/dist/index.js'"))
  writeFileSync(at('own.mjs'), `import { train } from './plain.mjs'\nglobalThis.train = train`)
  writeFileSync(at('page.mjs'), `import { train } from './train.mjs'\nglobalThis.train = train`)
  page = await serve(folder, () => isolating)
  cdn = await serve(folder, () => shared)
  browser = await chromium.launch({ executablePath, args })
})
afterAll(async () => {
  await browser?.close()
  closeAll()
  remove()
})

/** The value of an expression on a page after `ready` exists, and other errors on the page. */
async function visit(url: string, script: string, expression: string, type = 'module') {
  const tab = await browser.newPage()
  const wrong: string[] = []
  tab.on('pageerror', (error) => wrong.push(error.message))
  try {
    await tab.goto(url)
    await tab.addScriptTag({ url: script, type })
    await tab.waitForFunction('globalThis.train')
    const result = await tab.evaluate(expression)
    expect(wrong).toEqual([])
    return result as { threads: number; reason: string; error: string; message: string }
  } finally {
    await tab.close()
  }
}

describe('the package at another origin', () => {
  // (ffmpeg.wasm 694 and 750, transformers.js 1527, emscripten 22654: "Failed to construct 'Worker': Script at … cannot
  // be accessed from origin …".)
  test('without a bundler', async () => {
    const importing = `import { train } from '${cdn}/plain.mjs'\nglobalThis.train = train`
    writeFileSync(at('cross.mjs'), importing)
    const result = await visit(`${page}/index.html`, `${page}/cross.mjs`, 'train()')
    expect(result).toMatchObject({ ...learned, isolated: true, reason: '' })
    const here = await visit(`${page}/index.html`, `${page}/cross.mjs`, "train({ thread: 'here' })")
    expect(here).toMatchObject({ ...learned, threads: 1 })
  })

  test('bundled by Vite with a base', async () => {
    await build({
      root: folder,
      base: `${cdn}/vite/`,
      configFile: false,
      logLevel: 'warn',
      build: {
        outDir: 'vite',
        rollupOptions: { input: at('page.mjs'), output: { entryFileNames: 'page.js' } },
      },
    })
    const result = await visit(`${page}/index.html`, `${cdn}/vite/page.js`, 'train()')
    expect(result).toMatchObject({ ...learned, isolated: true, reason: '' })
  })

  test('bundled by webpack with a publicPath', async () => {
    const output = { path: at('webpack'), filename: 'page.js', publicPath: `${cdn}/webpack/` }
    await new Promise<void>((resolve, reject) => {
      webpack({ mode: 'production', context: folder, entry: './page.mjs', output }, (error, stats) => {
        if (error || stats?.hasErrors()) reject(error ?? stats?.toString('errors-only'))
        else resolve()
      })
    })
    const script = `${cdn}/webpack/page.js`
    const result = await visit(`${page}/index.html`, script, 'train()', 'text/javascript')
    expect(result).toMatchObject({ ...learned, isolated: true, reason: '' })
  })
})

describe('if no worker can be started', () => {
  test("Chrome's SharedWorker computes in its own thread, and says so", async () => {
    // (web-worker 45: "Worker is not defined" in a shared worker.)
    const worker = `import { train } from './plain.mjs'
      onconnect = ({ ports: [port] }) => train().then((result) => port.postMessage(result))`
    writeFileSync(at('shared.mjs'), worker)
    writeFileSync(
      at('ask.mjs'),
      `globalThis.train = () => new Promise((resolve, reject) => {
        const worker = new SharedWorker('/shared.mjs', { type: 'module' })
        worker.onerror = reject
        worker.port.onmessage = ({ data }) => resolve(data)
      })`,
    )
    const result = await visit(`${page}/index.html`, `${page}/ask.mjs`, 'train()')
    expect(result).toMatchObject({ ...learned, threads: 1 })
    expect(result.reason).toMatch('no workers here')
  })

  test('a worker from a blob, which has no relative files', async () => {
    // (onnxruntime 27317; a module in a blob cannot import by paths of the page.)
    const files = {
      worker: '/node_modules/hebb/dist/worker.js',
      wasm: '/node_modules/hebb/dist/hebb-simd128.wasm',
    }
    const named = JSON.stringify(Object.entries(files)).replaceAll('"/', `"${page}/`)
    writeFileSync(
      at('blob.mjs'),
      `globalThis.train = (named) => new Promise((resolve, reject) => {
        const source = \`import { train } from '${page}/plain.mjs'
          train(\${JSON.stringify(named)}).then((result) => postMessage(result))\`
        const blob = new Blob([source], { type: 'text/javascript' })
        const worker = new Worker(URL.createObjectURL(blob), { type: 'module' })
        worker.onerror = reject
        worker.onmessage = ({ data }) => resolve(data)
      })`,
    )
    const ask = `train(Object.fromEntries(${named}))`
    expect(await visit(`${page}/index.html`, `${page}/blob.mjs`, ask)).toMatchObject(learned)
  })
})

describe('a page with a content security policy', () => {
  const policy = (value: string) => ({ ...isolating, 'Content-Security-Policy': value })

  test('workers of its own origin need no blob:', async () => {
    // (onnxruntime 19708: "Refused to create a worker from 'blob:…'".)
    const strict = await serve(folder, () =>
      policy("script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'"),
    )
    const result = await visit(`${strict}/index.html`, `${strict}/own.mjs`, 'train()')
    expect(result).toMatchObject({ ...learned, reason: '' })
  })

  test('a policy that forbids WebAssembly gives an error of the engine', async () => {
    // (transformers.js 378 and 774.)
    const strict = await serve(folder, () => policy("script-src 'self'"))
    const { error, message } = await visit(`${strict}/index.html`, `${strict}/own.mjs`, 'train()')
    expect(error).toBe('engine')
    expect(message).toMatch('could not be compiled')
  })

  test('a worker file without COEP on an isolated page', async () => {
    const bare = await serve(folder, (path) => (path.endsWith('worker.js') ? {} : isolating))
    const { error, message } = await visit(`${bare}/index.html`, `${bare}/own.mjs`, 'train()')
    expect(error).toBe('engine')
    expect(message).toMatch(/no JavaScript, or no COEP, at .*worker\.js: .*init\(\{ worker, wasm,/)
  })
})
