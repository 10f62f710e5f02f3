// The package as users get it: packed, installed into an empty folder, imported, type-checked and bundled.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type Browser, chromium } from 'playwright'
import { publint } from 'publint'
import { build, preview } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { args, executablePath, isolating } from '../helpers/launch'
import { packed } from '../helpers/packed'
import { root } from '../helpers/root'

const folder = mkdtempSync(join(tmpdir(), 'hebb-package-'))
const app = join(folder, 'app')
const tarball = packed()

/** The output of a program in the app's folder, or its error output if it fails. */
function run(program: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: app, encoding: 'utf8' })
  return (status === 0 ? stdout : `${stdout}${stderr}` || `it could not be started: ${program}`).trim()
}

const XOR = `import { datasets, dense, network, sgd } from 'hebb'

const x = [[0, 0], [0, 1], [1, 0], [1, 1]]
const data = await datasets.fromArrays(x, [[0], [1], [1], [0]])
const hidden = dense({ units: 4, activation: 'tanh' })
const net = await network([2], [hidden, dense({ units: 1, activation: 'sigmoid' })], { seed: 1 })
await net.fit(data, { epochs: 500, batchSize: 4, optimizer: sgd({ learningRate: 0.5, momentum: 0.9 }) })
const { data: answers } = await net.predict(x)
console.log(Array.from(answers, Math.round).join(' '))
`

beforeAll(() => {
  mkdirSync(app)
  expect(run('npm', 'install', '--silent', '--no-audit', '--no-fund', tarball)).not.toContain('ERR')
  writeFileSync(join(app, 'xor.mjs'), XOR)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('has the right files, and publint reports nothing', async () => {
  const place = join(app, 'node_modules', 'hebb')
  expect(readdirSync(place).sort()).toEqual(['LICENSE', 'NOTICES.md', 'README.md', 'dist', 'package.json'])
  expect(readFileSync(join(place, 'LICENSE'))).toEqual(readFileSync(join(root, 'LICENSE')))
  expect(
    readdirSync(join(place, 'dist')).filter((name) => !/\.(js|js\.map|d\.ts|wasm|safetensors)$/.test(name)),
  ).toEqual([])
  // Words that TypeScript before 5.7 does not know; `npm run matrix` compiles the types with old and new versions.
  const types = readdirSync(join(place, 'dist')).filter((name) => name.endsWith('.d.ts'))
  const unknown = /\w+Array<[^>]*>|NoInfer<.*/g
  for (const name of types)
    expect([name, readFileSync(join(place, 'dist', name), 'utf8').match(unknown)]).toEqual([name, null])
  const { buffer } = Uint8Array.from(readFileSync(tarball))
  expect((await publint({ pack: { tarball: buffer }, strict: true })).messages).toEqual([])
})

test('its source maps have the sources, and lead there', () => {
  const dist = join(app, 'node_modules', 'hebb', 'dist')
  const maps = readdirSync(dist).filter((name) => name.endsWith('.map'))
  expect(maps.length).toBeGreaterThan(10)
  for (const name of maps) {
    const { sources, sourcesContent } = JSON.parse(readFileSync(join(dist, name), 'utf8'))
    expect(sources.filter((one: string) => !/^\.\.\/(src|\.\.\/\.\.\/node_modules)\//.test(one))).toEqual([])
    expect(sourcesContent.map((text: unknown) => typeof text)).toEqual(sources.map(() => 'string'))
    expect(readFileSync(join(dist, name.slice(0, -4)), 'utf8')).toContain(`sourceMappingURL=${name}`)
  }
  const program = `import { dense } from 'hebb'\ntry { dense({ units: 0 }) } catch (error) { console.log(error.stack) }`
  const stack = run('node', '--enable-source-maps', '--input-type=module', '--eval', program)
  const { source, line } = /(?<source>src\/layers\/dense\.ts):(?<line>\d+)/.exec(stack)?.groups ?? {}
  const lines = readFileSync(join(root, 'packages', 'hebb', source!), 'utf8').split('\n')
  expect(lines[Number(line) - 1]).toContain("checkWhole('dense', 'units'")
})

/**
 * All bytes that a program bundled by Vite sends before it does anything: its JavaScript and the worker's, gzipped. Code of
 * functions that few programs use is loaded when they are called.
 */
async function sent(program: string): Promise<number> {
  writeFileSync(join(app, 'sent.js'), program)
  const options = { rollupOptions: { input: join(app, 'sent.js') }, target: 'esnext', write: false }
  const built = await build({ root: app, configFile: false, logLevel: 'warn', build: options })
  const files = [built].flat().flatMap((bundle) => ('output' in bundle ? bundle.output : []))
  const chunks = new Map(files.flatMap((file) => ('code' in file ? [[file.fileName, file] as const] : [])))
  const imported = new Set(
    [...chunks.values()].filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName),
  )
  for (const name of imported) for (const other of chunks.get(name)?.imports ?? []) imported.add(other)
  const code = [...chunks.values()].map((chunk) => chunk.code).join()
  return (
    files
      // Vite copies the worker's file even if the program drops all code that would load it.
      .filter(({ fileName }) =>
        chunks.has(fileName) ? imported.has(fileName) : fileName.endsWith('.js') && code.includes(fileName),
      )
      .map((file) => gzipSync('code' in file ? file.code : file.source, { level: 9 }).length)
      .reduce((a, b) => a + b)
  )
}

test('is small when compressed: networks below 320 kB, classical models 240 kB, image files 41 kB, all JavaScript 72 kB', async () => {
  const dist = join(app, 'node_modules', 'hebb', 'dist')
  const artifact = (name: string) =>
    gzipSync(readFileSync(join(dist, `hebb-${name}.wasm`)), { level: 9 }).length
  for (const name of ['simd128', 'relaxed']) expect(artifact(name)).toBeLessThan(320_000)
  expect(artifact('classic')).toBeLessThan(240_000)
  expect(artifact('images')).toBeLessThan(41_000)
  expect(await sent(`import * as hebb from 'hebb'; console.log(hebb, hebb.datasets)`)).toBeLessThan(72_000)
})

test('a bundle excludes what a program does not use', async () => {
  const lenet =
    await sent(`import { averagePool2d, conv2d, datasets, dense, flatten, network, sgd } from 'hebb'
    const { train, test } = await datasets.mnist({ from: '/mnist' })
    const conv = (filters, padding) => conv2d({ filters, kernel: 5, padding, activation: 'tanh' })
    const pool = () => averagePool2d({ kernel: 2 })
    const full = (units) => dense({ units, activation: 'tanh' })
    const out = dense({ units: 10, activation: 'softmax' })
    const layers = [conv(6, 2), pool(), conv(16, 0), pool(), flatten(), full(120), full(84), out]
    const net = await network([1, 28, 28], layers, { seed: 1 })
    await net.fit(train, { epochs: 3, batchSize: 64, optimizer: sgd({ learningRate: 0.04, momentum: 0.9 }) })
    console.log((await net.evaluate(test)).accuracy)`)
  expect(lenet).toBeLessThan(35_000)
  // It contains no network, and the worker of the classical models, which knows all of them.
  const classic = await sent(`import { neuron, perceptron } from 'hebb'
    console.log(await neuron({ weights: [1, 1], threshold: 2 }).fire([1, 1]))
    console.log(await perceptron({ inputs: 2 }).fit([[0, 1], [1, 1]], [0, 1]))`)
  expect(classic).toBeLessThan(15_000)
  expect(await sent(`import 'hebb'`)).toBeLessThan(100)
})

test('a bundle for pages has the weights of a network from the zoo', async () => {
  writeFileSync(
    join(app, 'zoo.js'),
    `import { lenet5 } from 'hebb/zoo'; lenet5({ weights: 'mnist' }).then(console.log)`,
  )
  const options = { rollupOptions: { input: join(app, 'zoo.js') }, target: 'esnext', write: false }
  const built = await build({ root: app, configFile: false, logLevel: 'warn', build: options })
  const files = [built].flat().flatMap((bundle) => ('output' in bundle ? bundle.output : []))
  const name = 'lenet5-modern-mnist'
  const asset = files.find((file) => file.type === 'asset' && file.fileName.includes(name))
  expect(asset && 'source' in asset && asset.source.length).toBe(248_672)
  const code = files.flatMap((file) => ('code' in file ? file.code : [])).join()
  expect(code).toContain(asset!.fileName.replace(/.*\//, ''))
})

test('trains, in the pinned Node and in the current one', () => {
  expect(run(process.execPath, 'xor.mjs')).toBe('0 1 1 0')
  expect(run('node', 'xor.mjs')).toBe('0 1 1 0')
})

test('its command trains', () => {
  writeFileSync(join(app, 'and.csv'), 'a,b,t\n0,0,no\n0,1,no\n1,0,no\n1,1,yes\n')
  expect(run('npx', 'hebb', '--help')).toContain('hebb train iris.csv')
  const train = ['hebb', 'train', 'and.csv', '--target', 't', '--json', '--out', 'and.safetensors']
  expect(JSON.parse(run('npx', ...train))).toMatchObject({ samples: 4, stopReason: 'epochs' })
  expect(run('npx', 'hebb', 'predict', 'and.safetensors', 'and.csv')).toMatch(/^class,score\n(no|yes),/)
})

test('npm create hebb makes a program that trains, in a new folder', () => {
  const creating = join(root, 'packages', 'create-hebb')
  const create = (...args: string[]) =>
    run('npm', 'exec', '--yes', '--package', creating, '--', 'create-hebb', ...args)
  expect(create('made', '--template', 'node')).toMatch(/cd made\n {2}npm install\n {2}npm start$/)
  const made = join(app, 'made')
  expect(readdirSync(made).sort()).toEqual(['.gitignore', 'package.json', 'train.js'])
  const { name, dependencies } = JSON.parse(readFileSync(join(made, 'package.json'), 'utf8'))
  const { version } = JSON.parse(readFileSync(join(root, 'packages', 'hebb', 'package.json'), 'utf8'))
  expect({ name, dependencies }).toEqual({ name: 'made', dependencies: { hebb: `^${version}` } })
  // It finds the package in the app's folder.
  expect(run(process.execPath, join(made, 'train.js')).match(/0\.\d/g)).toEqual(['0.0', '0.9', '0.9', '0.0'])
  const refused = (...args: string[]) => run('node', join(creating, 'create.js'), ...args)
  expect(refused('made')).toContain('made is not empty')
  expect(refused('other', '--template', 'vue')).toContain('the template vue is none of page, node')
  expect(refused('other', '--tempate', 'node')).toContain("Unknown option '--tempate'")
  expect(readdirSync(app)).not.toContain('other')
})

test('decodes an image, in the pinned Node and in the current one', () => {
  const file = readFileSync(join(root, 'docs', 'figures', 'chelsea.jpg')).toString('base64')
  const decode = `import { datasets } from 'hebb'
    const { data, shape } = await datasets.prepare(Buffer.from('${file}', 'base64'), { scale: 255 })
    console.log(shape.join(), data[0])`
  writeFileSync(join(app, 'decode.mjs'), decode)
  for (const node of [process.execPath, 'node']) expect(run(node, 'decode.mjs')).toBe('3,200,300 144')
})

test('figures are text without other packages, and name those that they need', () => {
  const draw = `import { chart } from 'hebb/plot'
    const figure = chart([{ points: [[0, 0], [1, 1]], line: true }])
    console.log(figure.toText({ columns: 10, rows: 4 }).includes('*'))
    await figure.toSvg().catch(({ code, message }) => console.log(code, message))`
  writeFileSync(join(app, 'draw.mjs'), draw)
  expect(run(process.execPath, 'draw.mjs')).toBe(
    'true\noption figures need the package @observablehq/plot: npm install @observablehq/plot',
  )
})

test('importing starts no worker, and fetches and reads nothing', () => {
  writeFileSync(
    join(app, 'import.mjs'),
    `import fs from 'node:fs'
    const calls = []
    process.on('worker', () => calls.push('worker'))
    globalThis.fetch = async () => calls.push('fetch')
    for (const name of ['readFile', 'open']) fs.promises[name] = async () => calls.push(name)
    for (const name of ['compile', 'instantiate', 'Memory', 'Module'])
      WebAssembly[name] = function () { calls.push(name) }
    const before = Object.keys(globalThis).length
    await import('hebb')
    await new Promise((resolve) => setTimeout(resolve, 100))
    console.log(JSON.stringify(calls), Object.keys(globalThis).length - before)`,
  )
  expect(run(process.execPath, 'import.mjs')).toBe('[] 0')
})

test.each([
  ['bundler', 'esnext'],
  ['node16', 'node16'],
])('its types are found with moduleResolution %s', (moduleResolution, module) => {
  const use = `import { dense, type History, HebbError, type Network, network } from 'hebb'
import { characters, generate } from 'hebb/text'
import { charRnn } from 'hebb/zoo'
export async function train(): Promise<History> {
  const net = await network([2], [dense({ units: 1, activation: 'sigmoid' })])
  // @ts-expect-error: units, not unit
  dense({ unit: 3 })
  throw new HebbError('option', net.summary())
}
export async function write(text: string): Promise<string> {
  const vocabulary = characters(text)
  const net: Network<number> = await charRnn({ vocabulary: vocabulary.size, steps: 1 })
  for await (const { text } of generate(net, { prompt: 'a', vocabulary })) return text
  return ''
}
`
  writeFileSync(join(app, 'use.mts'), use)
  const compilerOptions = {
    module,
    moduleResolution,
    target: 'es2022',
    lib: ['es2022', 'dom'],
    types: [],
    strict: true,
    noEmit: true,
    skipLibCheck: false,
  }
  writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['use.mts'] }))
  expect(run(process.execPath, join(root, 'node_modules/typescript/lib/tsc.js'), '-p', '.')).toBe('')
})

describe('bundled by Vite', () => {
  const page = `<!doctype html><link rel="icon" href="data:,"><script type="module" src="/main.js"></script>`
  const main = `import { datasets, dense, init, network, sgd } from 'hebb'
window.train = async () => {
  const { threads, isolated } = await init()
  ${XOR.slice(XOR.indexOf('const x')).replace(/console.log\((.*)\)/, 'return { threads, isolated, answers: $1 }')}}
`
  /** Runs before all other scripts of a page. */
  const record = () => {
    const calls: string[] = []
    const of = <T extends object>(name: string, target: T) =>
      new Proxy(target, {
        construct(target, args) {
          calls.push(name)
          return Reflect.construct(target as never, args)
        },
        apply(target, self, args) {
          calls.push(name)
          return Reflect.apply(target as never, self, args)
        },
      })
    Object.assign(globalThis, { calls, Worker: of('Worker', Worker), fetch: of('fetch', fetch) })
  }
  let browser: Browser

  beforeAll(async () => {
    writeFileSync(join(app, 'index.html'), page)
    writeFileSync(join(app, 'main.js'), main)
    await build({ root: app, configFile: false, mode: 'production', logLevel: 'warn' })
    browser = await chromium.launch({ executablePath, args })
  })
  afterAll(() => browser?.close())

  test.each([
    [true, isolating],
    [false, {}],
  ])('it trains on a page whose isolation is %s', async (isolated, headers) => {
    const server = await preview({
      root: app,
      configFile: false,
      logLevel: 'silent',
      preview: { port: 0, host: '127.0.0.1', headers },
    })
    const context = await browser.newContext()
    try {
      const tab = await context.newPage()
      const [wrong, asked]: string[][] = [[], []]
      tab.on('console', (message) => message.type() === 'error' && wrong!.push(message.text()))
      tab.on('pageerror', (error) => wrong!.push(error.message))
      tab.on('requestfailed', (request) => wrong!.push(request.url()))
      tab.on('request', (request) => asked!.push(new URL(request.url()).pathname))
      await tab.addInitScript(record)
      const { port } = server.httpServer.address() as AddressInfo
      await tab.goto(`http://127.0.0.1:${port}/`)
      await tab.waitForFunction('window.train')
      // Importing has no side effects.
      expect(await tab.evaluate('calls')).toEqual([])
      expect(asked!.filter((path) => /wasm|worker/.test(path))).toEqual([])

      const result = await tab.evaluate<{ threads: number }>('train()')
      expect(result).toMatchObject({ isolated, answers: '0 1 1 0' })
      if (isolated) expect(result.threads).toBeGreaterThanOrEqual(2)
      else expect(result.threads).toBe(1)
      expect(wrong).toEqual([])
      expect(await tab.evaluate('calls')).toEqual(['fetch', ...Array(result.threads).fill('Worker')])
      expect(asked!.filter((path) => path.endsWith('.wasm'))).toHaveLength(1)
    } finally {
      await context.close()
      await server.close()
    }
  })
})
