// Node programs and pages as bundlers build them: they work, or say what to do.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import webpack, { type Configuration } from 'webpack'
import { args, executablePath, isolating } from '../helpers/launch'
import { closeAll, esbuild, serve, TRAIN, unpacked } from '../helpers/packed'

const { folder, dist, node, remove } = unpacked()
const at = (...path: string[]) => join(folder, ...path)
const learned = { answers: '0 1 1 0' }
let browser: Browser

beforeAll(async () => {
  writeFileSync(at('train.mjs'), TRAIN)
  writeFileSync(
    at('program.mjs'),
    `import { train } from './train.mjs'
    train(JSON.parse(process.argv[2] ?? '{}')).then((result) => console.log(JSON.stringify(result)))`,
  )
  writeFileSync(at('page.mjs'), `import { train } from './train.mjs'\nglobalThis.train = train`)
  writeFileSync(at('index.html'), '<!doctype html><link rel="icon" href="data:,">')
  browser = await chromium.launch({ executablePath, args })
})
afterAll(async () => {
  await browser?.close()
  closeAll()
  remove()
})

const pack = (config: Configuration) =>
  new Promise<void>((resolve, reject) => {
    webpack({ mode: 'production', context: folder, performance: false, ...config }, (error, stats) => {
      const wrong =
        error ?? (stats?.hasErrors() || stats?.hasWarnings() ? stats.toString('errors-warnings') : '')
      if (wrong) reject(wrong)
      else resolve()
    })
  })

/** A bundle for Node in a folder that treats `.js` as CommonJS; returns its output. */
const run = (name: string, options: object = {}) => JSON.parse(node(at(name), JSON.stringify(options)))

/** The result of `train(options)` on an isolated page with the script. */
async function visit(script: string, options: object = {}, type = 'module') {
  const origin = await serve(folder, () => isolating)
  const tab = await browser.newPage()
  try {
    await tab.goto(`${origin}/index.html`)
    await tab.addScriptTag({ url: `${origin}/${script}`, type })
    await tab.waitForFunction('globalThis.train')
    return await tab.evaluate(`train(${JSON.stringify(options)})`)
  } finally {
    await tab.close()
  }
}

const bundle = (entry: string, outfile: string, format: string) =>
  esbuild({
    entryPoints: [at(entry)],
    outfile: at(outfile),
    bundle: true,
    format,
    platform: format === 'iife' ? 'browser' : 'node',
    logLevel: 'error',
  })

test('static names survive compilers that turn static fields into assignments, as SWC does for Next.js', () => {
  // (TypeScript 9778, 7932: "Cannot assign to read only property 'name' of function".)
  const compilerOptions = { target: ts.ScriptTarget.ES2021, useDefineForClassFields: false, allowJs: true }
  mkdirSync(at('assigned'))
  writeFileSync(at('assigned', 'package.json'), '{ "type": "module" }')
  for (const fileName of readdirSync(dist).filter((name) => name.endsWith('.js') && name !== 'worker.js')) {
    const code = readFileSync(join(dist, fileName), 'utf8')
    writeFileSync(
      at('assigned', fileName),
      ts.transpileModule(code, { fileName, compilerOptions }).outputText,
    )
  }
  const names = `Object.values(await import('./assigned/index.js')).map((value) => value.name)`
  expect(node('-e', `(async () => console.log((${names}).includes('HebbError')))()`)).toBe('true')
})

describe('the workers’ file', () => {
  test('is one script: a CommonJS module, an ES module, and a classic worker', () => {
    for (const name of ['worker.cjs', 'worker.mjs']) copyFileSync(join(dist, 'worker.js'), at(name))
    for (const worker of ['worker.cjs', './worker.mjs', at('worker.cjs')]) {
      expect(run('program.mjs', { worker })).toMatchObject(learned)
    }
    expect(run('program.mjs', { worker: './worker.mjs', thread: 'here' })).toMatchObject({
      ...learned,
      threads: 1,
    })
    // A classic worker would refuse an import or export.
    expect(() => new Function(readFileSync(at('worker.mjs'), 'utf8'))).not.toThrow()
  })

  test('of another version is refused', () => {
    const { version } = JSON.parse(readFileSync(join(dist, '..', 'package.json'), 'utf8'))
    const other = readFileSync(join(dist, 'worker.js'), 'utf8').replaceAll(version, '0.0.9')
    writeFileSync(at('old.js'), other)
    expect(run('program.mjs', { worker: at('old.js') })).toMatchObject({
      error: 'engine',
      message: expect.stringContaining(
        `the workers' file of networks is of hebb 0.0.9, not ${version}: copy it again`,
      ),
    })
  })

  // Vite 7 responds so if its dependencies are bundled (tfjs 2683, WebAssembly/spec 1031: "expected magic word 00 61 73 6d").
  test('is found, but the artifact is an HTML page', () => {
    const { error, message } = run('program.mjs', { wasm: 'index.html' })
    expect(error).toBe('engine')
    expect(message).toMatch(
      /index\.html is not WebAssembly but HTML.*optimizeDeps\.exclude.*init\(\{ wasm \}\)/,
    )
  })

  test('is missing', () => {
    const { error, message } = run('program.mjs', { worker: 'nowhere.js' })
    expect(error).toBe('engine')
    expect(message).toMatch(/Cannot find module .*nowhere\.js.*init\(\{ worker, wasm,/)
  })
})

describe('bundled by webpack', () => {
  test('for a page', async () => {
    await pack({ entry: './page.mjs', output: { path: at('webpack'), filename: 'page.js' } })
    const result = await visit('webpack/page.js', {}, 'text/javascript')
    expect(result).toMatchObject({ ...learned, isolated: true, reason: '' })
  })

  test('for Node: its files are copied', async () => {
    const output = { path: at('server'), filename: 'program.cjs' }
    await pack({ entry: './program.mjs', target: 'node', output })
    writeFileSync(at('server', 'package.json'), '{ "type": "commonjs" }')
    expect(run('server/program.cjs')).toMatchObject(learned)
  })
})

describe('bundled by esbuild, which does not copy the files', () => {
  const files = {
    worker: 'node_modules/hebb/dist/worker.js',
    wasm: 'node_modules/hebb/dist/hebb-simd128.wasm',
  }

  test('as CommonJS', async () => {
    await bundle('program.mjs', 'esbuild/program.cjs', 'cjs')
    expect(run('esbuild/program.cjs')).toEqual({
      error: 'engine',
      message:
        'a CommonJS bundle cannot know its location: bundle as ES modules, ' +
        'make hebb external (Next.js: serverExternalPackages), or call init(await inline()) with inline of hebb/inline, or name ' +
        'copies of its files with init({ worker, wasm, images, classic: { worker, wasm } })',
    })
    expect(run('esbuild/program.cjs', files)).toMatchObject(learned)
    // (onnxruntime 27317: paths were guessed although the file was given.)
    expect(run('esbuild/program.cjs', { ...files, thread: 'here' })).toMatchObject({ ...learned, threads: 1 })
  })

  test('as ES modules', async () => {
    await bundle('program.mjs', 'esbuild/program.mjs', 'esm')
    const { error, message } = run('esbuild/program.mjs')
    expect(error).toBe('engine')
    expect(message).toMatch(/hebb-\w+\.wasm could not be read: ENOENT.*make hebb external/)
    for (const name of ['worker.js', 'hebb-simd128.wasm', 'hebb-relaxed.wasm']) {
      copyFileSync(join(dist, name), at('esbuild', name))
    }
    expect(run('esbuild/program.mjs')).toMatchObject(learned)
  })

  // esbuild's default (pglite 478: "./postgres.wasm is not a valid URL").
  test('as a classic script for a page', async () => {
    await bundle('page.mjs', 'esbuild/page.js', 'iife')
    expect(await visit('esbuild/page.js', {}, 'text/javascript')).toMatchObject({
      error: 'engine',
      message: expect.stringContaining('cannot know its location: bundle as ES modules'),
    })
    const named = { worker: `/${files.worker}`, wasm: `/${files.wasm}` }
    expect(await visit('esbuild/page.js', named, 'text/javascript')).toMatchObject({
      ...learned,
      isolated: true,
    })
  })
})

test('the package exports its files for copying', () => {
  const program = `import.meta.resolve('hebb/worker.js') + import.meta.resolve('hebb/hebb-relaxed.wasm')`
  expect(node('--input-type=module', '-e', `console.log(${program})`)).toMatch(
    /worker\.js.*hebb-relaxed\.wasm$/,
  )
})
